"""The campus around the tool's frame: messages, storage, ways back, and pages that everyone can use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Frame, Page, expect

from lti_tool.demo.claims import DEEP_LINKING
from lti_tool.demo.current import Campus
from tests.browser.tour import DESKTOP, PHONE, PICTURES, violations
from tests.lti_tool.demo.tool import TIMEOUT, Tool, answer_to, verified
from tests.platform.campus import running_campus
from tests.platform.serving import serving

pytestmark = pytest.mark.browser

ASK = """([message, name]) => new Promise((resolve, reject) => {
    const target = name === "_parent" ? window.parent : window.parent.frames[name];
    const wanted = `${message.subject}.response`;
    window.addEventListener("message", event => event.data.subject === wanted && resolve(event.data));
    setTimeout(() => reject("no answer"), 5000);
    target.postMessage(message, "*");
})"""
# Each of the campus's own pages, by who may see it.
PAGES = {
    "2": ["/admin", "/admin/tools/new?url="],
    "3": ["/", "/courses/2", "/courses/2/roster", "/courses/2/gradebook", "/courses/2/content", "/links/1"],
}


@pytest.fixture(scope="module")
def tool() -> Iterator[Tool]:
    with serving(Tool, host="127.0.0.1") as tool:
        yield tool


@pytest.fixture(scope="module")
def campus(tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campus]:
    with running_campus(tmp_path_factory.mktemp("campus") / "campus.sqlite3", tool.urls) as campus:
        yield campus


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, locale="nl-BE")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def log_in(page: Page, campus: Campus, slug: str, sub: str) -> str:
    """Log in at a platform; return its address."""
    issuer = campus.lms(slug).issuer
    page.goto(f"{issuer}/login")
    page.locator(f"button[name=sub][value='{sub}']").click()
    return issuer


def tool_frame(page: Page) -> Frame:
    """Return the frame in which the tool stands, once it does."""
    expect(page.frame_locator("iframe[data-tool]").get_by_text("welcome")).to_be_visible()
    element = page.locator("iframe[data-tool]").element_handle()
    frame = element.content_frame() if element else None
    assert frame is not None
    return frame


def ask(frame: Frame, subject: str, target: str = "_parent", **fields: Any) -> dict[str, Any]:
    """Send a message to the platform; return its answer without the subject."""
    answer: dict[str, Any] = frame.evaluate(ASK, [{"subject": subject, "message_id": "7", **fields}, target])
    assert (answer.pop("subject"), answer.pop("message_id")) == (f"{subject}.response", "7")
    return answer


@pytest.mark.parametrize(
    ("slug", "target"), [("luca", "_parent"), ("thomas-more", "post_message_forwarding"), ("vives", "")]
)
def test_a_platform_says_what_it_understands_and_where_it_keeps_things(
    page: Page, campus: Campus, slug: str, target: str
) -> None:
    page.goto(f"{log_in(page, campus, slug, '3')}/links/1")
    frame = tool_frame(page)
    supported = ask(frame, "lti.capabilities")["supported_messages"]
    own = [{"subject": f"lti.{name}"} for name in ("capabilities", "frameResize", "scrollToTop")]
    storage = [{"subject": f"lti.{name}", "frame": target} for name in ("put_data", "get_data")]
    assert supported == own + (storage if target else [])
    if not target:
        refused = ask(frame, "lti.put_data", key="state", value="abc")
        assert refused["error"]["code"] == "unsupported_subject"
        return
    assert ask(frame, "lti.put_data", target, key="state", value="abc") == {"key": "state", "value": "abc"}
    assert ask(frame, "lti.get_data", target, key="state") == {"key": "state", "value": "abc"}
    assert ask(frame, "lti.get_data", target, key="other") == {"key": "other", "value": None}
    assert ask(frame, "lti.put_data", target, value="abc")["error"]["code"] == "bad_request"


def test_another_site_gets_nothing(page: Page, campus: Campus) -> None:
    page.goto(f"{log_in(page, campus, 'luca', '3')}/links/1")
    ask(tool_frame(page), "lti.put_data", key="state", value="abc")
    answer = page.evaluate(ASK, [{"subject": "lti.get_data", "key": "state"}, "_parent"])
    assert answer["error"]["code"] == "wrong_origin"


def test_the_frame_grows_as_the_tool_asks(page: Page, campus: Campus) -> None:
    page.goto(f"{log_in(page, campus, 'vives', '3')}/links/1")
    frame = tool_frame(page)
    assert ask(frame, "lti.frameResize", height=2345) == {}
    assert page.locator("iframe[data-tool]").evaluate("frame => frame.offsetHeight") == 2345
    assert ask(frame, "lti.frameResize", height="much")["error"]["code"] == "bad_request"
    page.evaluate("window.scrollTo(0, 900)")
    assert ask(frame, "lti.scrollToTop") == {}
    assert page.locator("iframe[data-tool]").evaluate("frame => frame.getBoundingClientRect().top") < 200


def test_the_tool_takes_people_back_out_of_its_frame(page: Page, campus: Campus, tool: Tool) -> None:
    issuer = log_in(page, campus, "luca", "3")
    page.goto(f"{issuer}/courses/2/content")
    frame = tool_frame(page)
    asked = verified(campus.lms("luca"), tool.launches[-1]["id_token"])
    token = tool.key.sign(answer_to(asked, {"type": "ltiResourceLink", "title": "Nieuw"}, msg="Klaar"))
    frame.evaluate(
        """([url, token]) => {
            const form = document.createElement("form");
            Object.assign(form, { method: "post", action: url });
            form.innerHTML = `<input name="JWT" value="${token}">`;
            document.body.append(form);
            form.submit();
        }""",
        [asked[f"{DEEP_LINKING}deep_linking_settings"]["deep_link_return_url"], token],
    )
    page.wait_for_url(f"{issuer}/courses/2?*")
    expect(page.get_by_text("Klaar", exact=True)).to_be_visible()
    page.get_by_role("link", name="Nieuw").click()
    tool_frame(page).evaluate(
        "url => { location.href = url; }", f"{issuer}/courses/2/return?from=1&view=course&lti_msg=Dag"
    )
    page.wait_for_url(f"{issuer}/courses/2?lti_msg=Dag")


def test_a_tool_that_says_it_is_registered_is_shown(page: Page, campus: Campus, tool: Tool) -> None:
    issuer = log_in(page, campus, "ucll", "2")
    page.goto(f"{issuer}/admin")
    page.get_by_label("Registratie-adres van de tool").fill(f"{tool.url}/register")
    page.get_by_role("button", name="Openen").click()
    inside = page.frame_locator("iframe").get_by_text("registering")
    expect(inside).to_be_visible()
    inside.evaluate("window.parent.postMessage({subject: 'org.imsglobal.lti.close'}, '*')")
    page.wait_for_url(f"{issuer}/admin?said=added")
    expect(page.get_by_role("status").filter(has_text="De tool is toegevoegd")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("sub", sorted(PAGES))
def test_the_campus_is_for_everyone(page: Page, campus: Campus, sub: str, size: Any) -> None:
    page.set_viewport_size(size)
    issuer = log_in(page, campus, "thomas-more", sub)
    requests.get(issuer, timeout=TIMEOUT).raise_for_status()
    found = []
    for number, path in enumerate([campus.settings.base_url, *[f"{issuer}{path}" for path in PAGES[sub]]]):
        page.goto(path)
        found += [f"{path}: {violation}" for violation in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{path}: wider than the screen")
        if PICTURES:
            page.screenshot(
                path=Path(PICTURES) / f"campus-{sub}-{number}-{size['width']}.png", full_page=True
            )
    assert found == []
