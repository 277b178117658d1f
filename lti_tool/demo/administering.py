"""An administrator's pages: the services' switch, the platform's key, and the tools that are plugged in."""

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo.config import origin
from lti_tool.demo.current import account, campus, is_logged_in, lms, platform_keys, registered
from lti_tool.demo.keys import generate_pem
from lti_tool.demo.people import Kind
from lti_tool.demo.registering import new_registration_token

bp = Blueprint("administering", __name__, url_prefix="/<slug>/admin")


@bp.before_request
def check_administrator() -> ResponseReturnValue | None:
    """Let only administrators pass."""
    if not is_logged_in():
        return redirect(url_for("pages.login"))
    if account().kind is not Kind.ADMINISTRATOR:
        abort(403)
    return None


@bp.get("")
def admin() -> ResponseReturnValue:
    """Show the switch of the platform's services, its keys and its tools."""
    return _page()


@bp.post("")
def switch() -> ResponseReturnValue:
    """Put the platform's services down for maintenance, or bring them back."""
    wanted = request.form.get("services")
    if wanted not in ("open", "closed"):
        abort(400)
    change = campus().store.close_services if wanted == "closed" else campus().store.open_services
    change(lms().slug)
    return redirect(url_for("administering.admin"), 303)


@bp.post("/keys")
def rotate() -> ResponseReturnValue:
    """Sign with a new key from now on; the older ones stay published."""
    campus().store.add_key(lms().slug, generate_pem())
    return redirect(url_for("administering.admin", said="rotated"), 303)


@bp.get("/tools/new")
def add_tool() -> ResponseReturnValue:
    """Open a tool's registration page inside the platform (LTI Dynamic Registration 1.0)."""
    url = request.args.get("url", "").strip()
    if origin(url) != campus().settings.tool.origin:
        return _page(refused=url), 422
    asked = {"openid_configuration": lms().configuration_url, "registration_token": new_registration_token()}
    joint = "&" if urlsplit(url).query else "?"
    return render_template("tool.html", url=f"{url}{joint}{urlencode(asked)}")


def _page(refused: str | None = None) -> str:
    return render_template(
        "admin.html",
        closed=campus().store.is_closed(lms().slug),
        kids=[key.kid for key in platform_keys()],
        clients=registered(),
        refused=refused,
        said=request.args,
    )
