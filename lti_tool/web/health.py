"""For load balancers and monitors."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from lti_tool.web.state import database

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def show() -> ResponseReturnValue:
    with database().read() as db:
        db.execute(text("SELECT 1"))
    return {"status": "ok"}
