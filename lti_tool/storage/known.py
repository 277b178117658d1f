"""What is known of those who come in: all that a launch may touch, read at once."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from lti_tool.storage.models import (
    Cohort,
    Context,
    Deployment,
    Discriminator,
    Document,
    Enrolment,
    NoticeSubscription,
    Opens,
    Partner,
    Person,
    ResourceLink,
    Roster,
)


class Known(NamedTuple):
    """What earlier launches left; ids are None for what is new.

    `enrolment`, `roster` and their like are those of the cohort that the link opens now. `open_cohort_id` is
    the cohort that was asked for, if it opens to the deployment's institution.
    """

    deployment_id: int
    institution_id: int
    is_shared: bool
    deployment_launched_at: datetime | None
    open_cohort_id: int | None
    context_id: int | None
    context_label: str | None
    context_title: str | None
    context_line_items_url: str | None
    context_copied_from_id: int | None
    link_id: int | None
    link_title: str | None
    link_opens: Opens | None
    link_cohort_id: int | None
    link_programme_id: str | None
    link_unit_id: str | None
    link_is_repointed: bool | None
    link_named: Document | None
    link_line_item_url: str | None
    person_id: int | None
    person_name: str | None
    enrolment_id: int | None
    enrolment_institution_id: int | None
    enrolment_context_id: int | None
    enrolment_role: str | None
    enrolment_employer: str | None
    enrolment_team_since: datetime | None
    enrolment_launched_at: datetime | None
    enrolment_left_at: datetime | None
    roster_url: str | None
    roster_groups_url: str | None
    notices_url: str | None


def find_known(
    db: Session,
    *,
    registration_id: int,
    deployment_id: str,
    context_id: str,
    link_id: str,
    subject: str,
    cohort: str,
) -> Known:
    """Return what is known, in the platform's own words for each; `cohort` is a slug, or empty for none."""
    values = {
        "registration": registration_id,
        "deployment": deployment_id,
        "context": context_id,
        "link": link_id,
        "subject": subject,
        "cohort": cohort,
    }
    return Known(*db.connection().execute(KNOWN, values).one())


def find_open_cohort(db: Session, slug: str, institution_id: int) -> int | None:
    """Return the cohort that opens to an institution under this slug; None where there is none."""
    return db.scalar(
        select(Cohort.id)
        .join(Partner, Partner.cohort_id == Cohort.id)
        .where(Cohort.slug == slug, Partner.institution_id == institution_id, Cohort.closed_at.is_(None))
    )


# A cohort opens only to links of the institutions that take part in it.
OPEN_COHORT = (
    select(Cohort.id)
    .join(Partner, Partner.cohort_id == Cohort.id)
    .where(
        Cohort.slug == bindparam("cohort"),
        Partner.institution_id == Deployment.institution_id,
        Cohort.closed_at.is_(None),
    )
    .scalar_subquery()
)
# Made once, because to make it takes longer than to answer it; columns and no rows of models, for speed.
KNOWN = (
    select(
        Deployment.id,
        Deployment.institution_id,
        exists().where(Discriminator.registration_id == Deployment.registration_id),
        Deployment.launched_at,
        OPEN_COHORT,
        Context.id,
        Context.label,
        Context.title,
        Context.line_items_url,
        Context.copied_from_id,
        ResourceLink.id,
        ResourceLink.title,
        ResourceLink.opens,
        ResourceLink.cohort_id,
        ResourceLink.programme_id,
        ResourceLink.unit_id,
        ResourceLink.is_repointed,
        ResourceLink.named,
        ResourceLink.line_item_url,
        Person.id,
        Person.name,
        Enrolment.id,
        Enrolment.institution_id,
        Enrolment.context_id,
        Enrolment.role,
        Enrolment.employer,
        Enrolment.team_since,
        Enrolment.launched_at,
        Enrolment.left_at,
        Roster.url,
        Roster.groups_url,
        NoticeSubscription.url,
    )
    .select_from(Deployment)
    .outerjoin(
        Context,
        and_(Context.deployment_id == Deployment.id, Context.context_id == bindparam("context")),
    )
    .outerjoin(
        ResourceLink,
        and_(ResourceLink.context_id == Context.id, ResourceLink.link_id == bindparam("link")),
    )
    .outerjoin(
        Person,
        and_(Person.registration_id == Deployment.registration_id, Person.subject == bindparam("subject")),
    )
    .outerjoin(
        Enrolment,
        and_(Enrolment.cohort_id == ResourceLink.cohort_id, Enrolment.person_id == Person.id),
    )
    .outerjoin(Roster, and_(Roster.context_id == Context.id, Roster.cohort_id == ResourceLink.cohort_id))
    .outerjoin(NoticeSubscription, NoticeSubscription.deployment_id == Deployment.id)
    .where(
        Deployment.registration_id == bindparam("registration"),
        Deployment.deployment_id == bindparam("deployment"),
    )
)
