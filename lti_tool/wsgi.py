"""What gunicorn loads."""

import sys

from flask import Flask

from lti_tool.app import create_app
from lti_tool.logs import start_logging
from lti_tool.settings import Settings, SettingsError

# `gunicorn.arbiter.Arbiter.WORKER_BOOT_ERROR`: at any other exit code gunicorn tries again, for ever.
WORKER_BOOT_ERROR = 3


def application() -> Flask:
    """Return the web service, or stop with one line that names the setting in the way."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(f"klimop: {error}", file=sys.stderr)  # noqa: T201 there is no log without settings
        sys.exit(WORKER_BOOT_ERROR)
    start_logging(settings.log_level)
    return create_app(settings)
