"""A teacher places links from inside her LMS: what she chooses is what the course gets."""

import pytest
from sqlalchemy import func, select

from lti_tool.demo.courses import MANAGEMENT_COHORT
from lti_tool.demo.people import Kind
from lti_tool.services.launches.targets import HISTORY, place
from lti_tool.storage.models import (
    Cohort,
    Deployment,
    Enrolment,
    Grading,
    Institution,
    ModuleVersion,
    Partner,
    Progress,
)
from tests.lti_tool.web.placing import (
    COURSE,
    MODULE_AND_LIVE,
    NEW_COHORT,
    check,
    links_of,
    open_picker,
    send_on,
    teacher_of,
)
from tests.lti_tool.web.world import MODULE, Page, World

PROGRAMME = "health-innovation-management"
MODULE_ID = "leading-care-innovation"
TITLE = "Innovatie leiden in zorg en welzijn"
WIDE = MANAGEMENT_COHORT[1]  # the cohort of all six


@pytest.fixture(scope="module")
def version_id(world: World) -> int:
    with world.database.read() as db:
        return db.scalars(select(ModuleVersion.id).where(ModuleVersion.module_id == MODULE_ID)).one()


def _place(page: Page, version_id: int, chosen: dict[str, object]) -> None:
    """Confirm what was chosen, and send the answer to the platform."""
    answer = page.post(f"/place/{version_id}", chosen)
    assert answer.status_code == 200
    assert send_on(page, answer).status_code == 200


def _newest_cohort(world: World) -> Cohort:
    with world.database.read() as db:
        return db.scalars(select(Cohort).order_by(Cohort.id.desc()).limit(1)).one()


def _count(world: World, model: type[Cohort] | type[Progress] | type[Enrolment]) -> int:
    with world.database.read() as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def test_a_module_with_its_live_sessions_is_placed_whole(world: World, version_id: int) -> None:
    page = open_picker(world, "ucll")
    assert TITLE in page.response.text
    _place(page, version_id, MODULE_AND_LIVE | NEW_COHORT | {"institutions": ["vives"]})
    cohort = _newest_cohort(world)
    module, live = links_of(world, "ucll")[-2:]
    with world.database.read() as db:
        partners = db.scalars(
            select(Institution.slug)
            .join(Partner, Partner.institution_id == Institution.id)
            .where(Partner.cohort_id == cohort.id)
            .order_by(Institution.slug)
        ).all()
        registration_id, deployment_id = db.execute(
            select(Deployment.registration_id, Deployment.deployment_id)
            .join(Institution, Deployment.institution_id == Institution.id)
            .where(Institution.slug == "ucll")
        ).one()
    assert (cohort.name, cohort.starts_on.isoformat(), cohort.weeks) == ("Proef", "2027-02-08", None)
    assert (cohort.grading, cohort.maximum, partners) == (Grading.MODULE, 20, ["ucll", "vives"])
    assert [module.title, live.title] == [TITLE, f"Live sessies: {TITLE}"]
    placed_in = place(registration_id, deployment_id, COURSE)
    shared = {"cohort": cohort.slug, "module": MODULE_ID, "programme": PROGRAMME, "placed_in": placed_in}
    assert dict(module.custom) == {"view": "module"} | shared | HISTORY
    assert dict(live.custom) == {"view": "live"} | shared | HISTORY
    assert module.url == live.url == f"{world.settings.base_url}/lti/launch"


def test_the_placed_module_brings_its_column(world: World) -> None:
    course = world.campus.catalogue.course("ucll", COURSE)
    module, live = course.links[-2:]
    assert [(column.label, column.maximum) for column in course.columns_of(module)] == [(TITLE, 20)]
    assert course.columns_of(live) == ()


def test_the_placed_link_opens_the_new_cohort_which_its_teacher_leads(world: World) -> None:
    link = links_of(world, "ucll")[-2]
    page = world.visit("ucll", teacher_of("ucll"), link.id)
    assert page.response.url.endswith("/cohort")
    assert "Proef" in page.response.text
    learner = world.visit("ucll", teacher_of("ucll", Kind.MANAGER), link.id)
    assert learner.response.status_code == 200
    assert "Proef" in learner.response.text


def test_a_double_click_starts_one_cohort(world: World, version_id: int) -> None:
    page = open_picker(world, "ku-leuven")
    before = _count(world, Cohort)
    for _twice in range(2):
        page.post(f"/place/{version_id}", MODULE_AND_LIVE | NEW_COHORT)
    assert _count(world, Cohort) == before + 1


def test_only_the_page_of_the_answer_may_send_its_form_to_the_platform(world: World, version_id: int) -> None:
    page = open_picker(world, "ku-leuven")
    answer = page.post(f"/place/{version_id}", MODULE_AND_LIVE | NEW_COHORT)
    policies = [one.headers["Content-Security-Policy"] for one in (page.response, answer, page.get("/place"))]
    own = "form-action 'self'"
    assert [own + ";" in policy for policy in policies] == [True, False, True]
    assert f"{own} {world.campus.settings.base_url};" in policies[1]


def test_the_return_address_is_escaped(world: World, version_id: int) -> None:
    page = open_picker(world, "ku-leuven")
    answer = page.post(f"/place/{version_id}", MODULE_AND_LIVE | NEW_COHORT)
    assert f"/deep-linking/return?course={COURSE}&amp;section=content" in answer.text


def test_placing_nothing_goes_back_with_a_message(world: World) -> None:
    page = open_picker(world, "vives")
    before = links_of(world, "vives")
    back = send_on(page, page.post("/place/cancel", {}))
    assert "lti_msg=Er+is+niets+geplaatst." in back.text
    assert links_of(world, "vives") == before


def test_titles_are_in_the_language_that_was_chosen(world: World, version_id: int) -> None:
    page = open_picker(world, "luca")
    chosen = MODULE_AND_LIVE | {"cohort": WIDE, "titles": "en", "ticket": "t"}
    assert "Leading innovation in care and welfare" in check(page, version_id, chosen).text
    _place(page, version_id, chosen)
    titles = [link.title for link in links_of(world, "luca")[-2:]]
    module = "Leading innovation in care and welfare"
    assert titles == [module, f"Live sessions: {module}"]


def test_a_unit_brings_the_column_of_its_own_mark(world: World, version_id: int) -> None:
    page = open_picker(world, "vives")
    with world.database.read() as db:
        document = db.get_one(ModuleVersion, version_id).document
    unit = document["units"][0]
    _place(
        page,
        version_id,
        NEW_COHORT | {"what": [f"unit:{unit['id']}"], "grading": "units", "maximum": "10"},
    )
    course = world.campus.catalogue.course("vives", COURSE)
    placed = course.links[-1]
    assert placed.title == unit["title"]["nl"]
    assert dict(placed.custom)["unit"] == unit["id"]
    assert [(column.label, column.maximum) for column in course.columns_of(placed)] == [(placed.title, 10)]


def test_an_overview_is_placed_without_a_cohort(world: World) -> None:
    page = open_picker(world, "vives")
    before = _count(world, Cohort)
    assert "Health Innovation Management" in page.get(f"/place/overview/{PROGRAMME}").text
    send_on(page, page.post(f"/place/overview/{PROGRAMME}", {}))
    placed = links_of(world, "vives")[-1]
    assert {"view": "programme", "programme": PROGRAMME}.items() <= dict(placed.custom).items()
    assert _count(world, Cohort) == before
    assert (
        "Health Innovation Management" in world.visit("vives", teacher_of("vives"), placed.id).response.text
    )


def test_an_lms_that_takes_one_link_gets_one(world: World, version_id: int) -> None:
    page = open_picker(world, "odisee")
    assert 'type="radio" name="what"' in page.get(f"/place/{version_id}").text
    assert check(page, version_id, MODULE_AND_LIVE | NEW_COHORT).status_code == 422
    assert page.post(f"/place/{version_id}", MODULE_AND_LIVE | NEW_COHORT).status_code == 422
    before = links_of(world, "odisee")
    _place(page, version_id, NEW_COHORT | {"what": ["module"]})
    assert len(links_of(world, "odisee")) == len(before) + 1


def test_a_cohort_is_offered_to_owner_and_colleague_and_no_stranger(world: World, version_id: int) -> None:
    owner = open_picker(world, "ucll")
    chosen = MODULE_AND_LIVE | NEW_COHORT | {"name": "Voor twee", "institutions": ["vives"]}
    owner.post(f"/place/{version_id}", chosen)
    slug = _newest_cohort(world).slug
    colleague, stranger = open_picker(world, "vives"), open_picker(world, "thomas-more")
    pages = [one.get(f"/place/{version_id}").text for one in (owner, colleague, stranger)]
    assert ["Voor twee" in text for text in pages] == [True, True, False]
    joining = MODULE_AND_LIVE | {"cohort": slug, "titles": "nl", "ticket": "t"}
    answers = [check(one, version_id, joining).status_code for one in (owner, colleague, stranger)]
    assert answers == [200, 200, 422]
    assert stranger.post(f"/place/{version_id}", joining).status_code == 422
    assert colleague.post(f"/place/{version_id}", joining).status_code == 200
    with world.database.read() as db:
        enrolled = db.execute(
            select(Institution.slug, Enrolment.team_since.is_not(None))
            .join(Enrolment, Enrolment.institution_id == Institution.id)
            .join(Cohort, Enrolment.cohort_id == Cohort.id)
            .where(Cohort.slug == slug)
            .order_by(Institution.slug)
        ).all()
    assert [tuple(row) for row in enrolled] == [("ucll", True), ("vives", False)]


@pytest.mark.parametrize("path", ["/place", "/place/1", "/place/1/check?what=module", "/link", "/preview/1/"])
def test_who_does_not_teach_places_nothing(world: World, path: str) -> None:
    learner = world.visit("ucll", teacher_of("ucll", Kind.MANAGER), MODULE)
    administrator = world.visit("ucll", teacher_of("ucll", Kind.ADMINISTRATOR), MODULE)
    assert [one.get(path).status_code for one in (learner, administrator)] == [403, 403]
    assert learner.post("/place/1", MODULE_AND_LIVE | NEW_COHORT).status_code == 403


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"what": []}, "Kies wat je wilt plaatsen."),
        ({"what": ["unit:nowhere"]}, "Kies wat je wilt plaatsen."),
        ({"cohort": "nowhere"}, "Kies een cyclus, of start er een."),
        ({"cohort": ""}, "Kies een cyclus, of start er een."),
        ({"starts_on": "soon"}, "Geef een datum."),
        ({"starts_on": "9999-12-31"}, "Kies een dag van hoogstens een jaar geleden en binnen twee jaar."),
        ({"weeks": "0"}, "Geef een geheel getal van 1 tot 52."),
        ({"name": "x" * 101}, "Geef een naam van hoogstens 100 tekens."),
        ({"name": "\0"}, "Geef een naam van hoogstens 100 tekens."),
        ({"grading": "all"}, "Kies wat naar het puntenboek gaat."),
        ({"maximum": "twenty"}, "Geef een geheel getal van 1 tot 1000."),
        ({"institutions": ["nowhere"]}, "Kies uit de instellingen in de lijst."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    world: World, version_id: int, change: dict[str, object], sentence: str
) -> None:
    page = open_picker(world, "ku-leuven")
    before = _count(world, Cohort)
    chosen = MODULE_AND_LIVE | NEW_COHORT | change
    answers = [check(page, version_id, chosen), page.post(f"/place/{version_id}", chosen)]
    assert [(one.status_code, sentence in one.text) for one in answers] == [(422, True), (422, True)]
    assert _count(world, Cohort) == before


@pytest.mark.parametrize(
    "path",
    [
        "/place/0",
        "/place/2147483648",
        "/place/overview/nowhere",
        "/preview/2147483648/",
        "/preview/1/activities/x",
    ],
)
def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    assert open_picker(world, "ku-leuven").get(path).status_code == 404


def test_a_form_without_the_page_s_own_ticket_is_refused(world: World, version_id: int) -> None:
    page = open_picker(world, "ku-leuven")
    assert (
        page.post(f"/place/{version_id}", MODULE_AND_LIVE | NEW_COHORT | {"ticket": "a b"}).status_code == 400
    )


def test_the_check_page_without_choices_goes_back_to_them(world: World, version_id: int) -> None:
    page = open_picker(world, "ku-leuven")
    assert page.get(f"/place/{version_id}/check").url.endswith(f"/place/{version_id}")


@pytest.mark.parametrize(
    ("wanted", "found"), [("pdsa", True), ("Leading INNOVATION", True), ("zeppelin", False)]
)
def test_the_search_finds_modules_by_what_they_are_about(world: World, wanted: str, found: bool) -> None:
    page = open_picker(world, "ku-leuven")
    assert (TITLE in page.get(f"/place?q={wanted}").text) is found


def test_a_preview_shows_what_learners_see_and_records_nothing(world: World, version_id: int) -> None:
    page = open_picker(world, "ku-leuven")
    before = _count(world, Progress), _count(world, Enrolment)
    for path in ("", "programme", "activities/unit-1-check", "activities/why-innovations-stall-video"):
        shown = page.get(f"/preview/{version_id}/{path}")
        assert (shown.status_code, "Er wordt niets bewaard" in shown.text) == (200, True)
        assert f"{page.home}/activities/" not in shown.text
        assert shown.text.count("<form") == 1  # the choice of language
    assert (_count(world, Progress), _count(world, Enrolment)) == before
