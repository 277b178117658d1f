"""Columns of gradebooks on a real platform: made once, kept right, read back, and deleted when unwanted."""

from datetime import timedelta

from sqlalchemy import select

from lti_tool import clock
from lti_tool.demo.courses import MANAGEMENT
from lti_tool.demo.scores import Score as CampusScore
from lti_tool.services.gradebooks import column_service, outbox, sending, tending
from lti_tool.services.gradebooks.columns import plan_columns
from lti_tool.services.gradebooks.grading import Delivery
from lti_tool.services.gradebooks.outbox import ColumnState
from lti_tool.storage.models import Cohort, Context, Grading, LineItem, Score
from lti_tool.worker.platforms import send_scores, tend_columns
from tests.lti_tool.web.world import MODULE, World
from tests.lti_tool.worker.marks import FULL, HALF, columns, delivery, earn, enrolment, make_due

COLUMN = MANAGEMENT.line_items[0].id


def _choose(world: World, slug: str, grading: Grading, *, maximum: float = 100) -> None:
    """Let the cohort that a platform's first learner is in send something else to its gradebooks."""
    with world.database.begin() as db:
        cohort = db.get_one(Cohort, enrolment(db, slug, "11").cohort_id)
        cohort.grading, cohort.maximum = grading, maximum
        plan_columns(db, cohort.id, clock.now())


def _ours(world: World, slug: str) -> dict[str, float]:
    """Return the columns that the gradebook has from us, by tag, with their maximum."""
    course = world.campus.catalogue.course(slug, MANAGEMENT.id)
    return {item.tag: item.maximum for item in course.line_items if item.is_tools}


def _given(world: World, slug: str, sub: str) -> list[tuple[float | None, float]]:
    """Return what every column of ours holds of a learner, where it holds anything."""
    course = world.campus.catalogue.course(slug, MANAGEMENT.id)
    scores = [world.campus.store.scores(slug, item.id) for item in course.line_items if item.is_tools]
    return [(held[sub].given, held[sub].maximum) for held in scores if sub in held]


def test_columns_for_units_are_made_and_filled_and_go_again(world: World) -> None:
    world.visit("ucll", "11", MODULE)
    earn(world, "ucll", "11", HALF)
    _choose(world, "ucll", Grading.UNITS)
    tend_columns(world.workshop)
    send_scores(world.workshop)
    made = _ours(world, "ucll")
    assert len(made) > 1
    assert all(tag.startswith("klimop.management-autumn.") for tag in made)
    assert set(made.values()) == {100}
    assert _given(world, "ucll", "11") == [(50, 100)]
    assert world.campus.store.scores("ucll", COLUMN)["11"].given == 50

    _choose(world, "ucll", Grading.UNITS, maximum=20)
    tend_columns(world.workshop)
    make_due(world, Score)
    send_scores(world.workshop)
    assert set(_ours(world, "ucll").values()) == {20}
    assert _given(world, "ucll", "11") == [(10, 20)]

    _choose(world, "ucll", Grading.MODULE)
    tend_columns(world.workshop)
    assert _ours(world, "ucll") == {}
    with world.database.read() as db:
        assert [(row.unit_id, row.is_ours) for row in columns(db, "ucll", "11")] == [("", False)]


def test_a_worker_that_dies_while_it_makes_a_column_leaves_no_second_one(world: World) -> None:
    world.visit("odisee", "11", MODULE)
    _choose(world, "odisee", Grading.UNITS)
    shop, now = world.workshop, clock.now()
    with world.database.read() as db:
        _, ours, *_ = columns(db, "odisee", "11")
        task = tending.read_task(db, ours.id, now)
    column_service.tend(task, shop.caller.connector(task.platform, now))
    [made] = _ours(world, "odisee")
    make_due(world, LineItem)
    tend_columns(shop)
    course = world.campus.catalogue.course("odisee", MANAGEMENT.id)
    assert [item.tag for item in course.line_items].count(made) == 1
    _choose(world, "odisee", Grading.MODULE)
    tend_columns(shop)
    assert _ours(world, "odisee") == {}


def test_a_column_that_a_dead_worker_made_is_deleted_when_it_is_no_longer_wanted(world: World) -> None:
    world.visit("luca", "11", MODULE)
    _choose(world, "luca", Grading.UNITS)
    tend_columns(world.workshop)
    assert _ours(world, "luca") != {}
    with world.database.begin() as db:
        for column in columns(db, "luca", "11"):
            column.url = None if column.is_ours else column.url
    _choose(world, "luca", Grading.MODULE)
    tend_columns(world.workshop)
    assert _ours(world, "luca") == {}


def test_a_column_that_a_teacher_deleted_is_told_and_made_anew_only_when_asked(world: World) -> None:
    world.visit("thomas-more", "11", MODULE)
    _choose(world, "thomas-more", Grading.UNITS)
    tend_columns(world.workshop)
    made = _ours(world, "thomas-more")
    for item in world.campus.catalogue.course("thomas-more", MANAGEMENT.id).line_items:
        if item.is_tools:
            world.campus.catalogue.remove_line_item("thomas-more", item.id)
    make_due(world, LineItem)
    tend_columns(world.workshop)
    assert _ours(world, "thomas-more") == {}
    with world.database.begin() as db:
        here = enrolment(db, "thomas-more", "11")
        shown = outbox.outbox_of(db, here.cohort_id, clock.now(), context_id=here.context_id)
        assert {(column.state, column.refusal) for column in shown if column.is_ours} == {
            (ColumnState.REFUSED, "404")
        }
        outbox.send_all_again(db, here.cohort_id, clock.now(), context_id=here.context_id)
    tend_columns(world.workshop)
    assert _ours(world, "thomas-more") == made
    _choose(world, "thomas-more", Grading.MODULE)
    tend_columns(world.workshop)


def test_a_mark_that_a_teacher_wrote_over_is_shown_as_differing(world: World) -> None:
    world.visit("vives", "11", MODULE)
    earn(world, "vives", "11", HALF)
    send_scores(world.workshop)
    world.campus.store.override("vives", COLUMN, "11", 14)
    make_due(world, LineItem)
    tend_columns(world.workshop)
    with world.database.read() as db:
        here = enrolment(db, "vives", "11")
        [column] = outbox.outbox_of(db, here.cohort_id, clock.now(), context_id=here.context_id)
    [mark] = column.marks
    assert (mark.given, mark.result, mark.delivery) == (50, 70, Delivery.DIFFERING)


def test_a_score_whose_answer_was_lost_is_there_once(world: World) -> None:
    world.visit("vives", "12", MODULE)
    enrolment_id = earn(world, "vives", "12", FULL)
    now = clock.now()
    with world.database.begin() as db:
        score_id = sending.claim_score(db, now)
        assert score_id is not None
        errand = sending.read_errand(db, score_id)
    sending.send(errand, world.workshop.caller.connector(errand.platform, now))
    make_due(world, Score)
    send_scores(world.workshop)
    assert delivery(world, enrolment_id) is Delivery.SENT


def test_a_newer_mark_of_someone_else_is_not_taken_for_ours(world: World) -> None:
    world.visit("vives", "13", MODULE)
    enrolment_id = earn(world, "vives", "13", FULL)
    later = clock.now() + timedelta(minutes=5)
    world.campus.store.keep_score("vives", COLUMN, CampusScore("13", 7, 20, "by hand", later))
    send_scores(world.workshop)
    assert delivery(world, enrolment_id) is Delivery.REFUSED
    with world.database.read() as db:
        row = db.scalars(select(Score).where(Score.enrolment_id == enrolment_id)).one()
        assert (row.refusal, row.due_at) == ("409", None)


def test_an_lms_that_takes_no_columns_is_told_about(world: World) -> None:
    world.visit("ku-leuven", "11", MODULE)
    with world.database.begin() as db:
        here = enrolment(db, "ku-leuven", "11")
        db.get_one(Context, here.context_id).line_items_url = None
        db.add(
            LineItem(
                context_id=here.context_id,
                cohort_id=here.cohort_id,
                unit_id="",
                is_ours=True,
                due_at=clock.now(),
            )
        )
    tend_columns(world.workshop)
    with world.database.read() as db:
        refusals = {row.is_ours: row.refusal for row in columns(db, "ku-leuven", "11")}
    assert refusals == {False: None, True: column_service.NO_SERVICE}
