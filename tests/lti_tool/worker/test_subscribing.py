"""Platforms that tell of copied courses are asked to; what they tell marks the copy's links as copies."""

from sqlalchemy import select

from lti_tool import clock
from lti_tool.demo.courses import MANAGEMENT
from lti_tool.demo.people import PEOPLE, Kind
from lti_tool.storage.models import Context, Deployment, NoticeSubscription
from lti_tool.worker.platforms import subscribe
from tests.lti_tool.web.world import MODULE, World
from tests.lti_tool.worker.marks import registration
from tests.platform.visitor import TIMEOUT, Visitor


def _subscriptions(world: World, slug: str) -> list[NoticeSubscription]:
    with world.database.read() as db:
        query = select(NoticeSubscription).join(Deployment)
        return list(db.scalars(query.where(Deployment.registration_id == registration(db, slug).id)))


def _copy(world: World, slug: str) -> str:
    """Let a teacher copy the course; return the context id of the copy."""
    teacher = next(one for one in PEOPLE if one.institution.slug == slug and one.kind is Kind.TEACHER)
    with Visitor(world.lms(slug), teacher.sub) as visitor:
        address = f"{visitor.lms.issuer}/courses/{MANAGEMENT.id}/copy"
        copied = visitor.http.post(address, timeout=TIMEOUT)
    assert copied.ok
    return copied.url.split("/courses/")[1].split("?")[0].strip("/")


def test_a_platform_is_asked_once_and_tells_of_a_copied_course(world: World) -> None:
    world.visit("ku-leuven", "11", MODULE)
    subscribe(world.workshop)
    [asked] = _subscriptions(world, "ku-leuven")
    assert (asked.notice_types, asked.failure) == (["LtiContextCopyNotice"], None)
    assert asked.subscribed_at is not None
    assert asked.due_at is not None
    assert asked.due_at > clock.now()
    copy_id = _copy(world, "ku-leuven")
    with world.database.read() as db:
        rows = db.execute(
            select(Context.context_id, Context.id, Context.copied_from_id)
            .join(Deployment, Deployment.id == Context.deployment_id)
            .where(Deployment.registration_id == registration(db, "ku-leuven").id)
        ).all()
    ids = {row.context_id: row.id for row in rows}
    copied_from = {row.context_id: row.copied_from_id for row in rows}
    assert copied_from[copy_id] == ids[MANAGEMENT.id]


def test_a_platform_that_tells_nothing_is_not_asked(world: World) -> None:
    world.visit("ucll", "11", MODULE)
    assert _subscriptions(world, "ucll") == []


def test_a_platform_that_does_not_answer_is_asked_again_later(world: World) -> None:
    world.visit("thomas-more", "11", MODULE)
    world.campus.store.close_services("thomas-more")
    subscribe(world.workshop)
    world.campus.store.open_services("thomas-more")
    [asked] = _subscriptions(world, "thomas-more")
    assert (asked.failure, asked.subscribed_at, asked.attempts) == ("status 503", None, 1)
