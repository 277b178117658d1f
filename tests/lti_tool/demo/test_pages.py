import re
from pathlib import Path

import pytest
import requests

from lti_tool.demo import words
from lti_tool.demo.current import Campus
from lti_tool.demo.lms import RESULT_READ, SCORE_WRITE
from lti_tool.demo.people import Kind
from tests.lti_tool.demo.tool import Client, Tool
from tests.platform.visitor import Visitor

TEMPLATES = Path(words.__file__).parent / "templates"
PAGES = (
    "/",
    "/courses/2",
    "/links/1",
    "/courses/2/gradebook",
    "/courses/2/roster",
    "/courses/2/content",
    "/admin",
)


def statuses(visitor: Visitor, *paths: str) -> list[int]:
    return [visitor.get(path).status_code for path in paths]


@pytest.mark.parametrize(
    ("slug", "sub", "expected"),
    [
        ("vives", "2", [200, 200, 200, 200, 200, 200, 200]),
        ("vives", "3", [200, 200, 200, 200, 200, 200, 403]),
        ("ku-leuven", "5", [200, 200, 200, 200, 200, 403, 403]),
        ("ucll", "6", [200, 200, 200, 200, 403, 403, 403]),
        ("vives", "11", [200, 200, 200, 200, 403, 403, 403]),
        ("vives", "21", [200, 403, 403, 403, 403, 403, 403]),
    ],
    ids=["administrator", "teacher", "assistant", "observer", "member", "learner of another course"],
)
def test_pages_are_for_those_they_concern(campus: Campus, slug: str, sub: str, expected: list[int]) -> None:
    with Visitor(campus.lms(slug), sub) as visitor:
        assert statuses(visitor, *PAGES) == expected


def test_a_stranger_is_asked_to_log_in(campus: Campus) -> None:
    issuer = campus.lms("vives").issuer
    with requests.Session() as http:
        assert {http.get(issuer + path, timeout=20).url for path in PAGES} == {f"{issuer}/login"}


@pytest.mark.parametrize(
    "path", ["/courses/9", "/links/9", "/links/9/start", "/links/1/start?target=moon", "/x"]
)
def test_what_does_not_exist_is_not_found(campus: Campus, path: str) -> None:
    with Visitor(campus.lms("vives"), "2") as visitor:
        assert visitor.get(path).status_code == 404


def test_the_home_page_suggests_someone_of_each_kind_at_each_platform(campus: Campus) -> None:
    page = requests.get(campus.settings.base_url, timeout=20).text
    for lms in campus.lmses:
        assert lms.institution.name in page
        assert {
            person.kind
            for person in lms.people
            if f"<span>{person.name.replace(chr(39), '&#39;')}</span>" in page
        } == {Kind.ADMINISTRATOR, Kind.TEACHER, Kind.MANAGER, Kind.LEARNER}


def test_a_teacher_sees_every_mark_and_a_learner_her_own(tool: Tool, campus: Campus) -> None:
    lms = campus.lms("odisee")
    client = Client(tool, lms)
    token = client.token(SCORE_WRITE, RESULT_READ)
    for sub, given in (("11", 13), ("12", 17.5)):
        score = {
            "userId": sub,
            "scoreGiven": given,
            "scoreMaximum": 20,
            "comment": f"Gelezen {sub}",
            "timestamp": "2027-07-01T08:05:00Z",
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
        }
        client.post_score(f"{lms.issuer}/services/2/lineitems/1/lineitem/scores?type_id=1", token, score)
    client.http.close()
    shown = {}
    for sub in ("3", "11", "12"):
        with Visitor(lms, sub) as visitor:
            page = visitor.get("/courses/2/gradebook").text
        shown[sub] = [mark in page for mark in ("13 / 20", "Gelezen 11", "17.5 / 20", "Gelezen 12")]
        assert "01-07-2027 10:05" in page
    assert shown == {"3": [True] * 4, "11": [True, True, False, False], "12": [False, False, True, True]}


def test_a_manager_finds_the_address_of_her_agenda_and_a_learner_none(campus: Campus) -> None:
    lms = campus.lms("vives")
    with Visitor(lms, "11") as lieselot, Visitor(lms, "21") as dries:
        assert f"{campus.settings.base_url}/agendas/lieselot-verhaeghe.ics" in lieselot.get("/").text
        assert "/agendas/" not in dries.get("/").text


def test_only_an_administrator_closes_the_services_and_opens_them_again(campus: Campus) -> None:
    lms = campus.lms("luca")
    states = []
    for sub, wanted in (("3", "closed"), ("2", "closed"), ("2", "open")):
        with Visitor(lms, sub) as visitor:
            answer = visitor.http.post(f"{lms.issuer}/admin", data={"services": wanted}, timeout=20)
        states.append((answer.status_code, campus.store.is_closed("luca")))
    assert states == [(403, False), (200, True), (200, False)]


def test_pages_speak_english_once_asked(campus: Campus) -> None:
    with Visitor(campus.lms("vives"), "11") as visitor:
        assert "<h1>Mijn cursussen</h1>" in visitor.get("/").text
        assert "<h1>My courses</h1>" in visitor.get("/?lang=en").text
        assert "<h1>My courses</h1>" in visitor.get("/").text
        assert "<h1>Mijn cursussen</h1>" in visitor.get("/?lang=nl").text


def test_every_sentence_of_the_pages_has_its_english_and_none_is_left_over() -> None:
    texts = "".join(path.read_text() for path in sorted(TEMPLATES.glob("*.html")))
    said = set(re.findall(r"\b_\([\"']([^\"']+)", texts)) | {"Kopie van {title}"}
    said |= {*words.KINDS.values(), *words.NOTICES.values()}
    assert said == set(words.ENGLISH)


def test_pages_have_no_inline_script_or_style_and_say_so(campus: Campus) -> None:
    with Visitor(campus.lms("vives"), "11") as visitor:
        page = visitor.get("/links/1/start?target=window")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    texts = "".join(path.read_text() for path in TEMPLATES.glob("*.html"))
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", texts) == []
