"""PyLTI1p3's Flask demo: that library's parts, put together as its author published them.

What the demo does on each request is done here too: its configuration is read from a JSON file and the
tool's key files, what is kept goes into Flask-Caching's SimpleCache, and a page is rendered. Public-key
caching, which the demo leaves off, is on.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from pprint import pprint
from typing import Any

import pylti1p3.contrib.flask
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_caching import Cache
from jinja2 import DictLoader
from pylti1p3.tool_config.json_file import ToolConfJsonFile

from lti_tool.demo.keys import generate_pem
from lti_tool.demo.lms import Lms
from tests.benchmarks.programs import key_set_url

# These parts of the library carry no types.
parts: Any = pylti1p3.contrib.flask

LOGIN_PATH, LAUNCH_PATH = "/login/", "/launch/"
PAGE = "<!doctype html><title>Game</title><h1>{{ name }}</h1><script>launch = {{ launch_id|tojson }}</script>"


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What of the demo's doings may be left out in its favour.

    It keeps 500 values. Those that expire first go first, and of three or four values a launch these are the
    platforms' keys: from some 150 launches on they are fetched at each launch.
    """

    kept_values: int = 500
    debugs: bool = True
    probes_cookies: bool = True
    prints_launches: bool = True


AS_PUBLISHED = Habits()
GENEROUS = Habits(kept_values=10**9, debugs=False, probes_cookies=False, prints_launches=False)
LAUNCHES_UNTIL_STEADY = 250


def create_demo(lmses: Iterable[Lms], folder: Path, *, keys_url: str, habits: Habits) -> Flask:
    """Return the WSGI application, registered with each LMS, whose keys are at `keys_url`.

    Its configuration is written to a new `folder`.
    """
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"game.html": PAGE})
    app.config.update(
        DEBUG=habits.debugs,
        CACHE_TYPE="SimpleCache",
        CACHE_DEFAULT_TIMEOUT=600,
        CACHE_THRESHOLD=habits.kept_values,
    )
    config_file, cache = _write_config(lmses, folder, keys_url), Cache(app)

    @app.route(LOGIN_PATH, methods=["GET", "POST"])
    def login() -> ResponseReturnValue:
        config, storage = ToolConfJsonFile(config_file), parts.FlaskCacheDataStorage(cache)
        begun = parts.FlaskOIDCLogin(parts.FlaskRequest(), config, launch_data_storage=storage)
        if habits.probes_cookies:
            begun.enable_check_cookies()
        answer: ResponseReturnValue = begun.redirect(request.values["target_link_uri"])
        return answer

    @app.post(LAUNCH_PATH)
    def launch() -> ResponseReturnValue:
        config, storage = ToolConfJsonFile(config_file), parts.FlaskCacheDataStorage(cache)
        message = parts.FlaskMessageLaunch(parts.FlaskRequest(), config, launch_data_storage=storage)
        message.set_public_key_caching(storage)
        data = message.get_launch_data()
        if habits.prints_launches:
            pprint(data, stream=StringIO())
        return render_template("game.html", name=data.get("name", ""), launch_id=message.get_launch_id())

    return app


def _write_config(lmses: Iterable[Lms], folder: Path, keys_url: str) -> str:
    folder.mkdir()
    (folder / "private.key").write_text(generate_pem())
    platforms = {lms.issuer: [_platform(lms, keys_url)] for lms in lmses}
    path = folder / "game.json"
    path.write_text(json.dumps(platforms))
    return str(path)


def _platform(lms: Lms, keys_url: str) -> dict[str, object]:
    return {
        "default": True,
        "client_id": lms.client_id,
        "auth_login_url": lms.auth_login_url,
        "auth_token_url": lms.token_url,
        "key_set_url": key_set_url(keys_url, lms),
        "key_set": None,
        "private_key_file": "private.key",
        "deployment_ids": [lms.deployment_id],
    }
