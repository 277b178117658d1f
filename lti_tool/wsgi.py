"""What gunicorn loads."""

import sys

from flask import Flask

from lti_tool.app import create_app
from lti_tool.logs import start_logging
from lti_tool.settings import Settings, SettingsError


def application() -> Flask:
    """Return the web service, or stop with one line that names the setting in the way."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        sys.exit(f"klimop: {error}")
    start_logging(settings.log_level)
    return create_app(settings)
