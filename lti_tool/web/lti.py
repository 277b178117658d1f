"""Coming in from a learning platform (LTI 1.3 core; 1EdTech Security Framework 1.0, section 5.1.1).

A login gives the browser a secret to bring back with the launch. Where it keeps no cookie of ours inside an
LMS's frame, the secret waits in the LMS's own storage (LTI Platform Storage 0.1); where there is none,
one click begins the login again in a window of its own, where cookies are ours.
"""

from urllib.parse import urlencode

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from lti_tool import clock
from lti_tool.lti.keys import public_keyset
from lti_tool.lti.launch import Arrival, complete_launch
from lti_tool.lti.login import LoginRedirect, begin_login, login_cookie_name, origin_of
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from lti_tool.lti.roles import Role
from lti_tool.services.launches import visiting
from lti_tool.services.launches.launching import Entrance, enter
from lti_tool.services.platforms import registering
from lti_tool.storage.models import Opens
from lti_tool.storage.platforms import StoredToolKeys
from lti_tool.web.access import set_visit_cookie, visit_address
from lti_tool.web.state import database, settings, state

bp = Blueprint("lti", __name__, url_prefix="/lti")

LOGIN_PATH, LAUNCH_PATH = "/lti/login", "/lti/launch"
# Says no more than that this browser kept a cookie of ours in a frame, so that its logins need no fallback.
PROOF_COOKIE, PROOF_AGE = "klimop-keeps-cookies", 180 * 24 * 3600
KEYSET_AGE = 600


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    begun = begin_login(
        request.values,
        launch_url=launch_url(),
        registrations=state().registrations,
        states=state().login_states,
        now=clock.now(),
        keeps_cookies=PROOF_COOKIE in request.cookies,
    )
    response = _with_storage(begun) if begun.storage_target else redirect(begun.url, 302)
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
    cookie = request.cookies.get(cookie_name, "")
    try:
        arrival = _arrival(cookie or _stored_secret())
    except LaunchRefusedError as refusal:
        if refusal.reason is not RefusalReason.COOKIE_MISSING:
            raise
        return _without_cookie(refusal, cookie_name)
    entrance = _enter(arrival, has_cookie=bool(cookie))
    address = visit_address(entrance.visit_id, entrance.secret, has_cookie=bool(cookie))
    # See Other, so that a reload of the page does not post the launch again.
    response = redirect(_landing(entrance, address), 303)
    if cookie:
        set_visit_cookie(response, entrance.visit_id, entrance.secret)
        _settle_cookies(response, cookie_name)
    return response


@bp.get("/jwks")
def jwks() -> ResponseReturnValue:
    keys = StoredToolKeys(database(), state().vault).published_keys(clock.now())
    response = jsonify(public_keyset(keys))
    response.cache_control.public = True
    response.cache_control.max_age = KEYSET_AGE
    return response


def launch_url() -> str:
    """Return the redirect URI, exactly as LMSs have it registered."""
    return f"{state().settings.base_url}{LAUNCH_PATH}"


def _with_storage(begun: LoginRedirect) -> Response:
    """Return a page that puts the secret into the platform's storage, if it has one, and goes on at once."""
    return make_response(render_template("lti/login.html", begun=begun))


def _stored_secret() -> str:
    """Return the secret that our own page took out of the platform's storage; empty where none came so.

    The page has seen to it that the storage is the platform's, so the secret counts from no other page.
    """
    is_ours = request.headers.get("Origin") == settings().base_url
    return request.form.get("browser_secret", "") if is_ours else ""


def _without_cookie(refusal: LaunchRefusedError, cookie_name: str) -> ResponseReturnValue:
    """Return a page that brings the secret from the platform's storage, or opens a window with one click."""
    pending = state().login_states.open(request.form["state"])
    with database().read() as db:
        if visiting.is_answered(db, pending.nonce):
            # Its cookie is gone because it did its work: this is a reload, or the way back.
            raise LaunchRefusedError(RefusalReason.USED_BEFORE)
    if not pending.request:
        raise refusal
    known = state().registrations.registrations_of(
        pending.request["iss"], pending.request.get("client_id", "")
    )
    page = render_template(
        "lti/launch.html",
        pending=pending,
        key=cookie_name,
        platform_origin=origin_of(known[0].auth_login_url),
        again=f"{url_for('lti.login')}?{urlencode(pending.request)}",
        # What the storage gave once it gives again.
        has_storage=bool(pending.storage_target) and not request.form.get("browser_secret"),
        launch={"id_token": request.form["id_token"], "state": request.form["state"]},
    )
    # The page posts the launch again, and is known as ours by the origin that browsers then name.
    return page, 200, {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


def _arrival(browser_secret: str) -> Arrival:
    """Return the posted launch; a deployment that is new to us is kept for approval, or approved at once."""
    try:
        return _completed(browser_secret)
    except LaunchRefusedError as refusal:
        if refusal.reason is not RefusalReason.UNKNOWN_DEPLOYMENT or refusal.registration_id is None:
            raise
        _note_deployment(refusal.registration_id, str(refusal.values["deployment_id"]))
        if not settings().approve_deployments:
            refusal.reason = RefusalReason.DEPLOYMENT_WAITING
            raise
    return _completed(browser_secret)


def _completed(browser_secret: str) -> Arrival:
    return complete_launch(
        request.form,
        browser_secret=browser_secret,
        launch_url=launch_url(),
        registrations=state().registrations,
        states=state().login_states,
        platform_keys=state().platform_keys,
        now=clock.now(),
    )


def _note_deployment(registration_id: int, deployment_id: str) -> None:
    approve = settings().approve_deployments
    with database().begin() as db:
        registering.note_deployment(db, registration_id, deployment_id, clock.now(), approve=approve)


def _enter(arrival: Arrival, *, has_cookie: bool) -> Entrance:
    # What a power cut loses of a launch, the next one writes again.
    with database().begin(durable=False) as db:
        return enter(db, arrival, clock.now(), has_cookie=has_cookie)


def _settle_cookies(response: Response, login_cookie: str) -> None:
    """Drop the login's cookie, and note that this browser keeps ours."""
    response.delete_cookie(
        login_cookie, path=LAUNCH_PATH, secure=True, httponly=True, samesite="None", partitioned=True
    )
    if PROOF_COOKIE not in request.cookies:
        response.set_cookie(
            PROOF_COOKIE,
            "1",
            max_age=PROOF_AGE,
            path="/lti",
            secure=True,
            httponly=True,
            samesite="None",
            partitioned=True,
        )


def _landing(entrance: Entrance, address: str) -> str:
    # Flask leaves a value of None out.
    return url_for(_endpoint(entrance), visit_id=address, unit=entrance.opened.unit_id or None)


def _endpoint(entrance: Entrance) -> str:
    opened, role = entrance.opened, entrance.role
    if entrance.is_placing:
        return "picker.choose"
    if entrance.is_operator or (role is Role.ADMINISTRATOR and opened.is_nowhere):
        return "admin.home"
    if opened.is_nowhere:
        return "picker.repoint" if role is Role.TEACHER else "learner.module"
    if opened.cohort_id is None:
        return "learner.programme"
    if role is Role.TEACHER:
        return "teacher.cohort"
    return _learners_endpoint(opened.opens, role)


def _learners_endpoint(opens: Opens, role: Role) -> str:
    if opens is Opens.LIVE and role is Role.LEARNER:
        return "manager.live"
    return "learner.programme" if opens is Opens.PROGRAMME else "learner.module"
