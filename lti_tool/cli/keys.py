"""The tool's own keys."""

import click

from lti_tool import clock
from lti_tool.cli.opening import echo_row, open_database
from lti_tool.services.platforms import key_rotation
from lti_tool.settings import Settings
from lti_tool.storage.vault import Vault


@click.group()
def key() -> None:
    """The keys with which Klimop signs."""


@key.command("list")
def list_keys() -> None:
    """List key ids, whether each signs, from when, and until when it is published."""
    with open_database().read() as session:
        for row in key_rotation.list_keys(session, clock.now()):
            until = f"{row.published_until:%Y-%m-%d %H:%M}" if row.published_until else ""
            echo_row(row.kid, row.state.value, f"{row.signs_from:%Y-%m-%d %H:%M}", until)


@key.command()
@click.option("--now", "at_once", is_flag=True, help="Let it sign at once, not in a day.")
def rotate(*, at_once: bool) -> None:
    """Publish a new key, which takes over the signing when every LMS has had a day to fetch it.

    With --now an LMS that does not fetch keys again when it meets a new one refuses Klimop's messages until
    it does, mostly for some hours.
    """
    settings, now = Settings.from_env(), clock.now()
    signs_from = now if at_once else now + key_rotation.TIME_TO_FETCH
    with open_database(settings).begin() as session:
        key_rotation.rotate(session, Vault(settings.secret_key), now, signs_from=signs_from)
        newest = key_rotation.list_keys(session, now)[-1]
    click.echo(f"Key {newest.kid} signs from {newest.signs_from:%Y-%m-%d %H:%M} UTC on.")
