"""The way out of Klimop's frame: where a visit's home is, and the course that it came from."""

from urllib.parse import urlencode, urlsplit

from flask import url_for

from lti_tool.lti.roles import Role
from lti_tool.web.access import visitor


def home_url() -> str:
    """Return the page that this visit is about."""
    who = visitor()
    if who.deep_linking is not None:
        return url_for("picker.choose")
    if who.is_operator:
        return url_for("admin.home")
    if who.cohort_id is None and who.programme_id is not None:
        return url_for("learner.programme")
    if who.role is not Role.TEACHER:
        return url_for("learner.module")
    return url_for("picker.repoint" if who.cohort_id is None else "teacher.cohort")


def course_url(*, message: str = "", error: str = "", code: str = "") -> str | None:
    """Return the address of the course, which shows `message` or `error` (LTI 1.3 core, section 5.4.4).

    `code` is for the platform's log. None where the platform gave no address.
    """
    address = visitor().return_url
    if not address:
        return None
    said = {"lti_msg": message, "lti_errormsg": error, "lti_errorlog": code}
    added = urlencode({name: text for name, text in said.items() if text})
    parts = urlsplit(address)
    return parts._replace(query="&".join(filter(None, (parts.query, added)))).geturl()
