"""From what a platform tells of its members to people, enrolments and who is counted."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from time import sleep
from types import MappingProxyType

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool.lti.claims import PersonClaims
from lti_tool.lti.nrps import Member, MemberStatus, Roster
from lti_tool.lti.roles import Role
from lti_tool.services.courses.rosters import (
    Read,
    RosterState,
    RosterTask,
    claim_roster,
    keep,
    read_task,
    states_of,
    sync_now,
)
from lti_tool.services.courses.syncing import record_sync
from lti_tool.services.gradebooks import columns, grading
from lti_tool.services.launches.enrolling import Newcomer, keep_enrolment
from lti_tool.services.platforms.calling import Refused, Waiting
from lti_tool.storage import models
from lti_tool.storage.database import Database
from lti_tool.storage.known import find_known
from lti_tool.storage.models import (
    Cohort,
    Context,
    Discriminator,
    DiscriminatorKind,
    Enrolment,
    Institution,
    LineItem,
    LiveSession,
    Opens,
    Partner,
    Person,
    ResourceLink,
    Score,
    Seat,
)
from tests.lti_tool.services.cohort import NOW as LAUNCHED
from tests.lti_tool.services.gradebook import CHECK, COURSE, LMS, add_gradebook, hand_in

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ROSTER = f"{LMS}/members"
NOTHING: Mapping[str, str] = MappingProxyType({})


@pytest.fixture
def course(database: Database) -> Database:
    """A course with a teacher ("1") and two learners ("2", "3"), whose roster is known and due."""
    with database.begin() as db:
        add_gradebook(db, learners=2)
        for enrolment in db.scalars(select(Enrolment)):
            enrolment.launched_at = NOW - timedelta(days=30)
        keep(db, db.get_one(ResourceLink, 1), db.get_one(Context, COURSE), ROSTER, None, NOW)
    return database


def _member(
    subject: str,
    *,
    name: str = "",
    role: Role = Role.LEARNER,
    status: MemberStatus = MemberStatus.ACTIVE,
    groups: tuple[str, ...] = (),
    custom: Mapping[str, str] = NOTHING,
    email: str = "",
) -> Member:
    return Member(subject, PersonClaims(name, "", "", email), role, status, groups, custom)


TEACHER = _member("1", role=Role.TEACHER)


def _whole(*members: Member, differences: str = "", groups: Mapping[str, str] | None = None) -> Read:
    return Read(Roster(members, differences), True, groups)


def _task(course: Database, now: datetime = NOW) -> RosterTask:
    """Take the roster in hand that is due."""
    with course.begin() as db:
        roster_id = claim_roster(db, now)
        assert roster_id is not None
        return read_task(db, roster_id, now)


def _sync(course: Database, outcome: Read | Waiting | Refused, now: datetime = NOW) -> None:
    task = _task(course, now)
    with course.begin() as db:
        record_sync(db, task, outcome, now)


def _taking_part(db: Session) -> dict[str, bool]:
    """Return who is enrolled, and whether she is still there."""
    rows = db.execute(
        select(Person.subject, Enrolment.left_at)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .order_by(Person.subject)
    ).tuples()
    return {subject: left_at is None for subject, left_at in rows}


def _enrolment(db: Session, subject: str) -> Enrolment:
    return db.scalars(select(Enrolment).join(Person).where(Person.subject == subject)).one()


def _share_the_lms(db: Session) -> None:
    """Let the LMS be of another institution too."""
    db.add(Institution(id=2, slug="luca", name="LUCA", locale="nl"))
    db.flush()
    kind = DiscriminatorKind.EMAIL
    db.add(Discriminator(registration_id=1, kind=kind, value="luca-arts.be", institution_id=2))
    db.flush()


def _launch(db: Session, subject: str, now: datetime) -> None:
    """Let a learner come in through the course's link."""
    known = find_known(
        db,
        registration_id=1,
        deployment_id="1",
        context_id="c",
        link_id="l",
        subject=subject,
        cohort="autumn",
    )
    assert known.person_id is not None
    keep_enrolment(db, Newcomer(1, known.person_id, 1, COURSE, Role.LEARNER), known, "", now)


def _add_link(db: Session) -> ResourceLink:
    """Add a second link to the cohort in the same course."""
    link = ResourceLink(id=2, context_id=COURSE, link_id="live", opens=Opens.LIVE, cohort_id=1)
    db.add(link)
    db.flush()
    return link


def _due_at(course: Database) -> datetime | None:
    with course.read() as db:
        return db.scalar(select(models.Roster.due_at))


def test_who_never_launched_appears_as_not_started(course: Database) -> None:
    newcomer = _member("9", name="Nadia El Amrani", custom={"employer": "Zorgnet"})
    _sync(course, _whole(TEACHER, _member("2"), _member("3"), newcomer))
    with course.read() as db:
        row = _enrolment(db, "9")
        assert db.get_one(Person, row.person_id).name == "Nadia El Amrani"
        assert (row.role, row.institution_id, row.context_id, row.employer, row.launched_at, row.left_at) == (
            "learner",
            1,
            COURSE,
            "Zorgnet",
            None,
            None,
        )


def test_a_teacher_in_a_roster_is_not_in_the_team_by_it(course: Database) -> None:
    _sync(course, _whole(TEACHER, _member("8", role=Role.TEACHER)))
    with course.read() as db:
        row = _enrolment(db, "8")
        assert (row.role, row.team_since) == ("teacher", None)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.ADMINISTRATOR])
def test_who_only_looks_on_is_not_enrolled(course: Database, role: Role) -> None:
    _sync(course, _whole(TEACHER, _member("2"), _member("3"), _member("8", role=role)))
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": True}


def test_who_left_is_kept_and_counted_no_longer_until_she_returns(course: Database) -> None:
    _sync(course, _whole(TEACHER, _member("2")))
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": False}
        assert _enrolment(db, "3").left_at == NOW
    _sync(course, _whole(TEACHER, _member("2"), _member("3")), NOW + timedelta(days=1))
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": True}


def test_who_is_inactive_has_left_for_now(course: Database) -> None:
    _sync(course, _whole(TEACHER, _member("2", status=MemberStatus.INACTIVE), _member("3")))
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": False, "3": True}


def test_differences_change_only_whom_they_name(course: Database) -> None:
    _sync(course, _whole(TEACHER, _member("2"), _member("3"), differences=f"{ROSTER}?since=1"))
    assert _due_at(course) == NOW + timedelta(hours=1)
    gone = _member("3", status=MemberStatus.DELETED)
    _sync(course, Read(Roster((gone, _member("9")), f"{ROSTER}?since=2"), False, None), LATER)
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": False, "9": True}
        assert db.scalar(select(models.Roster.differences_url)) == f"{ROSTER}?since=2"


def test_differences_are_asked_for_on_the_same_day_and_not_after_a_failure(course: Database) -> None:
    since = f"{ROSTER}?since=1"

    def asked(now: datetime) -> str:
        with course.begin() as db:
            return read_task(db, 1, now).differences_url

    assert asked(NOW) == ""
    _sync(course, _whole(TEACHER, differences=since))
    assert (asked(LATER), asked(NOW + timedelta(days=1))) == (since, "")
    _sync(course, Waiting("timeout"), LATER)
    assert asked(LATER) == ""


def test_a_teacher_who_asks_gets_the_whole_roster_soon(course: Database) -> None:
    _sync(course, _whole(TEACHER, differences=f"{ROSTER}?since=1"))
    with course.begin() as db:
        sync_now(db, 1, LATER, context_id=COURSE + 1)
    assert _due_at(course) == NOW + timedelta(hours=1)
    asked = NOW + timedelta(minutes=5)
    with course.begin() as db:
        sync_now(db, 1, asked, context_id=COURSE)
        assert states_of(db, 1, asked) == (RosterState("Course", "UCLL", NOW, None, is_under_way=True),)
        assert read_task(db, 1, asked).differences_url == ""


def test_a_roster_that_was_asked_for_while_it_was_read_is_read_again(course: Database) -> None:
    task = _task(course)
    with course.begin() as db:
        sync_now(db, 1, LATER)
    with course.begin() as db:
        record_sync(db, task, _whole(TEACHER), LATER)
    assert _due_at(course) == LATER


@pytest.mark.parametrize(
    ("outcome", "failure", "wait"),
    [
        (Waiting("status 503", timedelta(minutes=3)), "status 503", timedelta(minutes=3)),
        (Refused("403"), "403", timedelta(days=1)),
    ],
)
def test_a_roster_that_gives_nothing_removes_nobody_and_is_told(
    course: Database, outcome: Waiting | Refused, failure: str, wait: timedelta
) -> None:
    _sync(course, outcome)
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": True}
        assert states_of(db, 1, NOW) == (RosterState("Course", "UCLL", None, failure, is_under_way=False),)
    assert _due_at(course) == NOW + wait


def test_who_came_in_after_the_roster_was_read_has_not_left(course: Database) -> None:
    with course.begin() as db:
        _enrolment(db, "3").launched_at = NOW + timedelta(seconds=1)
    _sync(course, _whole(TEACHER, _member("2")))
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": True}


def test_who_takes_part_through_another_course_is_not_missed_here_and_stays_there(course: Database) -> None:
    with course.begin() as db:
        db.add(Context(id=2, deployment_id=1, context_id="d", title="Other"))
        db.flush()
        _enrolment(db, "2").context_id = _enrolment(db, "3").context_id = 2
    _sync(course, _whole(TEACHER, _member("3", custom={"employer": "Zorgnet"})))
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": True}
        assert (_enrolment(db, "3").context_id, _enrolment(db, "3").employer) == (2, None)


def test_groups_are_known_by_their_names_and_forgotten_only_when_they_are_told(course: Database) -> None:
    named = {"g1": "Groep B", "g2": "Groep A"}
    _sync(course, _whole(TEACHER, _member("2", groups=("g1", "g2", "g3")), groups=named))
    with course.read() as db:
        assert _enrolment(db, "2").groups == ["Groep A", "Groep B"]
    _sync(course, _whole(TEACHER, _member("2")), NOW + timedelta(days=1))
    with course.read() as db:
        assert _enrolment(db, "2").groups == ["Groep A", "Groep B"]
    _sync(course, _whole(TEACHER, _member("2"), groups=named), NOW + timedelta(days=2))
    with course.read() as db:
        assert _enrolment(db, "2").groups == []


def test_on_a_shared_lms_each_newcomer_is_of_her_own_institution(course: Database) -> None:
    with course.begin() as db:
        _share_the_lms(db)
        db.add(Partner(cohort_id=1, institution_id=2))
    members = _member("8", email="an@student.luca-arts.be"), _member("9", email="an@ucll.be")
    _sync(course, _whole(TEACHER, *members))
    with course.read() as db:
        assert [_enrolment(db, subject).institution_id for subject in ("8", "9")] == [2, 1]


def test_on_a_shared_lms_only_people_of_institutions_that_take_part_are_enrolled(course: Database) -> None:
    with course.begin() as db:
        _share_the_lms(db)
        db.execute(update(Partner).values(institution_id=2))
    _sync(course, _whole(TEACHER, _member("8", email="an@luca-arts.be"), _member("9", email="an@ucll.be")))
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": False, "3": False, "8": True}


def test_a_newcomer_gets_a_place_in_the_live_sessions(course: Database) -> None:
    with course.begin() as db:
        starts_at = NOW + timedelta(days=7)
        db.add(
            LiveSession(
                id=1, cohort_id=1, number=1, group=1, uid="u", starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=2), sequence=0, changed_at=NOW,
            )
        )  # fmt: skip
    _sync(course, _whole(TEACHER, _member("2"), _member("3"), _member("9")))
    with course.read() as db:
        assert list(db.scalars(select(Seat.enrolment_id))) == [_enrolment(db, "9").id]


def test_a_cohort_that_is_long_over_is_asked_for_no_longer(course: Database) -> None:
    with course.begin() as db:
        sync_now(db, 1, LAUNCHED + timedelta(weeks=52))
    _sync(course, _whole(TEACHER), LAUNCHED + timedelta(weeks=52))
    assert _due_at(course) is None


def test_a_roster_moves_with_its_address(course: Database) -> None:
    _sync(course, _whole(TEACHER))
    with course.begin() as db:
        link, context = db.get_one(ResourceLink, 1), db.get_one(Context, COURSE)
        keep(db, link, context, ROSTER, None, LATER)
        assert db.scalar(select(models.Roster.due_at)) != LATER
        keep(db, link, context, f"{LMS}/new", f"{LMS}/groups", LATER)
        task = read_task(db, 1, LATER)
    assert (task.url, task.groups_url, task.due_at) == (f"{LMS}/new", f"{LMS}/groups", LATER)


# Courses that leave


def _point_elsewhere(db: Session) -> None:
    db.add(Cohort(id=2, slug="spring", name="Spring", module_version_id=1, starts_on=date(2027, 2, 8)))
    db.flush()
    db.execute(update(ResourceLink).values(cohort_id=2))


def _share_no_longer(db: Session) -> None:
    db.execute(delete(Partner))


@pytest.mark.parametrize("leave", [_point_elsewhere, _share_no_longer])
def test_a_course_or_an_institution_that_left_enrols_nobody_and_is_asked_no_longer(
    course: Database, leave: Callable[[Session], None]
) -> None:
    with course.begin() as db:
        leave(db)
    _sync(course, _whole(TEACHER, _member("2"), _member("9")))
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": True}
        assert db.scalars(select(models.Roster)).all() == []


# Links of one course, each open to its own people


def test_a_course_is_asked_for_a_links_people_only_where_everyone_comes_through_it(course: Database) -> None:
    with course.begin() as db:
        assert read_task(db, 1, NOW).link_id == "l"
        link = _add_link(db)
        assert read_task(db, 1, NOW).link_id == ""
        link.cohort_id = None
        assert read_task(db, 1, NOW).link_id == "l"


def test_another_link_has_the_whole_roster_read_again(course: Database) -> None:
    _sync(course, _whole(TEACHER, differences=f"{ROSTER}?since=1"))
    with course.begin() as db:
        keep(db, _add_link(db), db.get_one(Context, COURSE), ROSTER, None, LATER)
        task = read_task(db, 1, LATER)
    assert (task.due_at, task.differences_url) == (LATER, "")


# Who is back


def _return_by_launch(course: Database, now: datetime) -> None:
    with course.begin() as db:
        _launch(db, "3", now)


def _return_by_roster(course: Database, now: datetime) -> None:
    with course.begin() as db:
        sync_now(db, 1, now)
    _sync(course, _whole(TEACHER, _member("2"), _member("3")), now)


@pytest.mark.parametrize("come_back", [_return_by_launch, _return_by_roster])
def test_marks_of_who_was_away_while_a_column_came_are_sent_when_she_is_back(
    course: Database, come_back: Callable[[Database, datetime], None]
) -> None:
    with course.begin() as db:
        hand_in(db, CHECK, 0.5, NOW, enrolment_id=3)
    _sync(course, _whole(TEACHER, _member("2")))
    with course.begin() as db:
        link, context = db.get_one(ResourceLink, 1), db.get_one(Context, COURSE)
        columns.keep_claimed(db, link, context, f"{LMS}/items/1", LATER)
        assert db.scalars(select(Score)).all() == []
    come_back(course, LATER)
    with course.read() as db:
        assert list(db.scalars(select(Score.enrolment_id))) == [3]


def test_who_returns_while_the_roster_is_read_has_not_left_again(course: Database) -> None:
    _sync(course, _whole(TEACHER, _member("2")))
    with course.begin() as db:
        sync_now(db, 1, LATER)
    task = _task(course, LATER)
    with course.begin() as db:
        _launch(db, "3", LATER + timedelta(seconds=2))
    with course.begin() as db:
        record_sync(db, task, _whole(TEACHER, _member("2")), LATER + timedelta(seconds=5))
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": True}


# Others write at the same moment


def test_who_launches_with_a_new_name_and_the_roster_that_names_her_wait_in_one_order(
    course: Database,
) -> None:
    with course.begin() as db:
        _enrolment(db, "3").launched_at = None
    task = _task(course)

    def keep_roster() -> None:
        with course.begin() as db:
            record_sync(db, task, _whole(TEACHER, _member("2"), _member("3", name="Peeters An")), NOW)

    with ThreadPoolExecutor(1) as worker:
        with course.begin() as db:
            db.execute(update(Person).where(Person.subject == "3").values(name="An Peeters"))
            kept = worker.submit(keep_roster)
            sleep(0.3)
            _launch(db, "3", NOW)
        kept.result(10)
    with course.read() as db:
        assert db.scalars(select(Person.name).where(Person.subject == "3")).one() == "Peeters An"
        assert _enrolment(db, "3").launched_at == NOW


def test_newcomers_and_settings_that_change_at_once_wait_in_one_order(course: Database) -> None:
    with course.begin() as db:
        hand_in(db, CHECK, 0.5, NOW)
        db.add(LineItem(id=1, context_id=COURSE, cohort_id=1, url=f"{LMS}/items/1", is_ours=False))
    task = _task(course)

    def keep_roster() -> None:
        with course.begin() as db:
            record_sync(db, task, _whole(TEACHER, _member("2"), _member("3"), _member("9")), NOW)

    with ThreadPoolExecutor(1) as worker:
        with course.begin() as db:
            db.get_one(Cohort, 1, with_for_update=True)
            kept = worker.submit(keep_roster)
            sleep(0.3)
            grading.queue_all_of(db, db.get_one(LineItem, 1), NOW)
        kept.result(10)
    with course.read() as db:
        assert _taking_part(db) == {"1": True, "2": True, "3": True, "9": True}
        assert list(db.scalars(select(Score.enrolment_id))) == [2]


def test_a_roster_that_goes_while_a_launch_moves_it_stops_no_launch(course: Database) -> None:
    with course.begin() as db:
        _share_no_longer(db)
    task = _task(course)

    def move() -> None:
        with course.begin() as db:
            keep(db, db.get_one(ResourceLink, 1), db.get_one(Context, COURSE), f"{LMS}/new", None, LATER)

    with ThreadPoolExecutor(1) as launch:
        with course.begin() as db:
            record_sync(db, task, _whole(TEACHER), NOW)
            db.flush()
            moved = launch.submit(move)
            sleep(0.3)
        moved.result(10)
    with course.read() as db:
        assert list(db.scalars(select(models.Roster.url))) in ([], [f"{LMS}/new"])
