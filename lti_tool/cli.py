"""The `klimop` command."""

import logging
import sys
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from content.loader import ModuleError, load_module, load_programme
from lti_tool import clock
from lti_tool.logs import start_logging
from lti_tool.services import publishing, registering, running
from lti_tool.settings import Settings, SettingsError
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort
from lti_tool.storage.platforms import ensure_tool_key
from lti_tool.storage.schema import upgrade
from lti_tool.storage.vault import Vault

PORT = click.IntRange(1, 65535)


def main() -> None:
    """Run a command; a setting in the way stops it with one line."""
    try:
        klimop()
    except SettingsError as error:
        sys.exit(f"klimop: {error}")


@click.group()
def klimop() -> None:
    """Klimop: microdegrees for people in care, inside the LMS that they already have."""


@klimop.command("settings")
def show_settings() -> None:
    """Print the settings in force, secrets masked."""
    for name, value in Settings.from_env().masked().items():
        click.echo(f"{name}={value}")


@klimop.command()
def worker() -> None:
    """Send scores, read agendas and make plans until stopped."""
    from lti_tool.worker.run import run_worker  # the solver is slow to load

    settings = Settings.from_env()
    _database(settings).close()
    start_logging(settings.log_level)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every wake
    run_worker(settings)


@klimop.command()
@click.option("--reset", is_flag=True, help="Start over: forget everything done in the demo before.")
@click.option("--port", default=8000, show_default=True, type=PORT, help="Where Klimop listens.")
@click.option("--campus-port", default=8100, show_default=True, type=PORT, help="Where the six LMSs listen.")
def demo(*, reset: bool, port: int, campus_port: int) -> None:
    """Run Klimop and a campus of six small LMSs to launch it from; each pair of ports has its own data."""
    from lti_tool.demo.run import DemoError, run_demo  # only the demo needs a campus

    try:
        run_demo(reset=reset, port=port, campus_port=campus_port)
    except DemoError as error:
        sys.exit(f"klimop: {error}")


@klimop.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def upgrade_database() -> None:
    """Create or upgrade the tables, keeping what they hold, and make the first signing key."""
    settings = Settings.from_env()
    database = _open(settings)
    upgrade(database.engine)
    with database.begin() as session:
        ensure_tool_key(session, Vault(settings.secret_key), clock.now())


@klimop.group()
def institution() -> None:
    """The partners."""


@institution.command("add")
@click.argument("slug")
@click.argument("name")
@click.option("--locale", default="nl", show_default=True, type=click.Choice(["nl", "en"]))
def add_institution(slug: str, name: str, locale: str) -> None:
    """Add an institution, or change its name and locale."""
    with _database().begin() as session:
        registering.add_institution(session, slug=slug, name=name, locale=locale)
    click.echo(f"Institution {slug} is known as {name}.")


@klimop.group()
def registration() -> None:
    """The learning platforms that may launch Klimop."""


@registration.command("add")
@click.option("--institution", required=True, help="Slug of the institution that it belongs to.")
@click.option("--issuer", required=True, help="Platform ID, such as https://lms.example.be")
@click.option("--client-id", required=True)
@click.option("--deployment-id", required=True)
@click.option("--auth-login-url", required=True, help="Authentication request URL.")
@click.option("--token-url", required=True, help="Access token URL.")
@click.option("--jwks-url", required=True, help="Public keyset URL.")
@click.option("--token-audience", help="What the platform wants as aud of a token request, if not its URL.")
def add_registration(**given: str) -> None:
    """Add an LMS, or update the endpoints of one that is there."""
    try:
        new = registering.NewRegistration(**given)
        with _database().begin() as session:
            registering.register_platform(session, new)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except registering.NoInstitutionError as error:
        raise _no_institution(error) from None
    except registering.RegistrationTakenError:
        raise click.ClickException("this issuer and client id belong to another institution") from None
    click.echo(f"Registered {new.issuer} ({new.client_id}) for {new.institution}.")


@registration.command("list")
def list_registrations() -> None:
    """List institutions, issuers, client ids and deployments."""
    with _database().read() as session:
        for row in registering.list_registrations(session):
            click.echo("\t".join((row.institution, row.issuer, row.client_id, row.deployment_id)))


@klimop.group()
def module() -> None:
    """The content."""


@module.command("publish")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def publish_module(folder: Path) -> None:
    """Publish the module in FOLDER, whose parent folder describes its programme."""
    settings = Settings.from_env()
    try:
        programme, module = load_programme(folder.parent), load_module(folder)
        media = publishing.store_media(module, folder, settings.data_dir)
        with _database(settings).begin() as session:
            publishing.publish_programme(session, programme)
            publishing.publish_module(session, module, media, programme_id=programme.id, now=clock.now())
    except ModuleError as error:
        raise click.ClickException("\n".join(map(str, error.problems))) from None
    except publishing.VersionPublishedError as error:
        raise click.ClickException(
            f"version {error.version} of {error.module_id} is out already; give this one another version"
        ) from None
    click.echo(f"Published {module.id} {module.version}.")


@klimop.group()
def cohort() -> None:
    """The runs of a module."""


@cohort.command("start")
@click.argument("slug")
@click.option("--name", required=True, help="What its teachers call it.")
@click.option("--module", required=True, help="Id of the module.")
@click.option("--version", show_default="the one published last", help="Which of its versions.")
@click.option("--starts-on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="A Monday.")
@click.option("--institution", "institutions", required=True, multiple=True, help="Slug; once for each.")
def start_cohort(
    slug: str, name: str, module: str, version: str | None, starts_on: datetime, institutions: tuple[str, ...]
) -> None:
    """Start a cohort, which links in LMSs then name in their custom parameter cohort=SLUG."""
    try:
        with _database().begin() as session:
            running.start_cohort(
                session,
                slug=slug,
                name=name,
                module_version_id=running.find_version(session, module, version),
                starts_on=starts_on.date(),
                institutions=institutions,
            )
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except running.NoModuleError as error:
        raise _no_module(error, module, version) from None
    except running.CohortTakenError as error:
        raise click.ClickException(f"there is a cohort {error.slug} already") from None
    except registering.NoInstitutionError as error:
        raise _no_institution(error) from None
    click.echo(f"Cohort {slug} starts on {starts_on:%Y-%m-%d}.")


@cohort.command("list")
def list_cohorts() -> None:
    """List slugs, names, module versions, first days and institutions."""
    with _database().read() as session:
        for row in running.list_cohorts(session):
            module = f"{row.module} {row.version}"
            institutions = " ".join(row.institutions)
            click.echo("\t".join((row.slug, row.name, module, row.starts_on.isoformat(), institutions)))


def _no_institution(error: registering.NoInstitutionError) -> click.ClickException:
    return click.ClickException(
        f"there is no institution {error.slug!r}; add it: klimop institution add {error.slug} NAME"
    )


def _no_module(error: running.NoModuleError, module: str, version: str | None) -> click.ClickException:
    asked = f"version {version!r} of module {module!r}" if version else f"module {module!r}"
    published = ", ".join(map(" ".join, error.published)) or "nothing"
    return click.ClickException(f"there is no {asked}; published: {published}")


def _database(settings: Settings | None = None) -> Database:
    """Return the database, or stop where its tables are not made yet."""
    database = _open(settings or Settings.from_env())
    if not inspect(database.engine).has_table(Cohort.__tablename__):
        raise click.ClickException("the database has no tables yet; run: klimop db upgrade")
    return database


def _open(settings: Settings) -> Database:
    """Return the database, closed when the command ends; or stop where none answers."""
    try:
        database = Database(settings.database_url)
        click.get_current_context().call_on_close(database.close)
        database.engine.connect().close()
    except (OSError, DBAPIError) as error:
        cause = str(error.orig if isinstance(error, DBAPIError) else error)
        first_line, *_rest = cause.split("\n")
        raise SettingsError("DATABASE_URL", f"cannot be opened: {first_line}") from None
    return database
