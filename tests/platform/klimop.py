"""Klimop by itself, served for real, to be plugged into any platform."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Select, literal_column, select, update

from content.loader import load_module, load_programme
from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.demo.seed import MANAGEMENT, first_monday
from lti_tool.services.cohorts import running
from lti_tool.services.platforms import registering
from lti_tool.services.platforms.registering import NewRegistration
from lti_tool.services.study import publishing
from lti_tool.settings import DEMO_SECRET, Settings
from lti_tool.storage.database import Database
from lti_tool.storage.models import Base, LineItem, PlatformKeys, Refusal, Roster, Score
from lti_tool.storage.platforms import ensure_tool_key
from lti_tool.storage.vault import Vault
from lti_tool.worker.jobs import JOBS
from lti_tool.worker.run import open_workshop
from lti_tool.worker.workshop import Workshop
from tests.platform.serving import serving

INSTITUTION, COHORT, MODULE = "ucll", "autumn", "leading-care-innovation"
# What operators are told of a refusal, and what platforms publish for all: neither comes in with a launch.
NOT_OF_LAUNCHES = {Refusal.__tablename__, PlatformKeys.__tablename__}
# The star keeps SQLAlchemy from reading documents and times, which would take longer than all else here.
WHOLE_TABLES: dict[str, Select[Any]] = {
    table.name: select(literal_column("*")).select_from(table)
    for table in Base.metadata.sorted_tables
    if table.name not in NOT_OF_LAUNCHES
}
Rows = dict[str, list[Any]]


@dataclass(frozen=True)
class Klimop:
    """The tool, its worker, one institution and one cohort that opens to it."""

    settings: Settings
    app: Flask
    workshop: Workshop

    @property
    def database(self) -> Database:
        return self.workshop.database

    @property
    def launch_url(self) -> str:
        return f"{self.settings.base_url}/lti/launch"

    @property
    def login_url(self) -> str:
        return f"{self.settings.base_url}/lti/login"

    @property
    def keyset_url(self) -> str:
        return f"{self.settings.base_url}/lti/jwks"

    def plug_in(self, platform: NewRegistration) -> int:
        """Register a platform as an operator does; return the registration's id."""
        with self.database.begin() as db:
            return registering.register_platform(db, platform, clock.now())

    def work(self) -> None:
        """Let the worker do everything that is due."""
        for job, _ in JOBS:
            job(self.workshop)

    def make_due(self, model: type[LineItem | Roster | Score]) -> None:
        """Let rows that are due in a while be due now."""
        with self.database.begin() as db:
            db.execute(update(model).where(model.due_at.is_not(None)).values(due_at=clock.now()))

    def stored(self) -> Rows:
        """Return every row of every table that launches may write, as it lies there."""
        with self.database.read() as db:
            return {name: sorted(db.execute(query).all(), key=repr) for name, query in WHOLE_TABLES.items()}

    def rows_of(self, model: type[Base]) -> list[Any]:
        with self.database.read() as db:
            return list(db.execute(select(*model.__table__.columns)).mappings())


@contextmanager
def running_klimop(database_url: str, folder: Path) -> Iterator[Klimop]:
    """Serve Klimop on 127.0.0.1 with its first key, a published module and a cohort of it."""

    def make(base_url: str) -> Flask:
        return create_app(
            Settings(
                secret_key=DEMO_SECRET,
                base_url=base_url,
                database_url=database_url,
                data_dir=folder,
                demo=True,
                trusted_hosts=frozenset({"127.0.0.1", "localhost"}),
            )
        )

    with serving(make, host="127.0.0.1") as app:
        settings = app.extensions["klimop"].settings
        klimop = Klimop(settings, app, open_workshop(settings))
        _furnish(klimop.database)
        yield klimop
        klimop.database.close()
        app.extensions["klimop"].database.close()


def _furnish(database: Database) -> None:
    now = clock.now()
    with database.begin() as db:
        ensure_tool_key(db, Vault(DEMO_SECRET), now)
        registering.add_institution(db, slug=INSTITUTION, name="UCLL", locale="nl")
        publishing.publish_programme(db, load_programme(MANAGEMENT))
        version_id = publishing.publish_module(
            db, load_module(MANAGEMENT / MODULE), {}, programme_id=MANAGEMENT.name, now=now
        )
        running.start_cohort(
            db,
            slug=COHORT,
            name="Najaar",
            module_version_id=version_id,
            starts_on=first_monday(now.date()),
            institutions=[INSTITUTION],
        )
