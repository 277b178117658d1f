"""A teacher at the picker of a campus's LMS, and what her course has afterwards."""

import html
import re
from urllib.parse import urlencode

import requests

from lti_tool.demo.courses import Link
from lti_tool.demo.people import PEOPLE, Kind
from tests.lti_tool.web.world import Page, World
from tests.platform.visitor import TIMEOUT, Visitor, continue_url, submitted_form

COURSE = "2"  # of the managers, on every LMS
MODULE_AND_LIVE: dict[str, object] = {"what": ["module", "live"]}
NEW_COHORT: dict[str, object] = {
    "cohort": "new",
    "name": "Proef",
    "starts_on": "2027-02-10",
    "weeks": "12",
    "grading": "module",
    "maximum": "20",
    "titles": "nl",
    "ticket": "ticket",
}


def teacher_of(slug: str, kind: Kind = Kind.TEACHER) -> str:
    """Return the account of the first teacher, or one of another kind, of an institution."""
    return next(one.sub for one in PEOPLE if one.institution.slug == slug and one.kind is kind)


def follow(visitor: Visitor, page: requests.Response) -> requests.Response:
    """Go on where pages go on by themselves."""
    while True:
        if address := continue_url(page.text):
            page = visitor.http.get(address, timeout=TIMEOUT)
        elif form := submitted_form(page.text):
            page = visitor.submit(form)
        else:
            return page


def open_picker(world: World, slug: str, course: str = COURSE) -> Page:
    """Log in as a teacher and ask the LMS for content."""
    visitor = Visitor(world.lms(slug), teacher_of(slug))
    world.accept_loopback_cookies(visitor)
    return Page(visitor.http, follow(visitor, visitor.get(f"/courses/{course}/content/start")))


def links_of(world: World, slug: str, course: str = COURSE) -> tuple[Link, ...]:
    return world.campus.catalogue.course(slug, course).links


def check(page: Page, version_id: int, chosen: dict[str, object]) -> requests.Response:
    return page.get(f"/place/{version_id}/check?{urlencode(chosen, doseq=True)}")


def send_on(page: Page, answer: requests.Response) -> requests.Response:
    """Press the button of the answer's page: post it to the platform."""
    form = answer.text.split("<form")[1:]
    (found,) = [one for one in form if "data-send" in one]
    (action,) = re.findall(r'action="([^"]+)"', found)
    (token,) = re.findall(r'name="JWT" value="([^"]+)"', found)
    return page.http.post(html.unescape(action), data={"JWT": token}, timeout=TIMEOUT)
