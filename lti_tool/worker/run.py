"""Running the jobs until told to stop."""

import logging
import signal
import time
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from lti_tool import clock
from lti_tool.services.platforms.calling import Caller
from lti_tool.services.platforms.guarding import platform_session
from lti_tool.settings import Settings
from lti_tool.storage.database import Database
from lti_tool.storage.platforms import StoredToolKeys
from lti_tool.storage.vault import Vault
from lti_tool.web.letters import Writer
from lti_tool.worker.jobs import AT_ONCE, JOBS
from lti_tool.worker.workshop import Workshop

log = logging.getLogger(__name__)

WATCH_SECONDS = 0.2


def open_workshop(settings: Settings) -> Workshop:
    database, vault = Database(settings.database_url), Vault(settings.secret_key)
    caller = Caller(StoredToolKeys(database, vault), platform_session(settings.trusted_hosts))
    return Workshop(settings, database, vault, caller, Writer(settings))


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl-C; rows in hand at that moment are finished first."""
    shop = open_workshop(settings)
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: shop.stopping.set())
    scheduler = scheduler_of(shop)
    scheduler.start()
    log.info("at work")
    # Not Event.wait: a signal that arrives inside it finds the lock taken that Event.set needs.
    while not shop.stopping.is_set():
        time.sleep(WATCH_SECONDS)
    scheduler.shutdown()
    shop.database.close()


def scheduler_of(shop: Workshop) -> BackgroundScheduler:
    threads = ThreadPoolExecutor(len(JOBS) + sum(AT_ONCE.values()))
    scheduler = BackgroundScheduler(timezone="UTC", executors={"default": threads})
    for job, seconds in JOBS:
        # A job lost with the scheduler is no loss: the next wake finds the same rows.
        scheduler.add_job(
            job,
            "interval",
            args=[shop],
            seconds=seconds,
            next_run_time=clock.now() + timedelta(milliseconds=100),
            # Each wake that finds the job busy adds a hand, up to so many.
            max_instances=AT_ONCE.get(job, 1),
            coalesce=True,
            misfire_grace_time=None,
        )
    return scheduler
