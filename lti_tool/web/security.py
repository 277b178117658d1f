"""Response headers, and the guard on every form."""

import hmac

from flask import Flask, Response, abort, g, request

from lti_tool.web.state import vault

VISIT_COOKIE = "klimop_visit"
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        # LMSs of any address embed these pages; a page's own address is a secret of one browser,
        # so a stranger has nothing to put in a frame.
        "frame-ancestors *",
    ]
)


def init_security(app: Flask) -> None:
    app.after_request(_add_headers)
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """Return the token that every form of this visit carries; only the visit's own browser gets it."""
    return vault().token("csrf", g.visit_id, request.cookies.get(VISIT_COOKIE, ""))


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
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    # Addresses of visits and feeds are secrets, so they are never told to the sites we link to.
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if g.get("visit_id"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
