"""What is known of those who come in: all that a launch may touch, read at once."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from lti_tool.storage.models import Cohort, Context, Deployment, Enrolment, Partner, Person, ResourceLink


@dataclass(frozen=True)
class Known:
    """What earlier launches left.

    `enrolment` is in the cohort that the link has now; `open_cohort_id` is the one that was asked for, if it
    opens to the deployment's institution.
    """

    deployment: Deployment
    context: Context | None
    link: ResourceLink | None
    open_cohort_id: int | None
    person: Person | None
    enrolment: Enrolment | None


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
    return Known(*db.execute(KNOWN, values).one())


# A cohort opens only to links of the institutions that take part in it.
OPEN_COHORT = (
    select(Cohort.id)
    .join(Partner, Partner.cohort_id == Cohort.id)
    .where(Cohort.slug == bindparam("cohort"), Partner.institution_id == Deployment.institution_id)
    .scalar_subquery()
)
# Made once, because to make it takes longer than to answer it.
KNOWN = (
    select(Deployment, Context, ResourceLink, OPEN_COHORT, Person, Enrolment)
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
    .where(
        Deployment.registration_id == bindparam("registration"),
        Deployment.deployment_id == bindparam("deployment"),
    )
)
