"""Units open on their day: for learners and those who look along with them; teachers look ahead."""

import pytest
from flask_babel import force_locale, format_date
from sqlalchemy import delete, func, select

from content.activity import Quiz
from content.module import Unit
from lti_tool.services.study.learning import Course, find_course
from lti_tool.storage.models import Cohort, Enrolment, Person, Progress, QuizAttempt, Visit
from tests.lti_tool.web.world import MODULE, Page, World

LEARNER, TEACHER, ADMINISTRATOR, OBSERVER = (
    ("ku-leuven", "12"),
    ("ku-leuven", "3"),
    ("ku-leuven", "2"),
    ("ucll", "6"),
)
LOCKED = "Deze leereenheid is nog niet open"


@pytest.fixture(scope="module")
def course(world: World) -> Course:
    with world.database.read() as db:
        return find_course(db, db.scalar(select(Cohort.id).where(Cohort.slug == "management-autumn")))


@pytest.fixture(scope="module")
def now_open(course: Course) -> Unit:
    return course.module.units[0]


@pytest.fixture(scope="module")
def later(course: Course) -> Unit:
    return course.module.units[1]


def _quiz(unit: Unit) -> str:
    return next(activity.id for activity in unit.activities if isinstance(activity, Quiz))


def _traces(world: World, name: str) -> int:
    with world.database.read() as db:
        query = select(func.count()).select_from(Progress).join(Enrolment).join(Person, Person.name == name)
        return db.scalar(query.where(Enrolment.person_id == Person.id)) or 0


@pytest.mark.parametrize(
    ("who", "opens"), [(LEARNER, False), (OBSERVER, False), (TEACHER, True), (ADMINISTRATOR, True)]
)
def test_a_unit_that_opens_later_is_locked_except_for_who_looks_ahead(
    world: World, now_open: Unit, later: Unit, who: tuple[str, str], opens: bool
) -> None:
    page = world.visit(*who, MODULE)
    answer = page.get(f"/activities/{later.activities[0].id}")
    assert (answer.status_code, LOCKED in answer.text) == ((200, False) if opens else (403, True))
    assert (f"/activities/{later.activities[0].id}" in page.get("/").text) is opens
    assert page.get(f"/activities/{now_open.activities[0].id}").status_code == 200


def test_the_page_of_a_locked_unit_says_when_it_opens(world: World, course: Course, later: Unit) -> None:
    page = world.visit(*LEARNER, MODULE)
    with world.tool.test_request_context(), force_locale("nl"):
        day = format_date(course.schedule.opens(later), "EEEE d MMMM")
    for path in (f"/activities/{later.activities[0].id}", f"/?unit={later.id}"):
        assert f"opent op {day}" in page.get(path).text


def test_nothing_of_a_locked_unit_is_kept(world: World, later: Unit) -> None:
    page = world.visit(*LEARNER, MODULE)
    before = _traces(world, "Wim Vandeputte")
    for path in ("read", "watched", "attempts"):
        answer = page.post(f"/activities/{_quiz(later)}/{path}", {"ticket": "locked"})
        assert (answer.status_code, LOCKED in answer.text) == (403, True)
    assert _traces(world, "Wim Vandeputte") == before


def test_after_the_last_open_activity_one_waits_for_the_next_unit(
    world: World, now_open: Unit, later: Unit
) -> None:
    page = world.visit("ku-leuven", "13", MODULE)
    for activity in now_open.activities:
        page.get(f"/activities/{activity.id}")
    with world.database.begin() as db:
        for row in db.scalars(select(Progress).join(Enrolment).join(Person)).all():
            row.completed_at = row.updated_at
    text = page.get("/").text
    assert "Je bent helemaal bij." in text
    assert page.get(f"/activities/{now_open.activities[-1].id}").text.count(later.activities[0].id) == 0
    with world.database.begin() as db:
        db.execute(delete(Progress))


def test_a_link_to_a_unit_lands_on_that_unit(world: World, now_open: Unit, later: Unit) -> None:
    page = world.visit("ku-leuven", "14", MODULE)
    text = page.get(f"/?unit={now_open.id}").text
    assert "De andere leereenheden van deze module" in text
    assert text.index(now_open.title.nl) < text.index("De andere leereenheden") < text.index(later.title.nl)
    assert "De andere leereenheden" not in page.get("/?unit=of-another-version").text


@pytest.mark.parametrize("who", [OBSERVER, ADMINISTRATOR, TEACHER])
def test_who_only_looks_is_told_so_and_leaves_no_trace(
    world: World, now_open: Unit, who: tuple[str, str]
) -> None:
    page = world.visit(*who, MODULE)
    with world.database.read() as db:
        before = [db.scalar(select(func.count()).select_from(kind)) for kind in (Progress, QuizAttempt)]
    for activity in now_open.activities:
        assert page.get(f"/activities/{activity.id}").status_code == 200
    for path in ("read", "watched", "attempts"):
        answer = page.post(f"/activities/{_quiz(now_open)}/{path}", {"ticket": "looking"})
        assert (answer.status_code, "Je kijkt mee" in answer.text) == (403, True)
    with world.database.read() as db:
        after = [db.scalar(select(func.count()).select_from(kind)) for kind in (Progress, QuizAttempt)]
    assert after == before


def test_a_mentor_sees_nothing_of_other_people(world: World) -> None:
    page = world.visit(*OBSERVER, MODULE)
    with world.database.read() as db:
        names = [name for name in db.scalars(select(Person.name)) if name and name != "Peter Maenhout"]
    for path in ("/", "/programme", "/cohort", "/live", "/agenda", "/mark"):
        text = page.get(path).text
        assert [name for name in names if name in text] == []


def test_a_pass_mark_is_shown_to_learners(world: World) -> None:
    with world.database.begin() as db:
        cohort = db.scalars(select(Cohort).where(Cohort.slug == "management-autumn")).one()
        cohort.pass_share, cohort.maximum = 0.525, 20
    assert "Geslaagd vanaf 10,5 op 20." in world.visit(*LEARNER, MODULE).response.text
    with world.database.begin() as db:
        db.scalars(select(Cohort).where(Cohort.slug == "management-autumn")).one().pass_share = None


def test_a_link_to_a_programme_shows_what_one_studies_of_it(world: World) -> None:
    page = world.visit("ku-leuven", "12", MODULE)
    _open_programme(world, page)
    text = page.get("/programme").text
    assert "Open ze vanuit je cursus Health Innovation Management." in text
    assert page.get("/").status_code == 404


def _open_programme(world: World, page: Page) -> None:
    """Make of a visit what a launch of a link to a programme, of no cohort, makes of it."""
    with world.database.begin() as db:
        visit = db.get_one(Visit, page.home.rsplit("/", 1)[1])
        visit.cohort_id, visit.programme_id = None, "health-innovation-management"
