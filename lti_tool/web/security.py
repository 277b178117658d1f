"""Response headers, and the guard on every form."""

import hmac
import re
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

from lti_tool.web.state import vault

VISIT_COOKIE = "klimop_visit"
OWN_FORMS = "form-action 'self'"
HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        OWN_FORMS,
        "base-uri 'none'",
        # LMSs of any address embed these pages; a page's own address is a secret of one browser,
        # so a stranger has nothing to put in a frame.
        "frame-ancestors *",
    ]
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Addresses of visits and feeds are secrets, so they are never told to the sites we link to.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def init_security(app: Flask) -> None:
    app.after_request(_add_headers)
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """Return the token that every form of this visit carries; only the visit's own browser gets it."""
    return vault().token("csrf", g.visit_id, g.get("visit_secret", ""))


def allow_form_to(url: str) -> None:
    """Let the page that is being made send its form to the origin of `url` as well, and to no other.

    Raises `ValueError` where that origin cannot be written down in a policy.
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").encode("idna").decode()
    host = f"[{name}]" if ":" in name else name
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host):
        raise ValueError(f"not an origin: {url!r}")
    g.form_origin = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def refuse_forged_forms() -> None:
    """Abort with 403 unless the form or the X-CSRF-Token header carries this visit's token.

    The cookies are SameSite=None, because LMSs embed Klimop, so the browser gives no protection of its own.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not hmac.compare_digest(given.encode(), csrf_token().encode()):
        abort(403, "csrf")


def _add_headers(response: Response) -> Response:
    ours = HEADERS | {"Content-Security-Policy": _content_security_policy()}
    if g.get("visit_id"):
        ours["Cache-Control"] = "no-store"
    # Looked up by name, each header that is absent would cost an exception.
    given = {name.lower() for name, _ in response.headers}
    response.headers.extend({name: value for name, value in ours.items() if name.lower() not in given})
    return response


def _content_security_policy() -> str:
    if "form_origin" not in g:
        return CONTENT_SECURITY_POLICY
    return CONTENT_SECURITY_POLICY.replace(OWN_FORMS, f"{OWN_FORMS} {g.form_origin}")
