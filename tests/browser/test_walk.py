"""The main job as its people do it: connect, plan, subscribe, study, and the mark in the gradebook."""

import re

import pytest
import requests
from icalendar import Calendar
from playwright.sync_api import Frame, Response, expect

from content.activity import Quiz
from content.loader import LIBRARY, load_module
from content.question import MultipleChoice, SingleChoice, TrueFalse
from lti_tool.demo.people import PEOPLE
from tests.browser.tour import DESKTOP, PHONE, Tour, keep_picture, launch
from tests.lti_tool.web.world import World

pytestmark = pytest.mark.browser

MANAGEMENT, MODULE, LIVE = "Health Innovation Management", "Innovatie leiden", "Live sessies"
SKIP_TO = 30  # seconds
SESSIONS = 10  # 20 % of 150 hours in sessions of three hours


def test_from_plan_to_mark(world: World, tour: Tour) -> None:
    _manager_connects(world, tour)
    _teacher_plans_and_publishes(world, tour)
    _manager_subscribes(tour)
    _learner_studies_and_passes(world, tour)
    _teacher_sees_the_mark(tour)


def _manager_connects(world: World, tour: Tour) -> None:
    page = tour.person("ku-leuven", "Nadia El Amrani", size=PHONE)
    frame = launch(page, MANAGEMENT, LIVE)
    keep_picture(page, frame, "manager-before")
    frame.get_by_role("link", name="Je agenda koppelen").click()
    frame.get_by_role("link", name="Een andere").click()
    nadia = next(person for person in PEOPLE if person.name == "Nadia El Amrani")
    frame.get_by_label("Adres van je agenda").fill(
        f"{world.campus.settings.base_url}/agendas/{nadia.slug}.ics"
    )
    frame.get_by_role("button", name="Koppelen", exact=True).click()
    expect(frame.get_by_role("img", name=re.compile("week"))).to_be_visible()
    expect(frame.get_by_text(re.compile("geleden gelezen")).first).to_be_visible()
    keep_picture(page, frame, "manager-agenda")


def _teacher_plans_and_publishes(world: World, tour: Tour) -> None:
    page = tour.person("ku-leuven", "Katrien Van Aerschot")
    frame = launch(page, MANAGEMENT, MODULE)
    frame.get_by_role("link", name="Live sessies plannen").click()
    expect(frame.get_by_label("Aantal sessies")).to_have_value(str(SESSIONS))
    keep_picture(page, frame, "teacher-wishes")
    frame.get_by_role("button", name="Tijdstippen zoeken").click()
    expect(frame.get_by_text(re.compile("half minuut|halve minuut"))).to_be_visible()
    keep_picture(page, frame, "teacher-working")
    world.work()
    # The page asks by itself until the worker is done.
    expect(frame.get_by_text("Sessie 10")).to_be_visible()
    expect(frame.get_by_text("Bewezen: beter kan niet")).to_be_visible()
    keep_picture(page, frame, "teacher-proposal")
    frame.get_by_role("button", name="Deze tijdstippen publiceren").click()
    expect(frame.get_by_role("heading", name=re.compile("Innovatie leiden"))).to_be_visible()
    keep_picture(page, frame, "teacher-cohort")


def _manager_subscribes(tour: Tour) -> None:
    page = tour.person("ku-leuven", "Nadia El Amrani", size=PHONE)
    frame = launch(page, MANAGEMENT, LIVE)
    expect(frame.get_by_text("Sessie 1", exact=True)).to_be_visible()
    keep_picture(page, frame, "manager-sessions")
    frame.get_by_role("link", name="Abonnement nemen").click()
    address = frame.get_by_role("textbox", name=re.compile("dit adres")).input_value()
    keep_picture(page, frame, "manager-calendar")
    feed = requests.get(address, timeout=20)
    assert len(Calendar.from_ical(feed.content).walk("VEVENT")) == SESSIONS
    again = requests.get(address, timeout=20, headers={"If-None-Match": feed.headers["ETag"]})
    assert again.status_code == 304


def _learner_studies_and_passes(world: World, tour: Tour) -> None:
    page = tour.person("vives", "Stijn Casteleyn", size=PHONE)
    frame = launch(page, MANAGEMENT, MODULE)
    keep_picture(page, frame, "learner-module")
    frame.get_by_role("link", name="Beginnen").click()
    onward = frame.get_by_role("button", name="Gelezen, ga verder")
    expect(onward).to_be_visible()
    keep_picture(page, frame, "learner-page")
    onward.click()
    _watch(frame)
    keep_picture(page, frame, "learner-video")
    frame.goto(re.sub(r"/activities/.*", "/activities/unit-1-check", frame.url))
    _answer(frame)
    keep_picture(page, frame, "learner-quiz")
    frame.get_by_role("button", name="Indienen").click()
    expect(frame.get_by_text("Geslaagd")).to_be_visible()
    expect(frame.get_by_text("Nog te versturen")).to_be_visible()
    world.work()
    expect(frame.get_by_text("Verstuurd naar je cursus")).to_be_visible()
    keep_picture(page, frame, "learner-passed")


def _watch(frame: Frame) -> None:
    """See the video play, skip ahead, and find it where it stopped after a reload."""
    video = frame.locator("video")
    expect(video).to_be_visible()
    frame.evaluate(
        """async () => {
            const video = document.querySelector("video");
            video.muted = true;
            await video.play();
            await new Promise(resolve => setTimeout(resolve, 1500));
            video.pause();
        }"""
    )
    with frame.page.expect_response(_tells_of_the_skip):
        frame.evaluate(f"() => {{ document.querySelector('video').currentTime = {SKIP_TO}; }}")
        frame.evaluate(
            """async () => {
                const video = document.querySelector("video");
                await video.play();
                await new Promise(resolve => setTimeout(resolve, 800));
                video.pause();
            }"""
        )
    frame.goto(frame.url)
    frame.wait_for_function(f"() => document.querySelector('video').currentTime >= {SKIP_TO}")


def _tells_of_the_skip(response: Response) -> bool:
    """Return whether this is the answer to a report from after the skip, and not to one of before it."""
    if not response.url.endswith("/watched"):
        return False
    return float((response.request.post_data_json or {}).get("position", 0)) >= SKIP_TO


def _answer(frame: Frame) -> None:
    """Give the right answers, which only the server knows."""
    module = load_module(LIBRARY / "health-innovation-management" / "leading-care-innovation")
    quiz = next(activity for activity in module.activities if isinstance(activity, Quiz))
    for question in quiz.questions:
        field = f'[name="answer-{question.id}"]'
        match question:
            case SingleChoice() | MultipleChoice():
                for option in sorted(question.correct):
                    frame.locator(f'{field}[value="{option}"]').check()
            case TrueFalse():
                frame.locator(f'{field}[value="{str(question.answer).lower()}"]').check()
            case _:
                frame.locator(field).fill(f"{question.value:g}".replace(".", ","))


def _teacher_sees_the_mark(tour: Tour) -> None:
    page = tour.person("vives", "Carine Deprez", size=DESKTOP)
    page.get_by_role("link", name=MANAGEMENT).click()
    page.get_by_role("link", name="Puntenboek").click()
    row = page.get_by_role("row", name=re.compile("Stijn Casteleyn"))
    expect(row).to_contain_text("20 / 20")
