"""Columns of gradebooks: which of them a cohort's marks go to. `services.tending` makes and deletes ours."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content.progress import graded_quizzes
from lti_tool.services.gradebooks import grading
from lti_tool.services.study.publishing import find_published
from lti_tool.storage import work
from lti_tool.storage.models import Cohort, Context, Grading, LineItem, Opens, ResourceLink, Score
from lti_tool.storage.rows import change, find_or_add

# What these links open has a mark; the live sessions and the programme have none.
GRADED_VIEWS = (Opens.MODULE, Opens.UNIT)


def keep_claimed(db: Session, link: ResourceLink, context: Context, url: str | None, now: datetime) -> None:
    """Take note of the column that came with a link, and let what was earned go there.

    Call it when the link is new, or when its column or what it opens has changed. A course whose link brings
    none gets columns of ours.
    """
    change(link, line_item_url=url or None)
    db.flush()
    _forget_unclaimed(db, context.id)
    # Of many who open a new link at once, only the first has anything to do.
    if link.cohort_id is None or link.opens not in GRADED_VIEWS or _is_settled(db, link):
        return
    _hold(db, link.cohort_id)
    if url and link.unit_id in _graded(db, db.get_one(Cohort, link.cohort_id)):
        _claim(db, link, url)
    plan_columns(db, link.cohort_id, now, context_id=context.id)


def plan_columns(db: Session, cohort_id: int, now: datetime, *, context_id: int | None = None) -> None:
    """Make due what must change in the gradebooks for them to hold what the cohort's settings ask for.

    In all of its courses, or in one. A column that came with a link stays; where the platform lets us, the
    others are made, or deleted when they are wanted no longer.
    """
    db.flush()
    _hold(db, cohort_id)
    cohort = db.get_one(Cohort, cohort_id)
    for context in _courses(db, cohort_id, context_id):
        _plan_course(db, cohort, context, now)


def _hold(db: Session, cohort_id: int) -> None:
    """Let one transaction at a time change the columns of a cohort."""
    db.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update(key_share=True))


def _courses(db: Session, cohort_id: int, context_id: int | None) -> list[Context]:
    """Return the courses with a link that has a mark."""
    placed = select(ResourceLink.context_id).where(
        ResourceLink.cohort_id == cohort_id, ResourceLink.opens.in_(GRADED_VIEWS)
    )
    query = select(Context).where(Context.id.in_(placed)).order_by(Context.id)
    return list(db.scalars(query if context_id is None else query.where(Context.id == context_id)))


def _plan_course(db: Session, cohort: Cohort, context: Context, now: datetime) -> None:
    query = (
        select(LineItem)
        .where(LineItem.cohort_id == cohort.id, LineItem.context_id == context.id)
        .order_by(LineItem.id)
        .with_for_update(key_share=True)
    )
    columns = db.scalars(query, execution_options={"populate_existing": True}).all()
    wanted = _wanted(db, cohort) - {column.unit_id for column in columns if not column.is_ours}
    ours = {column.unit_id: column for column in columns if column.is_ours}
    if context.line_items_url:
        for unit_id in sorted(wanted - ours.keys()):
            db.add(
                LineItem(
                    context_id=context.id, cohort_id=cohort.id, unit_id=unit_id, is_ours=True, due_at=now
                )
            )
    for unit_id, column in ours.items():
        column.is_unwanted = unit_id not in wanted
        work.finish(column, due_at=now)
    db.flush()
    if cohort.grading is not Grading.NOTHING:
        for column in columns:
            if not column.is_unwanted:
                grading.queue_all_of(db, column, now)


def _wanted(db: Session, cohort: Cohort) -> set[str]:
    """Return the unit ids of the columns that the settings ask for; the module's is empty."""
    graded = _graded(db, cohort)
    return {
        Grading.MODULE: graded & {""},
        Grading.UNITS: graded - {""},
        Grading.NOTHING: set(),
    }[cohort.grading]


def _graded(db: Session, cohort: Cohort) -> set[str]:
    """Return the unit ids that have marks; the module's is empty."""
    module = find_published(db, cohort.module_version_id).module
    units = {unit.id for unit in module.units if graded_quizzes(unit)}
    return {"", *units} if units else set()


def _is_settled(db: Session, link: ResourceLink) -> bool:
    """Return whether the link's column holds what it must, or, where it has none, the course has others."""
    query = select(LineItem.id).where(
        LineItem.context_id == link.context_id, LineItem.cohort_id == link.cohort_id
    )
    if link.line_item_url is not None:
        query = query.where(
            LineItem.url == link.line_item_url,
            LineItem.unit_id == link.unit_id,
            LineItem.is_ours.is_(False),
        )
    return db.scalar(query.limit(1)) is not None


def _claim(db: Session, link: ResourceLink, url: str) -> None:
    """Let a link's column hold the marks of what the link opens."""
    opened = {"cohort_id": link.cohort_id, "unit_id": link.unit_id}
    keys = {"context_id": link.context_id, "url": url}
    first = {"is_ours": False, "is_unwanted": False, "is_outgrown": False, "attempts": 0}
    column = find_or_add(db, LineItem, keys=keys, **opened, **first)
    if (column.cohort_id, column.unit_id) == (link.cohort_id, link.unit_id):
        # Found by its tag before the link was opened, or made by us: from now on it is the link's.
        change(column, is_ours=False, is_unwanted=False)
    elif not column.is_ours:  # some platforms claim for a link what we made beside it for something else
        grading.forget_all_of(db, column)
        change(column, **opened)
    db.flush()


def _forget_unclaimed(db: Session, context_id: int) -> None:
    """Forget columns of this course that came with links and went with them."""
    claimed = select(ResourceLink.line_item_url).where(
        ResourceLink.context_id == context_id,
        ResourceLink.line_item_url.is_not(None),
        ResourceLink.opens.in_(GRADED_VIEWS),
        ResourceLink.cohort_id.is_not(None),
    )
    gone = select(LineItem.id).where(
        LineItem.context_id == context_id, LineItem.is_ours.is_(False), LineItem.url.not_in(claimed)
    )
    db.execute(delete(Score).where(Score.line_item_id.in_(gone)))
    db.execute(delete(LineItem).where(LineItem.id.in_(gone)))
