"""Running the jobs until told to stop."""

import signal
from datetime import timedelta

from apscheduler.schedulers.background import BlockingScheduler

from lti_tool import clock
from lti_tool.services.grading import ScoreSender
from lti_tool.settings import Settings
from lti_tool.storage.database import Database
from lti_tool.storage.platforms import StoredToolKeys
from lti_tool.storage.vault import Vault
from lti_tool.worker.jobs import JOBS, Workshop


def open_workshop(settings: Settings) -> Workshop:
    database, vault = Database(settings.database_url), Vault(settings.secret_key)
    return Workshop(settings, database, vault, ScoreSender(StoredToolKeys(database, vault)))


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl-C; rows in hand at that moment are finished first."""
    shop = open_workshop(settings)
    scheduler = BlockingScheduler(timezone="UTC")
    for job, seconds in JOBS:
        # A job lost with the scheduler is no loss: the next wake finds the same rows.
        scheduler.add_job(
            job,
            "interval",
            args=[shop],
            seconds=seconds,
            next_run_time=clock.now() + timedelta(milliseconds=100),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    signal.signal(signal.SIGTERM, lambda *_: scheduler.shutdown(wait=False))
    signal.signal(signal.SIGINT, lambda *_: scheduler.shutdown(wait=False))
    scheduler.start()
    shop.database.close()
