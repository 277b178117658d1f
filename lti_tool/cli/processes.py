"""The processes, and the settings that they run with."""

import sys

import click

from lti_tool.cli.opening import open_database
from lti_tool.logs import start_logging
from lti_tool.settings import Settings

PORT = click.IntRange(1, 65535)


@click.command("settings")
def show_settings() -> None:
    """Print the settings in force, secrets masked."""
    for name, value in Settings.from_env().masked().items():
        click.echo(f"{name}={value}")


@click.command()
def worker() -> None:
    """Send scores, read agendas and make plans until stopped."""
    from lti_tool.worker.run import run_worker  # the solver is slow to load

    settings = Settings.from_env()
    open_database(settings).close()
    start_logging(settings.log_level)
    run_worker(settings)


@click.command()
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
