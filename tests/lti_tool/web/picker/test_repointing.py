"""A link that leads nowhere: its teacher points it at something, and its learners get there."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from lti_tool import clock
from lti_tool.demo.courses import MANAGEMENT_COHORT
from lti_tool.demo.people import Kind
from lti_tool.storage.models import Cohort, ModuleVersion, ResourceLink
from tests.lti_tool.web.placing import (
    COURSE,
    MODULE_AND_LIVE,
    NEW_COHORT,
    links_of,
    open_picker,
    send_on,
    teacher_of,
)
from tests.lti_tool.web.world import MODULE, Page, World
from tests.platform.visitor import TIMEOUT, Visitor

WIDE = MANAGEMENT_COHORT[1]  # the cohort of all six
NOWHERE = "Deze koppeling opent nu niets"


@dataclass(frozen=True)
class Copy:
    """A copy of a course in which the module and the live sessions of an old cohort were placed."""

    slug: str
    version_id: int
    module: str
    live: str

    def visit(self, world: World, link: str, kind: Kind = Kind.TEACHER) -> Page:
        return world.visit(self.slug, teacher_of(self.slug, kind), link)


def _copy(world: World, slug: str) -> Copy:
    """Place links, copy the course, and put the learners in the copy."""
    with world.database.read() as db:
        query = select(ModuleVersion.id).where(ModuleVersion.module_id == "leading-care-innovation")
        version_id = db.scalars(query).one()
    picker = open_picker(world, slug)
    send_on(picker, picker.post(f"/place/{version_id}", MODULE_AND_LIVE | NEW_COHORT | {"name": "Oud"}))
    placed = [link.title for link in links_of(world, slug)[-2:]]
    with Visitor(world.lms(slug), teacher_of(slug)) as teacher:
        courses = f"{teacher.lms.issuer}/courses"
        teacher.http.post(f"{courses}/{COURSE}/copy", timeout=TIMEOUT).raise_for_status()
        copied = world.campus.catalogue.courses(slug)[-1]
        teacher.http.post(f"{courses}/{copied.id}/enrol", timeout=TIMEOUT).raise_for_status()
    module, live = copied.links[-2:]
    assert [module.title, live.title] == placed
    return Copy(slug, version_id, module.id, live.id)


def _opened(world: World, link: str) -> list[tuple[str, str, bool]]:
    """Return (what it opens, the cohort's name, was it repointed) of a link that opens a cohort."""
    with world.database.read() as db:
        rows = db.execute(
            select(ResourceLink.opens, Cohort.name, ResourceLink.is_repointed)
            .join(Cohort, ResourceLink.cohort_id == Cohort.id)
            .where(ResourceLink.link_id == link)
        ).all()
    return [(opens.value, name, is_repointed) for opens, name, is_repointed in rows]


def test_a_copied_link_asks_its_teacher_what_to_open_and_tells_learners_kindly(world: World) -> None:
    copy = _copy(world, "ucll")
    teacher = copy.visit(world, copy.module)
    assert teacher.response.url.endswith("/link")
    assert NOWHERE in teacher.response.text
    assert "Ze kwam mee toen deze cursus gekopieerd werd." in teacher.response.text
    learner = copy.visit(world, copy.module, Kind.MANAGER)
    assert (learner.response.status_code, NOWHERE in learner.response.text) == (404, True)


def test_a_new_cohort_opens_for_the_copy_s_learners(world: World) -> None:
    copy = _copy(world, "ucll")
    teacher = copy.visit(world, copy.module)
    chosen = NEW_COHORT | {"what": ["module"], "name": "Nieuw"}
    opened = teacher.post(f"/place/{copy.version_id}", chosen)
    assert opened.url.endswith("/cohort?said=link_pointed")
    assert "Nieuw" in opened.text
    assert _opened(world, copy.module) == [("module", "Nieuw", True)]
    assert "Nieuw" in copy.visit(world, copy.module, Kind.MANAGER).response.text
    assert copy.visit(world, copy.module).response.url.endswith("/cohort")


def test_links_that_came_along_go_along(world: World) -> None:
    copy = _copy(world, "ucll")
    copy.visit(world, copy.live)
    teacher = copy.visit(world, copy.module)
    assert "Stel ook de 1 andere koppeling van deze cursus in" in teacher.response.text
    chosen = NEW_COHORT | {"what": ["module"], "name": "Samen", "others": "1"}
    teacher.post(f"/place/{copy.version_id}", chosen)
    assert _opened(world, copy.live) == [("live", "Samen", True)]


def test_what_a_teacher_chose_survives_that_its_cohort_is_closed_for_a_while(world: World) -> None:
    copy = _copy(world, "ucll")
    copy.visit(world, copy.module).post(f"/place/{copy.version_id}", NEW_COHORT | {"what": ["module"]})
    with world.database.begin() as db:
        cohort = db.scalars(select(Cohort).order_by(Cohort.id.desc()).limit(1)).one()
        cohort.closed_at = clock.now()
    assert "De cyclus is beëindigd." in copy.visit(world, copy.module).response.text
    with world.database.begin() as db:
        db.get_one(Cohort, cohort.id).closed_at = None
    assert copy.visit(world, copy.module).response.url.endswith("/cohort")


def test_a_link_may_keep_its_old_cohort(world: World) -> None:
    copy = _copy(world, "ku-leuven")
    teacher = copy.visit(world, copy.module)
    assert "Oud behouden" in teacher.response.text
    (old,) = {value.split('"')[0] for value in teacher.response.text.split('name="cohort" value="')[1:]}
    assert teacher.post("/link", {"cohort": old}).url.endswith("/cohort?said=link_pointed")
    assert _opened(world, copy.module) == [("module", "Oud", True)]


def test_the_overview_of_a_programme_is_of_no_cohort_and_opens_in_a_copy_too(world: World) -> None:
    picker = open_picker(world, "ucll")
    send_on(picker, picker.post("/place/overview/health-innovation-management", {}))
    course = world.campus.catalogue.course("ucll", COURSE)
    copied = world.campus.catalogue.copy("ucll", course, "Kopie")
    opened = world.visit("ucll", teacher_of("ucll"), copied.links[-1].id)
    assert "/programme" in opened.response.url


def test_a_cohort_of_others_cannot_be_kept(world: World) -> None:
    owner = _copy(world, "luca")
    with world.database.read() as db:
        slug = db.scalars(select(Cohort.slug).order_by(Cohort.id.desc()).limit(1)).one()
    stranger = world.visit("vives", teacher_of("vives"), MODULE)
    assert stranger.post("/link", {"cohort": slug}).url.endswith("/link")
    assert _opened(world, owner.module) == []


def test_a_link_that_works_can_be_changed_too(world: World) -> None:
    picker = open_picker(world, "vives")
    send_on(picker, picker.post("/place/1", NEW_COHORT | {"what": ["module"], "name": "Eerst"}))
    placed = links_of(world, "vives")[-1].id
    teacher = world.visit("vives", teacher_of("vives"), placed)
    assert "Eerst" in teacher.get("/link").text
    opened = teacher.post("/place/1", {"what": ["live"], "cohort": WIDE, "titles": "nl", "ticket": "t"})
    assert opened.url.endswith("/cohort?said=link_pointed")
    assert _opened(world, placed) == [("live", "Najaar", True)]


@pytest.mark.parametrize("kind", [Kind.MANAGER, Kind.ADMINISTRATOR])
def test_who_does_not_teach_points_nothing(world: World, kind: Kind) -> None:
    page = world.visit("ucll", teacher_of("ucll", kind), MODULE)
    assert page.post("/link", {"cohort": WIDE}).status_code == 403


def test_a_visit_that_places_has_no_link_to_point(world: World) -> None:
    assert open_picker(world, "ucll").get("/link").status_code == 404
