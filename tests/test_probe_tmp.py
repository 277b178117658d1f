import time
from datetime import timedelta
from sqlalchemy import select
from lti_tool.lti.claims import PersonClaims
from lti_tool.lti import nrps
from lti_tool.lti.nrps import Member, MemberStatus
from lti_tool.lti.roles import Role
from lti_tool.services import rosters, syncing, outbox, grading
from lti_tool.storage.models import Context, ResourceLink, Enrolment, Progress, QuizAttempt
from tests.lti_tool.services.gradebooks import add_gradebook, add_column, COURSE
from tests.lti_tool.services.cohorts import NOW
def test_x(database):
    n = 10000
    members = tuple(Member(str(i), PersonClaims(f"N {i}", "", "", ""), Role.LEARNER, MemberStatus.ACTIVE, ("g",)) for i in range(100, 100 + n))
    with database.begin() as db:
        add_gradebook(db)
        rosters.keep(db, db.get_one(ResourceLink, 1), db.get_one(Context, COURSE), "https://lms.example/r", None, NOW)
    for k in range(2):
        now = NOW + timedelta(days=k)
        with database.begin() as db:
            task = rosters.read_task(db, 1, now)
        t = time.process_time(); w = time.time()
        with database.begin() as db:
            syncing.record_sync(db, task, rosters.Read(nrps.Roster(members, ""), True, {"g": "G"}), now)
        print("SYNC", k, time.process_time() - t, time.time() - w)
    with database.begin() as db:
        ids = list(db.scalars(select(Enrolment.id)))
        db.add_all(Progress(enrolment_id=i, activity_id="check", started_at=NOW, updated_at=NOW, position=0, watched=[], best_share=.5) for i in ids)
        db.add_all(QuizAttempt(enrolment_id=i, activity_id="check", ticket="t", answers={}, points=1, maximum=2, submitted_at=NOW) for i in ids)
    t = time.process_time()
    with database.begin() as db:
        grading.queue_all_of(db, add_column(db), NOW)
    print("QUEUE ALL", time.process_time() - t); t = time.process_time()
    with database.read() as db:
        outbox.summary_of(db, 1, NOW)
    print("SUMMARY", time.process_time() - t); t = time.process_time()
    with database.read() as db:
        outbox.outbox_of(db, 1, NOW)
    print("OUTBOX", time.process_time() - t)
    assert 0
