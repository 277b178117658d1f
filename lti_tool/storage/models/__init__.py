"""The tables, in the words of the vocabulary."""

from lti_tool.storage.models.agendas import Agenda, AgendaKind, AgendaPreferences, CalendarHost
from lti_tool.storage.models.base import Base, Document, Work
from lti_tool.storage.models.cohorts import Cohort, Enrolment, Grading, ModuleVersion, Partner, Programme
from lti_tool.storage.models.courses import Context, Opens, Operator, Person, ResourceLink, Visit
from lti_tool.storage.models.gradebooks import LineItem, NoticeSubscription, Roster, Score
from lti_tool.storage.models.learning import Progress, QuizAttempt
from lti_tool.storage.models.live import Feed, LiveSession, Plan, PlanStatus, Seat, SeatStatus
from lti_tool.storage.models.mail import Mail, MailKind
from lti_tool.storage.models.platforms import (
    Deployment,
    Discriminator,
    DiscriminatorKind,
    Institution,
    Invitation,
    PlatformKeys,
    Refusal,
    Registration,
    ToolKey,
)

__all__ = [
    "Agenda",
    "AgendaKind",
    "AgendaPreferences",
    "Base",
    "CalendarHost",
    "Cohort",
    "Context",
    "Deployment",
    "Discriminator",
    "DiscriminatorKind",
    "Document",
    "Enrolment",
    "Feed",
    "Grading",
    "Institution",
    "Invitation",
    "LineItem",
    "LiveSession",
    "Mail",
    "MailKind",
    "ModuleVersion",
    "NoticeSubscription",
    "Opens",
    "Operator",
    "Partner",
    "Person",
    "Plan",
    "PlanStatus",
    "PlatformKeys",
    "Programme",
    "Progress",
    "QuizAttempt",
    "Refusal",
    "Registration",
    "ResourceLink",
    "Roster",
    "Score",
    "Seat",
    "SeatStatus",
    "ToolKey",
    "Visit",
    "Work",
]
