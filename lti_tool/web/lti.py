"""Coming in from a learning platform (LTI 1.3 core; 1EdTech Security Framework 1.0, section 5.1.1)."""

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.lti.keys import public_keyset
from lti_tool.lti.launch import complete_launch
from lti_tool.lti.login import begin_login, login_cookie_name
from lti_tool.lti.refusals import LaunchRefusedError
from lti_tool.lti.roles import Role
from lti_tool.services.launching import Entrance, enter
from lti_tool.storage.platforms import StoredLogins, StoredToolKeys
from lti_tool.web.access import set_visit_cookie
from lti_tool.web.state import database, state

bp = Blueprint("lti", __name__, url_prefix="/lti")

LAUNCH_PATH = "/lti/launch"
KEYSET_AGE = 600


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    with database().begin(durable=False) as db:
        begun = begin_login(
            request.values,
            launch_url=launch_url(),
            registrations=state().registrations,
            logins=StoredLogins(db),
            now=clock.now(),
        )
    response = redirect(begun.url, 302)
    response.set_cookie(
        begun.cookie_name,
        begun.browser_secret,
        expires=begun.expires_at,
        path=LAUNCH_PATH,
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )
    response.cache_control.no_store = True
    return response


@bp.post("/launch")
def launch() -> ResponseReturnValue:
    cookie_name = login_cookie_name(request.form.get("state", ""))
    entrance = _enter(request.cookies.get(cookie_name, ""))
    # See Other, so that a reload of the page does not post the launch again.
    response = redirect(_landing(entrance), 303)
    set_visit_cookie(response, entrance.visit_id, entrance.secret)
    response.delete_cookie(
        cookie_name, path=LAUNCH_PATH, secure=True, httponly=True, samesite="None", partitioned=True
    )
    return response


@bp.get("/jwks")
def jwks() -> ResponseReturnValue:
    keys = StoredToolKeys(database(), state().vault).published_keys()
    response = jsonify(public_keyset(keys))
    response.cache_control.public = True
    response.cache_control.max_age = KEYSET_AGE
    return response


def launch_url() -> str:
    """Return the redirect URI, exactly as LMSs have it registered."""
    return f"{state().settings.base_url}{LAUNCH_PATH}"


def _enter(browser_secret: str) -> Entrance:
    """Take the posted launch in, in one transaction that begins when its login is used up.

    A launch that is refused after that has used its login up as well. What a power cut loses of it, the next
    launch writes again.
    """
    now = clock.now()
    with database().begin(durable=False, commit_despite=LaunchRefusedError) as db:
        launch = complete_launch(
            request.form,
            browser_secret=browser_secret,
            launch_url=launch_url(),
            registrations=state().registrations,
            logins=StoredLogins(db),
            platform_keys=state().platform_keys,
            now=now,
        )
        return enter(db, launch, now)


def _landing(entrance: Entrance) -> str:
    if entrance.role is Role.TEACHER:
        endpoint = "teacher.cohort"
    elif entrance.view == "live" and entrance.role is Role.LEARNER:
        endpoint = "manager.live"
    else:
        endpoint = "learner.module"
    return url_for(endpoint, visit_id=entrance.visit_id)
