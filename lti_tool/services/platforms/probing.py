"""Trying out a platform's endpoints, as an operator asks for it: no transaction is open meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.ags import LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE
from lti_tool.lti.connector import PlatformConnector, PlatformRefusedError, PlatformUnavailableError
from lti_tool.lti.groups import GROUPS_SCOPE
from lti_tool.lti.http import NoAnswerError, exchange
from lti_tool.lti.notices import NOTICE_SCOPE
from lti_tool.lti.nrps import ROSTER_SCOPE, read_roster
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.platform_keys import FETCH_SECONDS, MOST_BYTES, parse_keys
from lti_tool.lti.ports import ToolKeys
from lti_tool.lti.tokens import AccessTokens
from lti_tool.services.platforms.registering import NoRegistrationError
from lti_tool.storage.models import Context, Deployment, Registration, Roster
from lti_tool.storage.platforms import platform_registration


class Check(StrEnum):
    """What is tried, in this order."""

    KEYS = "keys"
    GRADES = "grades"
    ROSTER = "roster"
    GROUPS = "groups"
    NOTICES = "notices"
    MEMBERS = "members"


class Outcome(StrEnum):
    GOOD = "good"
    REFUSED = "refused"  # the platform answered no
    SILENT = "silent"  # no answer that makes sense
    SKIPPED = "skipped"  # not tried: there is nothing to try it on, or what it needs has failed


# The scopes that are asked for together: where any of them is refused, all are.
SCOPES = {
    Check.GRADES: frozenset({LINE_ITEM_SCOPE, SCORE_SCOPE, RESULT_SCOPE}),
    Check.ROSTER: frozenset({ROSTER_SCOPE}),
    Check.GROUPS: frozenset({GROUPS_SCOPE}),
    Check.NOTICES: frozenset({NOTICE_SCOPE}),
}
# Tried also where nobody said which scopes were agreed.
USUAL = (Check.GRADES, Check.ROSTER)


@dataclass(frozen=True)
class Finding:
    """What came of a check. `count` is how many usable keys or members there are, `cause` a word or two."""

    check: Check
    outcome: Outcome
    count: int = 0
    cause: str = ""


@dataclass(frozen=True)
class Probe:
    """What to try out; `roster_url` is that of the course seen last, empty where no course told one."""

    platform: PlatformRegistration
    scopes: frozenset[str]
    roster_url: str


def prepare_probe(db: Session, registration_id: int) -> Probe:
    """Return what there is to try of a platform, or raise `NoRegistrationError`."""
    row = db.get(Registration, registration_id)
    if row is None:
        raise NoRegistrationError
    roster_url = db.scalar(
        select(Roster.url)
        .join(Context, Roster.context_id == Context.id)
        .join(Deployment, Context.deployment_id == Deployment.id)
        .where(Deployment.registration_id == registration_id, Deployment.approved_at.is_not(None))
        .order_by(Roster.id.desc())
        .limit(1)
    )
    return Probe(platform_registration(row), frozenset(row.scopes), roster_url or "")


def probe(subject: Probe, *, keys: ToolKeys, session: requests.Session, now: datetime) -> tuple[Finding, ...]:
    """Fetch the platform's keys, ask it for a token of each kind, and read a roster.

    Once its token endpoint is silent nothing more is asked, so that a dead platform keeps nobody waiting.
    """
    connector = PlatformConnector(
        platform=subject.platform, keys=keys, tokens=AccessTokens(), session=session, now=now
    )
    tokens = tuple(_try_tokens(connector, subject.scopes))
    has_roster = Finding(Check.ROSTER, Outcome.GOOD) in tokens and subject.roster_url
    members = _try_roster(connector, subject.roster_url) if has_roster else _skipped(Check.MEMBERS)
    return (_try_keys(subject.platform, session), *tokens, members)


def _try_keys(platform: PlatformRegistration, session: requests.Session) -> Finding:
    try:
        answer = exchange(session, "GET", platform.jwks_url, seconds=FETCH_SECONDS, most_bytes=MOST_BYTES)
    except NoAnswerError as failure:
        return Finding(Check.KEYS, Outcome.SILENT, cause=failure.cause)
    if not answer.ok:
        return Finding(Check.KEYS, Outcome.REFUSED, cause=f"status {answer.status}")
    usable = len(parse_keys(answer.body))
    return Finding(Check.KEYS, Outcome.GOOD if usable else Outcome.REFUSED, count=usable)


def _try_tokens(connector: PlatformConnector, agreed: frozenset[str]) -> Iterator[Finding]:
    is_silent = False
    for check, scopes in SCOPES.items():
        wanted = scopes & agreed if agreed else scopes
        if not wanted or not (agreed or check in USUAL):
            continue
        finding = _skipped(check) if is_silent else _try_token(connector, check, wanted)
        is_silent = is_silent or finding.outcome is Outcome.SILENT
        yield finding


def _try_token(connector: PlatformConnector, check: Check, scopes: frozenset[str]) -> Finding:
    try:
        connector.new_token(scopes)
    except (PlatformRefusedError, PlatformUnavailableError) as error:
        return _failed(check, error)
    return Finding(check, Outcome.GOOD)


def _try_roster(connector: PlatformConnector, roster_url: str) -> Finding:
    try:
        roster = read_roster(connector, roster_url)
    except (PlatformRefusedError, PlatformUnavailableError) as error:
        return _failed(Check.MEMBERS, error)
    return Finding(Check.MEMBERS, Outcome.GOOD, count=len(roster.members))


def _failed(check: Check, error: PlatformRefusedError | PlatformUnavailableError) -> Finding:
    if isinstance(error, PlatformUnavailableError):
        return Finding(check, Outcome.SILENT, cause=error.cause)
    return Finding(check, Outcome.REFUSED, cause=f"status {error.status} {error.error}".strip())


def _skipped(check: Check) -> Finding:
    return Finding(check, Outcome.SKIPPED)
