"""A tool as PyLTI1p3's own Flask demo makes one, with that library's parts and nothing else.

What the demo does on each request is done here too: its configuration is read from a JSON file and the tool's
key files, what is kept is pickled into the application's memory, and a page is rendered. Public-key caching
is on. Left out, in its favour: the extra page that probes for cookies, printing the launch to the terminal,
and the limit of 500 kept values, which throws the platform's keys out first and has them fetched each time.
"""

import json
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pylti1p3.contrib.flask
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader
from pylti1p3.tool_config.json_file import ToolConfJsonFile

from lti_tool.demo.keys import generate_pem
from lti_tool.demo.lms import Lms

# These parts of the library carry no types.
parts: Any = pylti1p3.contrib.flask

LOGIN_PATH, LAUNCH_PATH = "/login/", "/launch/"
NOTHING = pickle.dumps(None)
PAGE = "<!doctype html><title>Game</title><h1>{{ name }}</h1><script>launch = {{ launch_id|tojson }}</script>"


class MemoryCache:
    """Keeps values for as long as the process lives."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}

    def get(self, key: str) -> object:
        return pickle.loads(self._values.get(key, NOTHING))  # noqa: S301 of our own making

    def set(self, key: str, value: object, _seconds: int | None = None) -> None:
        self._values[key] = pickle.dumps(value)


def create_peer(lmses: Iterable[Lms], folder: Path) -> Flask:
    """Return the WSGI application, registered with each LMS; its configuration is written to `folder`."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"game.html": PAGE})
    config_file = _write_config(lmses, folder)
    cache = MemoryCache()

    @app.route(LOGIN_PATH, methods=["GET", "POST"])
    def login() -> ResponseReturnValue:
        config = ToolConfJsonFile(config_file)
        storage = parts.FlaskCacheDataStorage(cache)
        begun = parts.FlaskOIDCLogin(parts.FlaskRequest(), config, launch_data_storage=storage)
        answer: ResponseReturnValue = begun.redirect(request.values["target_link_uri"])
        return answer

    @app.post(LAUNCH_PATH)
    def launch() -> ResponseReturnValue:
        config = ToolConfJsonFile(config_file)
        storage = parts.FlaskCacheDataStorage(cache)
        message = parts.FlaskMessageLaunch(parts.FlaskRequest(), config, launch_data_storage=storage)
        message.set_public_key_caching(storage)
        name = message.get_launch_data().get("name", "")
        return render_template("game.html", name=name, launch_id=message.get_launch_id())

    return app


def _write_config(lmses: Iterable[Lms], folder: Path) -> str:
    (folder / "private.key").write_text(generate_pem())
    platforms = {lms.issuer: [_platform(lms)] for lms in lmses}
    path = folder / "peer.json"
    path.write_text(json.dumps(platforms))
    return str(path)


def _platform(lms: Lms) -> dict[str, object]:
    return {
        "default": True,
        "client_id": lms.client_id,
        "auth_login_url": lms.auth_login_url,
        "auth_token_url": lms.token_url,
        "key_set_url": lms.jwks_url,
        "key_set": None,
        "private_key_file": "private.key",
        "deployment_ids": [lms.deployment_id],
    }
