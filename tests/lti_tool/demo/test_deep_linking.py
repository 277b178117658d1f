from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import requests

from lti_tool.demo.claims import AGS_ENDPOINT, DEEP_LINKING, LTI, NRPS_SERVICE
from lti_tool.demo.current import Campus
from lti_tool.demo.keys import SigningKey, generate_pem
from tests.lti_tool.demo.tool import TIMEOUT, Tool, answer_to, verified
from tests.platform.visitor import Visitor

SETTINGS = f"{DEEP_LINKING}deep_linking_settings"
ITEM: dict[str, Any] = {
    "type": "ltiResourceLink",
    "title": "Week 3",
    "text": "Wat er bij de zorgvrager verandert",
    "custom": {"cohort": "spring", "where": "$Context.id.history", "what": "$ResourceLink.id.history"},
    "lineItem": {"scoreMaximum": 25, "label": "Week 3, quiz", "resourceId": "week-3", "tag": "quiz"},
    "iframe": {"height": 800},
}


class Desk:
    """A teacher who chooses content for a course, and the tool that answers her."""

    def __init__(self, tool: Tool, visitor: Visitor) -> None:
        self.tool, self.visitor = tool, visitor

    def request(self, course_id: str = "2") -> dict[str, Any]:
        """Begin to choose; return the claims that the tool gets."""
        assert self.visitor.go(f"/courses/{course_id}/content/start").text == "welcome"
        return verified(self.visitor.lms, self.tool.launches[-1]["id_token"])

    def answer(self, asked: dict[str, Any], claims: dict[str, Any]) -> requests.Response:
        """Post signed claims to the return address, from another site: without the platform's cookies."""
        url = asked[SETTINGS]["deep_link_return_url"]
        return requests.post(url, data={"JWT": self.tool.key.sign(claims)}, timeout=TIMEOUT)

    def place(self, *items: object, **changed: object) -> str:
        """Choose, answer, and return the course's page that comes after it."""
        asked = self.request()
        page = self.answer(asked, answer_to(asked, *items, **changed))
        assert page.status_code == 200, page.text
        path = page.text.split('data-leave target="_top" href="')[1].split('"')[0]
        return self.visitor.get(unescape(path).removeprefix(f"/{self.visitor.lms.slug}")).text

    def launch_last(self) -> dict[str, Any]:
        """Open the link that was placed last; return its claims."""
        _, link = self.links()[-1]
        self.visitor.launch(link)
        return verified(self.visitor.lms, self.tool.launches[-1]["id_token"])

    def links(self) -> list[tuple[str, str]]:
        """Return title and id of each link of the course."""
        page = self.visitor.get("/courses/2").text
        parts = page.split(f'<a href="/{self.visitor.lms.slug}/links/')[1:]
        return [(part.split(">")[1].split("<")[0], part.split('"')[0]) for part in parts]


@pytest.fixture
def desk(tool: Tool, campus: Campus) -> Iterator[Desk]:
    with Visitor(campus.lms("luca"), "3") as visitor:
        yield Desk(tool, visitor)


def test_a_request_says_what_may_be_placed_and_where_to_answer(desk: Desk) -> None:
    claims, lms = desk.request(), desk.visitor.lms
    data = claims[SETTINGS].pop("data")
    assert len(data) > 20
    assert claims[SETTINGS] == {
        "deep_link_return_url": f"{lms.issuer}/deep-linking/return?course=2&section=content",
        "accept_types": ["ltiResourceLink"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "accept_presentation_document_targets": ["iframe", "window"],
        "auto_create": False,
    }
    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert claims[f"{LTI}context"]["id"] == "2"
    assert "lineitem" not in claims[AGS_ENDPOINT]
    assert NRPS_SERVICE in claims
    assert f"{LTI}resource_link" not in claims


def test_a_placed_link_launches_with_all_that_it_was_given(desk: Desk) -> None:
    url = f"{desk.tool.url}/lti/launch?unit=3&of=spring"
    page = desk.place(ITEM | {"url": url, "icon": {"url": f"{desk.tool.url}/icon.svg"}})
    assert "Geplaatst: 1" in page
    assert "Week 3" in page
    assert "Wat er bij de zorgvrager verandert" in page
    assert f"{desk.tool.url}/icon.svg" in page
    claims = desk.launch_last()
    link = claims[f"{LTI}resource_link"]
    assert (link["title"], link["description"]) == (ITEM["title"], ITEM["text"])
    assert claims[f"{LTI}target_link_uri"] == desk.tool.logins[-1][1]["target_link_uri"] == url
    assert claims[f"{LTI}custom"] == {"cohort": "spring", "where": "", "what": "$ResourceLink.id.history"}
    assert "/services/2/lineitems/" in claims[AGS_ENDPOINT]["lineitem"]
    assert "Week 3, quiz" in desk.visitor.get("/courses/2/gradebook").text


def test_several_links_are_placed_at_once_and_a_message_is_shown(desk: Desk) -> None:
    before = len(desk.links())
    page = desk.place(
        {"type": "ltiResourceLink"}, ITEM, msg="Twee <koppelingen> & klaar", errormsg="Eén niet"
    )
    assert "Geplaatst: 2" in page
    assert "Twee &lt;koppelingen&gt; &amp; klaar" in page
    assert "Eén niet" in page
    assert [title for title, _ in desk.links()[before:]] == ["Klimop", "Week 3"]


def test_nothing_chosen_places_nothing(desk: Desk) -> None:
    before = desk.links()
    assert "Geannuleerd" in desk.place(msg="Geannuleerd")
    assert "Niets" in desk.place(content_items=None, msg="Niets")
    assert desk.links() == before


def test_a_link_for_a_window_has_no_frame(desk: Desk) -> None:
    desk.place({"type": "ltiResourceLink", "title": "Apart", "window": {"targetName": "_blank"}})
    page = desk.visitor.get(f"/links/{desk.links()[-1][1]}").text
    assert "data-tool" not in page
    assert "target=window" in page


def test_a_teacher_takes_a_link_away_with_its_column(desk: Desk) -> None:
    desk.place(ITEM | {"title": "Voorbij", "lineItem": {"scoreMaximum": 5, "label": "Voorbij, punten"}})
    _, link = desk.links()[-1]
    page = desk.visitor.post(f"/courses/2/links/{link}/remove").text
    assert "De koppeling is verwijderd." in page
    assert "Voorbij" not in page
    assert "Voorbij, punten" not in desk.visitor.get("/courses/2/gradebook").text
    assert desk.visitor.get(f"/links/{link}/start").status_code == 404


@pytest.mark.parametrize("sub", ["11", "21"], ids=["learner", "stranger"])
def test_only_who_may_change_a_course_chooses_content_or_takes_it_away(campus: Campus, sub: str) -> None:
    with Visitor(campus.lms("luca"), sub) as visitor:
        assert visitor.get("/courses/2/content/start").status_code == 403
        assert visitor.post("/courses/2/links/1/remove").status_code == 403
        assert visitor.post("/courses/2/copy").status_code == 403


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"iss": "somebody"}, "iss is no client"),
        ({"aud": "https://elsewhere.example.test"}, "Audience"),
        ({"exp": None}, "exp"),
        ({"iat": None}, "iat"),
        ({"exp": 10**12}, "exp is too far away"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ""}, "nonce is empty"),
        ({"message_type": "LtiResourceLinkRequest"}, "message_type"),
        ({"version": None}, "version"),
        ({"deployment_id": "9"}, "deployment_id"),
        ({"data": None}, "data is not as it was sent"),
        ({"data": "changed"}, "data is not as it was sent"),
        ({"content_items": "one"}, "content_items is no list"),
        ({"msg": 5}, "msg is no text"),
    ],
    ids=str,
)
def test_a_response_with_a_wrong_claim_is_refused(desk: Desk, changed: dict[str, Any], reason: str) -> None:
    asked, before = desk.request(), desk.links()
    page = desk.answer(asked, answer_to(asked, **({"content_items": [ITEM]} | changed)))
    assert (page.status_code, reason in unescape(page.text)) == (400, True)
    assert desk.links() == before


def test_a_response_serves_once(desk: Desk) -> None:
    asked = desk.request()
    claims = answer_to(asked)
    assert desk.answer(asked, claims).status_code == 200
    assert "nonce was used before" in desk.answer(asked, claims).text


def test_a_response_that_the_tool_did_not_sign_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = desk.request()
    stranger = SigningKey(desk.tool.key.kid, SigningKey.from_pem(generate_pem()).private)
    url = asked[SETTINGS]["deep_link_return_url"]
    for token in (stranger.sign(answer_to(asked, ITEM)), "", "no token"):
        assert requests.post(url, data={"JWT": token}, timeout=TIMEOUT).status_code == 400


def test_the_return_address_is_used_with_its_query(desk: Desk) -> None:
    asked = desk.request()
    for url in ("?course=2", "?course=3&section=content", ""):
        asked[SETTINGS]["deep_link_return_url"] = f"{desk.visitor.lms.issuer}/deep-linking/return{url}"
        page = desk.answer(asked, answer_to(asked))
        assert (page.status_code, "deep_link_return_url" in page.text) == (400, True)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"type": "link"}, "type"),
        ({"title": 5}, "title"),
        ({"url": "https://elsewhere.example.test/"}, "url"),
        ({"url": "/lti/launch"}, "url"),
        ({"icon": {"width": 24}}, "icon"),
        ({"icon": {"url": "https://elsewhere.example.test/icon.png"}}, "url"),
        ({"thumbnail": "icon.png"}, "thumbnail"),
        ({"custom": {"number": 5}}, "custom"),
        ({"lineItem": {"label": "No maximum"}}, "lineItem"),
        ({"lineItem": {"scoreMaximum": 0}}, "lineItem"),
        ({"iframe": {"height": "800"}}, "iframe"),
        ({"window": "_blank"}, "window"),
        ({"available": {"startDateTime": "2027-01-01T00:00:00"}}, "available"),
        ({"submission": {"endDateTime": "soon"}}, "submission"),
    ],
    ids=str,
)
def test_a_content_item_with_a_wrong_property_is_refused_by_name(
    desk: Desk, changed: dict[str, Any], field: str
) -> None:
    asked, before = desk.request(), desk.links()
    page = desk.answer(asked, answer_to(asked, ITEM, ITEM | changed))
    assert page.status_code == 400
    assert f"{field} of a content item is missing or wrong" in page.text
    assert desk.links() == before


def test_a_platform_that_accepts_one_item_refuses_two(tool: Tool, campus: Campus) -> None:
    with Visitor(campus.lms("odisee"), "3") as visitor:
        desk = Desk(tool, visitor)
        asked = desk.request()
        assert asked[SETTINGS]["accept_multiple"] is False
        assert "accept_multiple was false" in desk.answer(asked, answer_to(asked, ITEM, ITEM)).text
        assert desk.answer(asked, answer_to(asked, ITEM)).status_code == 200
        # This platform knows no history of courses, so its variable stays as it was written.
        assert desk.launch_last()[f"{LTI}custom"]["where"] == "$Context.id.history"


def test_a_tool_can_send_people_back_with_a_message(campus: Campus, tool: Tool) -> None:
    with Visitor(campus.lms("luca"), "3") as visitor:
        visitor.launch("1")
        claims = verified(visitor.lms, tool.launches[-1]["id_token"])
        url = claims[f"{LTI}launch_presentation"]["return_url"]
        said = {"lti_msg": "Tot <straks>", "lti_errormsg": "Mis", "lti_log": "geteld"}
        page = requests.get(url, params=said, timeout=TIMEOUT).text
        path = unescape(page.split('data-leave target="_top" href="')[1].split('"')[0])
        shown = visitor.get(path.removeprefix("/luca")).text
        assert all(text in shown for text in ("Tot &lt;straks&gt;", "Mis", "geteld"))
        broken = url.partition("?")[0] + "?lti_msg=x"
        assert requests.get(broken, timeout=TIMEOUT).status_code == 400
