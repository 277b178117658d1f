"""Looking after the columns of gradebooks: ours are made, changed and deleted; all are read back.

The network is in its middle, so it is four steps, of which only the outer ones touch the database:
`claim_column` and `read_task`, then `services.gradebooks.column_service.tend`, then `record_tending`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from content.module import Module
from lti_tool.lti import ags
from lti_tool.services.cohorts.rhythm import next_look
from lti_tool.services.gradebooks import grading
from lti_tool.services.gradebooks.column_service import Aim, ColumnTask, Tended, Unread
from lti_tool.services.platforms.calling import REFUSED_AGAIN_AFTER, Refused, Waiting
from lti_tool.services.study.publishing import find_published
from lti_tool.storage import work
from lti_tool.storage.models import (
    Cohort,
    Context,
    Deployment,
    Enrolment,
    LineItem,
    Person,
    Registration,
    ResourceLink,
    Score,
)
from lti_tool.storage.platforms import platform_registration

TENDING_LEASE = timedelta(minutes=5)
READ_BACK_EVERY = timedelta(days=1)


def claim_column(db: Session, now: datetime) -> int | None:
    """Take the column in hand that is due longest; None if none is."""
    row = work.claim(db, LineItem, now, lease=TENDING_LEASE)
    return None if row is None else row.id


def read_task(db: Session, line_item_id: int, now: datetime) -> ColumnTask:
    """Return what is to be done about a column."""
    row, cohort, context, registration = db.execute(
        select(LineItem, Cohort, Context, Registration)
        .join(Cohort, Cohort.id == LineItem.cohort_id)
        .join(Context, Context.id == LineItem.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(LineItem.id == line_item_id)
    ).one()
    wants = Aim.GONE if row.is_unwanted else Aim.THERE
    return ColumnTask(
        line_item_id=row.id,
        due_at=row.due_at,
        begun_at=now,
        platform=platform_registration(registration),
        aim=wants if row.is_ours else Aim.LEFT,
        url=row.url or "",
        is_outgrown=row.is_outgrown,
        line_items_url=context.line_items_url or "",
        wanted=_wanted(row, cohort, find_published(db, cohort.module_version_id).module),
        known=_urls(db, select(LineItem.url).where(_others(row))),
        claimed=_urls(db, select(ResourceLink.line_item_url).where(ResourceLink.context_id == context.id)),
    )


def _others(row: LineItem) -> ColumnElement[bool]:
    """Return what the other columns of the course have in common."""
    return and_(LineItem.context_id == row.context_id, LineItem.id != row.id)


def _urls(db: Session, query: Select[tuple[str | None]]) -> frozenset[str]:
    return frozenset(url for url in db.scalars(query) if url)


def record_tending(db: Session, task: ColumnTask, outcome: Tended | Waiting | Refused, now: datetime) -> None:
    """Note what came of it; a column that was planned anew meanwhile stays due."""
    row = work.find_locked(db, LineItem, task.line_item_id)
    if row is None:
        return
    if isinstance(outcome, Waiting):
        work.postpone(row, now, at_least=outcome.wait)
        return
    is_planned_anew = row.due_at != task.due_at
    if isinstance(outcome, Refused):
        # A column that came with a link is only read back: scores that are refused tell more.
        row.refusal = outcome.code if row.is_ours else None
        next_time: datetime | None = now + REFUSED_AGAIN_AFTER
    elif task.aim is Aim.GONE and row.is_unwanted:
        grading.hold_all_of(db, row)
        grading.forget_all_of(db, row)
        db.delete(row)
        return
    elif _is_a_links(db, row, outcome, task):
        next_time = now
    else:
        _keep(db, row, outcome, task, now)
        is_done = outcome.url and not outcome.is_outgrown
        next_time = next_look(db, row.cohort_id, now, every=READ_BACK_EVERY) if is_done else now
    work.finish(row, due_at=row.due_at if is_planned_anew else next_time)


def _is_a_links(db: Session, row: LineItem, outcome: Tended, task: ColumnTask) -> bool:
    """Return whether a launch claimed this very column for its link meanwhile, here or in another row."""
    if task.aim is not Aim.LEFT and not row.is_ours:
        return True
    same = select(LineItem.id).where(_others(row), LineItem.url == outcome.url)
    return bool(outcome.url) and db.scalar(same) is not None


def put_off_tending(db: Session, line_item_id: int, now: datetime) -> None:
    """Look after a column later whose work broke off."""
    work.put_off(db, LineItem, line_item_id, now)


def _wanted(row: LineItem, cohort: Cohort, module: Module) -> ags.WantedLineItem:
    language = module.languages[0]
    labels = {
        unit.id: f"{number}. {unit.title.in_(language)}" for number, unit in enumerate(module.units, start=1)
    }
    tag = f"klimop.{cohort.slug}.{row.unit_id or 'module'}"
    return ags.WantedLineItem(
        label=labels.get(row.unit_id, module.title.in_(language)),
        maximum=cohort.maximum,
        tag=tag,
        # Columns of links bear the same tag, and another resource id.
        resource_id=f"{tag}.own",
    )


def _keep(db: Session, row: LineItem, outcome: Tended, task: ColumnTask, now: datetime) -> None:
    if outcome.needs_marks:
        grading.hold_all_of(db, row)
    row.url, row.refusal, row.is_outgrown = outcome.url or None, None, outcome.is_outgrown
    if outcome.needs_marks:
        grading.resend_all_of(db, row, now)
    elif not isinstance(outcome.results, Unread):
        _keep_results(db, row, outcome.results, task, now)


def _keep_results(
    db: Session, row: LineItem, results: Mapping[str, float], task: ColumnTask, now: datetime
) -> None:
    """Note what the gradebook holds of each mark that it had been sent before it was asked."""
    scores = db.execute(
        select(Score, Person.subject)
        .join(Enrolment, Enrolment.id == Score.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Score.line_item_id == row.id, Score.sent_at < task.begun_at)
        .order_by(Score.id)
        .with_for_update(of=Score),
        execution_options={"populate_existing": True},
    )
    for score, subject in scores:
        score.result, score.result_at = results.get(subject), now
