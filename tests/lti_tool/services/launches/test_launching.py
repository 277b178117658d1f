"""What a launch leaves behind: who came, through which link, into which cohort."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from threading import Barrier, Thread
from time import sleep

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from content.document import to_document
from lti_tool.lti import nrps
from lti_tool.lti.claims import (
    ContextClaim,
    DeepLinkingClaim,
    GradesClaim,
    Launch,
    MessageType,
    NoticesClaim,
    PersonClaims,
    ResourceLinkClaim,
)
from lti_tool.lti.launch import Arrival
from lti_tool.lti.login_state import PendingLogin
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from lti_tool.lti.roles import Role
from lti_tool.services.courses import rosters, syncing
from lti_tool.services.launches import launching, targets, teams
from lti_tool.services.launches.launching import Entrance
from lti_tool.services.launches.opening import Opened
from lti_tool.services.launches.targets import Target
from lti_tool.storage import work
from lti_tool.storage.database import Database
from lti_tool.storage.models import (
    Cohort,
    Context,
    Deployment,
    Discriminator,
    DiscriminatorKind,
    Enrolment,
    Institution,
    LineItem,
    ModuleVersion,
    NoticeSubscription,
    Opens,
    Partner,
    Person,
    Programme,
    ResourceLink,
    Roster,
    Visit,
)
from tests.content.examples import module, quiz, unit
from tests.lti_tool.services.cohort import module_version, registration

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COLUMN = GradesClaim("", "https://lms.example/items/7", frozenset())
LAUNCH = Launch(
    registration_id=1,
    deployment_id="1",
    message_type=MessageType.RESOURCE_LINK,
    target_link_uri="https://klimop.example/",
    subject="4",
    person=PersonClaims("An Peeters", "", "", ""),
    role=Role.LEARNER,
    context=ContextClaim("2", "HIM", "Innovation"),
    resource_link=ResourceLinkClaim("1", "Care"),
    deep_linking=None,
    custom={"cohort": "autumn"},
    grades=None,
    roster_url="",
    locale="nl",
    document_target="",
    return_url="",
    platform_family="",
)


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A registration whose institution takes part in "autumn" and "spring", but not in "closed"."""
    with database.begin() as db:
        for rows in (
            [Institution(id=1, slug="ucll", name="UCLL", locale="nl"), Programme(id="him", document={})],
            [Institution(id=2, slug="luca", name="LUCA", locale="nl")],
            [registration(), _module_version()],
            [_deployment()],
            [_cohort(1, "autumn"), _cohort(2, "spring"), _cohort(3, "of-others"), _cohort(4, "closed")],
            [Partner(cohort_id=cohort, institution_id=1) for cohort in (1, 2, 4)],
            [Partner(cohort_id=3, institution_id=2)],
        ):
            db.add_all(rows)
            db.flush()
        yield db


def _deployment() -> Deployment:
    return Deployment(
        id=1, registration_id=1, deployment_id="1", institution_id=1, seen_at=NOW, approved_at=NOW
    )


def _module_version() -> ModuleVersion:
    version = module_version()
    version.document = to_document(module(units=(unit(activities=(quiz(graded=True),)),)))
    return version


def _cohort(id: int, slug: str) -> Cohort:
    closed_at = NOW if slug == "closed" else None
    return Cohort(
        id=id, slug=slug, name=slug, module_version_id=1, starts_on=date(2026, 9, 21), closed_at=closed_at
    )


_logins = count()


def arrival(launch: Launch, nonce: str = "") -> Arrival:
    """Return a launch that answers a login of its own."""
    nonce = nonce or f"nonce-of-login-number-{next(_logins)}"
    login = PendingLogin(nonce=nonce, registration_id=1, browser_hash="", expires_at=NOW)
    return Arrival(launch, login)


def enter(db: Session, launch: Launch, now: datetime = NOW) -> Entrance:
    return launching.enter(db, arrival(launch), now, has_cookie=True)


def placed(target: Target, *, in_course: str = "2") -> Mapping[str, str]:
    """Return the custom parameters of a link that was placed through the picker."""
    return targets.write_target(target, placed_in=targets.place(1, "1", in_course))


def enrolments(db: Session) -> list[tuple[int, str, str | None]]:
    query = select(Enrolment.cohort_id, Enrolment.role, Enrolment.employer)
    return [(*row,) for row in db.execute(query.order_by(Enrolment.id))]


def cohort_of_the_link(db: Session) -> int | None:
    return db.execute(select(ResourceLink.cohort_id)).scalar_one()


def team(db: Session) -> list[int]:
    return [member.person_id for member in teams.team_of(db, 1)]


# A login has one visit


def test_launching_again_adds_only_a_visit(db: Session) -> None:
    enter(db, LAUNCH)
    enter(db, LAUNCH)
    models = (Context, ResourceLink, Person, Enrolment, Visit)
    counts = [db.scalar(select(func.count()).select_from(model)) for model in models]
    assert counts == [1, 1, 1, 1, 2]


def test_a_login_that_was_answered_is_refused_whoever_answers_it(db: Session) -> None:
    launching.enter(db, arrival(LAUNCH, "once"), NOW, has_cookie=True)
    for launch in (LAUNCH, replace(LAUNCH, subject="5")):
        with pytest.raises(LaunchRefusedError) as refused:
            launching.enter(db, arrival(launch, "once"), NOW, has_cookie=True)
        assert refused.value.reason is RefusalReason.USED_BEFORE
    assert db.scalars(select(Visit.id)).all() == ["once"]


def test_of_eight_answers_at_once_one_is_let_in(db: Session, database: Database) -> None:
    enter(db, LAUNCH)
    db.commit()
    outcomes: list[str] = []
    start = Barrier(8)

    def post() -> None:
        start.wait()
        try:
            with database.begin() as mine:
                outcomes.append(launching.enter(mine, arrival(LAUNCH, "once"), NOW, has_cookie=True).visit_id)
        except LaunchRefusedError as refused:
            outcomes.append(refused.reason.value)

    threads = [Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["once"] + ["used_before"] * 7


# People, courses and links


def test_a_second_person_finds_the_course_and_its_link_there(db: Session) -> None:
    enter(db, LAUNCH)
    enter(db, replace(LAUNCH, subject="5", role=Role.TEACHER))
    assert enrolments(db) == [(1, "learner", None), (1, "teacher", None)]
    assert db.scalar(select(func.count()).select_from(ResourceLink)) == 1


def test_new_names_of_people_and_courses_are_taken_over(db: Session) -> None:
    enter(db, LAUNCH)
    renamed = replace(
        LAUNCH, person=PersonClaims("", "An", "Jans", ""), context=ContextClaim("2", "", "Care")
    )
    enter(db, renamed)
    enter(db, replace(renamed, person=PersonClaims("", "", "", "")))
    assert db.scalars(select(Person.name)).all() == ["An Jans"]
    assert db.scalars(select(Context.title)).all() == ["Care"]


def test_a_link_opens_what_its_parameters_name_now(db: Session) -> None:
    enter(db, LAUNCH)
    assert enter(db, replace(LAUNCH, custom={"cohort": "spring"})).opened == Opened(cohort_id=2)
    assert cohort_of_the_link(db) == 2
    assert enrolments(db) == [(1, "learner", None), (2, "learner", None)]
    assert enter(db, replace(LAUNCH, custom={})).opened.is_nowhere


@pytest.mark.parametrize(
    ("target", "opened"),
    [
        (Target(cohort="autumn", opens=Opens.LIVE), Opened(Opens.LIVE, 1)),
        (Target(cohort="autumn", opens=Opens.UNIT, unit="week-2"), Opened(Opens.UNIT, 1, unit_id="week-2")),
        (Target(opens=Opens.PROGRAMME, programme="him"), Opened(Opens.PROGRAMME, programme_id="him")),
        (Target(opens=Opens.PROGRAMME, programme="gone"), Opened()),
    ],
)
def test_a_placed_link_opens_its_target(db: Session, target: Target, opened: Opened) -> None:
    assert enter(db, replace(LAUNCH, custom=placed(target))).opened == opened


def test_a_link_in_a_copied_course_opens_nothing_until_a_teacher_says_what(db: Session) -> None:
    copied = replace(LAUNCH, custom=placed(Target(cohort="autumn")), context=ContextClaim("3", "", "Copy"))
    assert enter(db, copied).opened.is_nowhere
    assert enrolments(db) == []
    link = db.scalars(select(ResourceLink)).one()
    link.is_repointed, link.cohort_id = True, 2
    db.flush()
    assert enter(db, copied).opened == Opened(cohort_id=2)
    assert enrolments(db) == [(2, "learner", None)]


def test_a_link_that_a_platform_told_was_copied_opens_nothing(db: Session) -> None:
    enter(db, LAUNCH)
    original = db.scalars(select(Context)).one()
    db.add(Context(deployment_id=1, context_id="3", title="Copy", copied_from_id=original.id))
    db.flush()
    assert enter(db, replace(LAUNCH, context=ContextClaim("3", "", "Copy"))).opened.is_nowhere


@pytest.mark.parametrize("slug", ["of-others", "closed", "unheard-of"])
def test_a_cohort_that_is_not_open_to_the_institution_does_not_open(db: Session, slug: str) -> None:
    enter(db, LAUNCH)
    enter(db, replace(LAUNCH, subject="5", custom={"cohort": slug}))
    assert cohort_of_the_link(db) is None
    assert enrolments(db) == [(1, "learner", None)]


def test_a_link_that_a_teacher_pointed_at_a_cohort_follows_it_until_it_closes(db: Session) -> None:
    enter(db, LAUNCH)
    link = db.scalars(select(ResourceLink)).one()
    link.is_repointed, link.cohort_id = True, 4
    db.flush()
    assert enter(db, LAUNCH).opened.is_nowhere


def test_a_picker_has_a_course_and_no_link(db: Session) -> None:
    claim = DeepLinkingClaim("https://lms.example/back?a=1&b=2", "data", ("ltiResourceLink",), True, True)
    picker = replace(
        LAUNCH, message_type=MessageType.DEEP_LINKING, resource_link=None, deep_linking=claim, custom={}
    )
    assert enter(db, replace(picker, role=Role.TEACHER)).is_placing
    visit = db.scalars(select(Visit)).one()
    assert (visit.link_id, visit.cohort_id, (visit.deep_linking or {})["return_url"]) == (
        None,
        None,
        "https://lms.example/back?a=1&b=2",
    )
    assert db.scalar(select(func.count()).select_from(ResourceLink)) == 0


# Taking part


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.ADMINISTRATOR])
def test_who_only_looks_is_not_enrolled(db: Session, role: Role) -> None:
    enter(db, replace(LAUNCH, role=role))
    assert enrolments(db) == []


def test_an_employer_is_kept_until_another_is_named(db: Session) -> None:
    for custom in ({"employer": " Zorgnet "}, {}, {"employer": " "}):
        enter(db, replace(LAUNCH, custom={**LAUNCH.custom, **custom}))
        assert enrolments(db) == [(1, "learner", "Zorgnet")]
    enter(db, replace(LAUNCH, custom={**LAUNCH.custom, "employer": "OCMW"}))
    assert enrolments(db) == [(1, "learner", "OCMW")]


def test_who_was_known_from_a_roster_has_launched_and_who_left_is_back(db: Session) -> None:
    enter(db, LAUNCH)
    db.execute(update(Enrolment).values(launched_at=None, left_at=NOW))
    enter(db, LAUNCH, NOW + timedelta(days=1))
    enrolment = db.scalars(select(Enrolment)).one()
    assert (enrolment.launched_at, enrolment.left_at) == (NOW + timedelta(days=1), None)


def test_the_first_teacher_leads_a_cohort_that_nobody_leads_and_the_next_one_asks(db: Session) -> None:
    enter(db, replace(LAUNCH, subject="t1", role=Role.TEACHER))
    enter(db, replace(LAUNCH, subject="t2", role=Role.TEACHER))
    first, second = db.scalars(select(Enrolment).order_by(Enrolment.id))
    assert team(db) == [first.person_id]
    assert [candidate.enrolment_id for candidate in teams.candidates(db, 1)] == [second.id]
    teams.admit(db, 1, second.id, NOW)
    assert (team(db), teams.candidates(db, 1)) == ([first.person_id, second.person_id], ())


def test_of_two_teachers_who_come_first_at_once_one_leads(db: Session, database: Database) -> None:
    enter(db, LAUNCH)
    db.commit()

    def come() -> None:
        with database.begin() as other:
            enter(other, replace(LAUNCH, subject="t2", role=Role.TEACHER))

    with ThreadPoolExecutor(1) as colleague:
        with database.begin() as first:
            enter(first, replace(LAUNCH, subject="t1", role=Role.TEACHER))
            first.flush()
            entered = colleague.submit(come)
            sleep(0.3)
        entered.result(10)
    with database.read() as later:
        leader = later.scalars(select(Person.id).where(Person.subject == "t1")).one()
        assert (team(later), len(teams.candidates(later, 1))) == ([leader], 1)


def test_nobody_is_let_into_the_team_of_another_cohort(db: Session) -> None:
    enter(db, replace(LAUNCH, subject="t1", role=Role.TEACHER))
    enter(db, replace(LAUNCH, subject="t2", role=Role.TEACHER))
    enter(db, LAUNCH)
    for cohort_id, enrolment_id in ((2, 2), (1, 3), (1, 99)):
        with pytest.raises(teams.NoCandidateError):
            teams.admit(db, cohort_id, enrolment_id, NOW)


def test_a_teacher_who_looks_as_a_student_stays_a_teacher(db: Session) -> None:
    enter(db, replace(LAUNCH, role=Role.TEACHER))
    enter(db, LAUNCH)
    assert enrolments(db) == [(1, "teacher", None)]


# Institutions that share an LMS


def test_a_discriminator_in_the_launch_names_the_institution(db: Session) -> None:
    db.add(
        Discriminator(
            registration_id=1, kind=DiscriminatorKind.COURSE, name="", value="luca-", institution_id=2
        )
    )
    db.flush()
    shared = replace(
        LAUNCH, context=ContextClaim("9", "LUCA-HIM", "Innovation"), custom={"cohort": "of-others"}
    )
    assert enter(db, shared).opened == Opened(cohort_id=3)
    assert enter(db, LAUNCH).opened == Opened(cohort_id=1)
    query = select(Enrolment.cohort_id, Enrolment.institution_id).order_by(Enrolment.cohort_id)
    assert [(*row,) for row in db.execute(query)] == [(1, 1), (3, 2)]


# What comes along


def test_a_column_a_roster_and_notices_are_kept_once(db: Session) -> None:
    rich = replace(
        LAUNCH,
        grades=COLUMN,
        roster_url="https://lms.example/roster",
        notices=NoticesClaim("https://lms.example/notices", ("LtiContextCopyNotice",), frozenset()),
    )
    for _ in range(2):
        enter(db, rich)
    assert [item.url for item in db.scalars(select(LineItem))] == [COLUMN.line_item_url]
    assert [roster.url for roster in db.scalars(select(Roster))] == ["https://lms.example/roster"]
    assert [row.url for row in db.scalars(select(NoticeSubscription))] == ["https://lms.example/notices"]


def test_operators_see_when_a_deployment_last_came_in_by_the_hour(db: Session) -> None:
    for minutes in (0, 59, 61):
        enter(db, LAUNCH, NOW + timedelta(minutes=minutes))
        db.expire_all()
        noted = db.scalars(select(Deployment.launched_at)).one()
        assert noted == NOW + timedelta(minutes=0 if minutes < 60 else minutes)


def test_a_link_that_is_pointed_back_has_its_roster_read_again(db: Session) -> None:
    rich = replace(LAUNCH, roster_url="https://lms.example/roster")
    enter(db, rich)
    link, first = db.scalars(select(ResourceLink)).one(), db.scalars(select(Roster)).one()
    link.is_repointed, link.cohort_id = True, 2
    db.flush()
    _sync(db, first)
    enter(db, rich, NOW + timedelta(hours=1))
    assert [(row.cohort_id, row.due_at) for row in _rosters(db)] == [(2, NOW + timedelta(hours=1))]
    link.cohort_id = 1
    db.flush()
    enter(db, rich, NOW + timedelta(hours=2))
    assert [(row.cohort_id, row.due_at) for row in _rosters(db)] == [
        (1, NOW + timedelta(hours=2)),
        (2, NOW + timedelta(hours=1)),
    ]


def _sync(db: Session, row: Roster) -> None:
    task = rosters.read_task(db, row.id, NOW)
    syncing.record_sync(db, task, rosters.Read(nrps.Roster(()), True, None), NOW)
    db.flush()


def _rosters(db: Session) -> list[Roster]:
    return list(db.scalars(select(Roster).order_by(Roster.cohort_id)))


def test_a_roster_that_moves_while_it_is_kept_stops_nobody(db: Session, database: Database) -> None:
    rich = replace(LAUNCH, roster_url="https://lms.example/roster")
    enter(db, rich)
    db.commit()
    moved = replace(rich, roster_url="https://lms.example/new", person=PersonClaims("An Jans", "", "", ""))
    member = nrps.Member("4", PersonClaims("Jans An", "", "", ""), Role.LEARNER, nrps.MemberStatus.ACTIVE)

    def come() -> None:
        with database.begin() as other:
            enter(other, moved)

    with ThreadPoolExecutor(1) as browser:
        with database.begin() as worker:
            (row,) = _rosters(worker)
            task = rosters.read_task(worker, row.id, NOW)
            work.find_locked(worker, Roster, row.id)
            came = browser.submit(come)
            sleep(0.3)
            syncing.record_sync(worker, task, rosters.Read(nrps.Roster((member,)), True, None), NOW)
        came.result(10)
    with database.read() as later:
        assert [row.url for row in _rosters(later)] == ["https://lms.example/new"]
