"""Pictures, videos and captions of modules, by the hash of their content."""

import re
from datetime import timedelta

from flask import Blueprint, abort, send_from_directory
from flask.typing import ResponseReturnValue

from lti_tool.services.study.publishing import media_path
from lti_tool.web.state import settings

bp = Blueprint("media", __name__)

HASH = re.compile(r"[0-9a-f]{64}")
FOREVER = int(timedelta(days=365).total_seconds())


@bp.get("/media/<digest>/<name>")
def show(digest: str, name: str) -> ResponseReturnValue:
    """Serve one file, by ranges where asked; its bytes never change under this address."""
    if not HASH.fullmatch(digest):
        abort(404)
    path = media_path(settings().data_dir, digest, name)
    response = send_from_directory(path.parent, path.name, conditional=True, max_age=FOREVER)
    response.cache_control.immutable = True
    # A drawing opened by itself must not run anything it holds.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
