"""The content."""

from pathlib import Path

import click

from content.loader import ModuleError, load_module, load_programme
from lti_tool import clock
from lti_tool.cli.opening import open_database
from lti_tool.services.study import publishing
from lti_tool.settings import Settings


@click.group()
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
        with open_database(settings).begin() as session:
            publishing.publish_programme(session, programme)
            publishing.publish_module(session, module, media, programme_id=programme.id, now=clock.now())
    except ModuleError as error:
        raise click.ClickException("\n".join(map(str, error.problems))) from None
    except publishing.VersionPublishedError as error:
        raise click.ClickException(
            f"version {error.version} of {error.module_id} is out already; give this one another version"
        ) from None
    click.echo(f"Published {module.id} {module.version}.")
