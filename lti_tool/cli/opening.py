"""What the commands share: the database that the settings name, and errors in one line."""

import click
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from lti_tool.services.platforms.registering import NoInstitutionError
from lti_tool.settings import Settings, SettingsError
from lti_tool.storage.database import Database
from lti_tool.storage.models import Cohort


def open_database(settings: Settings | None = None) -> Database:
    """Return the database, or stop where its tables are not made yet."""
    database = connect(settings or Settings.from_env())
    if not inspect(database.engine).has_table(Cohort.__tablename__):
        raise click.ClickException("the database has no tables yet; run: klimop db upgrade")
    return database


def connect(settings: Settings) -> Database:
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


def no_institution(error: NoInstitutionError) -> click.ClickException:
    return click.ClickException(
        f"there is no institution {error.slug!r}; add it: klimop institution add {error.slug} NAME"
    )


def echo_row(*cells: object) -> None:
    """Print the cells of a row, parted by tabs."""
    click.echo("\t".join(map(str, cells)))
