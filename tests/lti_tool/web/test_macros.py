"""What the macros promise to a form, to a screen reader and to the content security policy."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Protocol

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import Babel

import lti_tool

PACKAGE = Path(lti_tool.__file__).parent
IMPORTS = "".join(
    f'{{% import "macros/{file}.html" as {name} %}}'
    for file, name in (("ui", "ui"), ("forms", "form"), ("learn", "learn"), ("plan", "plan"))
)
QUESTION = {
    "id": "q1",
    "type": "multiple",
    "text": "Who?",
    "points": 2,
    "options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}],
}


class Render(Protocol):
    def __call__(self, source: str, **values: object) -> "Page": ...


class Page(HTMLParser):
    """The elements of a page, in order, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]

    def text(self) -> str:
        return " ".join(self.words)


@pytest.fixture(scope="module")
def app() -> Flask:
    """An application with nothing but the templates and what they expect to find."""
    app = Flask(__name__, template_folder=str(PACKAGE / "templates"))
    Babel(app, default_locale="en")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=lambda name: f"/static/{name}",
        csrf_token=lambda: "token",
        language=lambda: "en",
        accent=lambda: "ucll",
        notices=lambda: [("success", "Saved")],
    )
    return app


@pytest.fixture(scope="module")
def render(app: Flask) -> Render:
    def page(source: str, **values: object) -> Page:
        with app.test_request_context():
            return Page(render_template_string(IMPORTS + source, **values))

    return page


@pytest.fixture(scope="module")
def guide(app: Flask) -> Page:
    with app.test_request_context():
        return Page(render_template("design.html", language_url="/language", institution_name="UCLL"))


def test_the_style_guide_obeys_the_content_security_policy(guide: Page) -> None:
    inline = [
        name for _, attributes in guide.elements for name in attributes if name == "style" or name[:2] == "on"
    ]
    assert inline == []
    assert guide.all("style") == []
    assert [script["src"] for script in guide.all("script")] == ["/static/app.js", "/static/video.js"]


def test_the_style_guide_uses_every_id_once(guide: Page) -> None:
    assert [name for name, count in Counter(guide.values("id")).items() if count > 1] == []


def test_what_refers_to_an_element_finds_it(guide: Page) -> None:
    ids = set(guide.values("id"))
    named = [*guide.values("for"), *guide.values("data-copy"), *guide.values("aria-labelledby")]
    described = [name for value in guide.values("aria-describedby") for name in value.split()]
    painted = re.findall(r"url\(#(.+?)\)", " ".join(guide.values("fill")))
    assert [name for name in (*named, *described, *painted) if name not in ids] == []


def test_every_icon_is_in_the_sprite(guide: Page) -> None:
    drawn = set(re.findall(r'"([a-z0-9-]+)"', (PACKAGE / "assets/icons.mjs").read_text(encoding="utf-8")))
    sources = [path.read_text(encoding="utf-8") for path in (PACKAGE / "templates").rglob("*.html")]
    named = {name for source in sources for name in re.findall(r'icon(?:=|\()"([a-z0-9-]+)"', source)}
    shown = {href.partition("#")[2] for href in guide.values("href") if href.startswith("/static/icons.svg")}
    assert (named | shown) - drawn == {"klimop", "leaf"}


def test_notices_are_said_on_every_page(guide: Page) -> None:
    said = [attributes["class"] for attributes in guide.all("div") if attributes.get("role") == "status"]
    assert said == ["message message-success", "visually-hidden"]


def test_a_fault_is_tied_to_its_field(render: Render) -> None:
    page = render('{{ form.text("url", "Address", value="x", hint="Yours", error="Not a URL", type="url") }}')
    assert page.all("input") == [
        {
            "class": "input",
            "id": "f-url",
            "name": "url",
            "type": "url",
            "value": "x",
            "required": "",
            "aria-invalid": "true",
            "aria-describedby": "f-url-hint f-url-error",
        }
    ]


def test_the_error_summary_leads_to_the_fields(render: Render) -> None:
    page = render('{{ form.error_summary({"url": "Not a URL", "days": "Choose a day"}) }}')
    assert [link["href"] for link in page.all("a")] == ["#f-url", "#f-days"]
    assert page.text() == "2 things still need you Not a URL Choose a day"


def test_no_error_summary_without_errors(render: Render) -> None:
    assert render("{{ form.error_summary({}) }}").elements == []


def test_texts_are_escaped(render: Render) -> None:
    page = render("{{ ui.message('info', '<b>title</b>') }}{{ ui.button('<i>', **{'data-x': '\"'}) }}")
    assert page.all("b") == page.all("i") == []
    assert page.all("button") == [{"class": "button button-plain", "type": "submit", "data-x": '"'}]


def test_an_open_question_is_answered_under_its_own_name(render: Render) -> None:
    page = render('{{ learn.question(question, 1, 2, chosen=("b",)) }}', question=QUESTION)
    assert page.all("input") == [
        {"type": "checkbox", "name": "answer-q1", "value": "a"},
        {"type": "checkbox", "name": "answer-q1", "value": "b", "checked": ""},
    ]


def test_a_marked_question_takes_no_answer_and_gives_none_away(render: Render) -> None:
    marked = {"verdict": "partly", "points": 0.5, "maximum": 2, "feedback": ["Almost"]}
    source = '{{ learn.question(question, 1, 2, chosen=("b",), marked=marked) }}'
    page = render(source, question=QUESTION, marked=marked)
    assert page.all("input") == []
    assert page.values("data-mark") == ["", "chosen"]
    assert page.text() == "Question 1 of 2 · 2 points Who? A B Your answer Partly right · 0.5 of 2 Almost"


def test_right_answers_show_when_they_are_given_away(render: Render) -> None:
    marked = {"verdict": "wrong", "points": 0, "maximum": 2, "feedback": []}
    source = '{{ learn.question(question, 1, 2, chosen=("b",), marked=marked, correct=("a",)) }}'
    page = render(source, question=QUESTION, marked=marked)
    assert page.values("data-mark") == ["missed", "wrong"]


def test_the_turnout_draws_each_person_and_says_the_same(render: Render) -> None:
    page = render('{{ plan.turnout("t", 14, 3, 5, 2) }}')
    drawn = Counter(attributes["class"] for attributes in page.all("rect") if attributes.get("rx"))
    assert drawn == {"yes": 14, "maybe": 3, "unknown": 2, "no": 5}
    assert page.text() == "14 of 24 can come 3 maybe · 5 cannot · 2 not known"


def test_the_turnout_of_many_is_drawn_in_parts(render: Render) -> None:
    page = render('{{ plan.turnout("t", 150, 0, 50) }}')
    assert [part["width"] for part in page.all("svg") if "x" in part] == ["75.0%", "25.0%"]


def test_the_week_says_in_words_what_it_draws(render: Render) -> None:
    blocks = [
        {"day": 0, "start": 540, "end": 615, "kind": "busy"},
        {"day": 0, "start": 60, "end": 120, "kind": "tentative"},
    ]
    page = render('{{ plan.week_grid("w", "Week", [("Mon", ""), ("Tue", "")], blocks) }}', blocks=blocks)
    drawn = [attributes["class"] for attributes in page.all("rect") if attributes.get("rx")]
    assert drawn == ["block busy"], "what lies outside the hours is told, not drawn"
    words = page.text().partition("This week in words ")[2]
    assert words == "Mon 1:00–2:00 Maybe busy 9:00–10:15 Busy Tue Free all day"


@pytest.mark.parametrize(("busy", "polled"), [(True, ["/state"]), (False, [])])
def test_a_fragment_is_fetched_again_only_while_there_is_work(
    render: Render, busy: bool, polled: list[str]
) -> None:
    page = render('{% call ui.live("/state", busy=busy) %}Now{% endcall %}', busy=busy)
    assert page.values("data-poll") == polled


def test_the_video_begins_where_it_was_left(render: Render) -> None:
    source = '{{ learn.video("V", "v.mp4", resume=252, progress_url="/seen", cues=cues) }}'
    page = render(source, cues=[{"start": 65.5, "end": 70, "text": "Hi"}])
    assert page.values("data-resume") == ["252"]
    assert page.values("data-progress-url") == ["/seen"]
    assert page.values("data-start") == ["65.5"]
    assert "You go on where you stopped, at 4:12." in page.text()
    assert "1:05 Hi" in page.text()
