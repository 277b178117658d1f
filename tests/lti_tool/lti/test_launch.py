"""Launches that must work: 1EdTech's list of valid ones, and what a live Moodle sends."""

import pytest

from lti_tool.lti.claims import (
    TARGET_LINK_URI,
    ContextClaim,
    DeepLinkingClaim,
    GradesClaim,
    GroupsClaim,
    Launch,
    MessageType,
    NoticesClaim,
    PersonClaims,
    ResourceLinkClaim,
)
from lti_tool.lti.login import LoginRedirect
from lti_tool.lti.roles import Role
from tests.lti_tool.lti.documents import every_claim
from tests.lti_tool.lti.world import ABSENT, MEMBERSHIP, TARGET, World, sign
from tests.platform.moodle import moodle

INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
NOBODY = PersonClaims("", "", "", "")


def launch_moodle(world: World, name: str) -> Launch:
    """Launch with what Moodle sent; who, when and for which login are this world's."""
    recorded = moodle(name)
    login = world.begin()
    world.memory.deployments.add((1, "2"))
    return world.complete(login, sign(recorded | of_now(world, login)))


def of_now(world: World, login: LoginRedirect) -> dict[str, object]:
    """Return the claims that tie a launch to this world and this login."""
    tied = {"iss", "aud", "nonce", "iat", "exp", TARGET_LINK_URI}
    return {name: value for name, value in world.claims(login).items() if name in tied}


def test_a_plain_launch_without_any_personal_data_works(world: World) -> None:
    assert world.launch() == Launch(
        registration_id=1,
        deployment_id="1",
        message_type=MessageType.RESOURCE_LINK,
        target_link_uri=TARGET,
        subject="4",
        person=NOBODY,
        role=Role.LEARNER,
        context=None,
        resource_link=ResourceLinkClaim("link-1", "Care"),
        deep_linking=None,
        custom={},
        grades=None,
        roster_url="",
        locale="",
        document_target="",
        return_url="",
        platform_family="",
    )


def test_a_launch_with_every_claim_is_read_whole(world: World) -> None:
    login = world.begin()
    launch = world.complete(login, sign(every_claim() | of_now(world, login)))
    scope = "https://purl.imsglobal.org/spec/lti-ags/scope"
    assert launch == Launch(
        registration_id=1,
        deployment_id="1",
        message_type=MessageType.RESOURCE_LINK,
        target_link_uri=TARGET,
        subject="learner-12",
        person=PersonClaims("Noor Maes", "Noor", "Maes", "noor.maes@example.test"),
        role=Role.LEARNER,
        context=ContextClaim(
            "course-7",
            "ZORG",
            "Zorg en welzijn",
            ("http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering",),
        ),
        resource_link=ResourceLinkClaim("link-7", "Zorg", "Zes weken"),
        deep_linking=None,
        custom={"cohort": "autumn", "employer": "Zorgnet"},
        grades=GradesClaim(
            "https://lms.example/items",
            "https://lms.example/items/1",
            frozenset(
                f"{scope}/{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")
            ),
        ),
        roster_url="https://lms.example/roster",
        locale="nl-BE",
        document_target="iframe",
        return_url="https://lms.example/course/7",
        platform_family="moodle",
        groups=GroupsClaim(
            "https://lms.example/groups",
            "https://lms.example/sets",
            frozenset({"https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"}),
        ),
        notices=NoticesClaim(
            "https://lms.example/pns",
            ("LtiContextCopyNotice",),
            frozenset({"https://purl.imsglobal.org/spec/lti/scope/noticehandlers"}),
        ),
        mentor_of=("learner-5",),
    )


def test_a_learners_launch_from_moodle_is_read_whole(world: World) -> None:
    services = "http://localhost:8080/mod/lti/services.php"
    scope = "https://purl.imsglobal.org/spec/lti-ags/scope"
    scopes = frozenset(
        f"{scope}/{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")
    )
    assert launch_moodle(world, "learner-launch") == Launch(
        registration_id=1,
        deployment_id="1",
        message_type=MessageType.RESOURCE_LINK,
        target_link_uri=TARGET,
        subject="4",
        person=PersonClaims("Giulia Ferrari", "Giulia", "Ferrari", "giulia.ferrari@example.test"),
        role=Role.LEARNER,
        context=ContextClaim("2", "HIM", "Health Innovation Management", ("CourseSection",)),
        resource_link=ResourceLinkClaim("1", "Dummy quiz (manual)"),
        deep_linking=None,
        custom={"context_memberships_url": f"{services}/CourseSection/2/bindings/1/memberships"},
        grades=GradesClaim(
            f"{services}/2/lineitems?type_id=1", f"{services}/2/lineitems/2/lineitem?type_id=1", scopes
        ),
        roster_url=f"{services}/CourseSection/2/bindings/1/memberships",
        locale="en",
        document_target="iframe",
        return_url="http://localhost:8080/mod/lti/return.php?course=2&launch_container=3&instanceid=1&sesskey=iUDomLtl9m",
        platform_family="moodle",
    )


def test_an_instructors_launch_from_moodle_makes_a_teacher(world: World) -> None:
    launch = launch_moodle(world, "instructor-launch")
    assert (launch.subject, launch.role) == ("3", Role.TEACHER)


def test_a_deep_linking_request_from_moodle_says_what_may_come_back(world: World) -> None:
    launch = launch_moodle(world, "deep-linking-request")
    assert launch.message_type is MessageType.DEEP_LINKING
    assert launch.resource_link is None
    assert launch.deep_linking == DeepLinkingClaim(
        return_url="http://localhost:8080/mod/lti/contentitem_return.php?course=2&id=2&sesskey=HEz5Qv38qR",
        data="",
        accept_types=("ltiResourceLink",),
        accept_multiple=True,
        accept_line_item=True,
        accept_targets=("frame", "iframe", "window"),
        title="Dummy tool (dynamic)",
    )


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([f"{MEMBERSHIP}Instructor"], Role.TEACHER),
        ([f"{MEMBERSHIP}Instructor", f"{INSTITUTION}Instructor"], Role.TEACHER),
        (["Instructor"], Role.TEACHER),
        ([f"{MEMBERSHIP}Learner"], Role.LEARNER),
        ([f"{INSTITUTION}Student", f"{MEMBERSHIP}Learner", f"{MEMBERSHIP}Mentor"], Role.LEARNER),
        (["Learner"], Role.LEARNER),
        (["http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper"], Role.LEARNER),
        ([""], Role.LEARNER),
        ([], Role.LEARNER),
    ],
)
def test_a_launch_works_with_several_short_unknown_and_empty_roles(
    world: World, roles: list[str], role: Role
) -> None:
    assert world.launch(roles=roles).role is role


def test_a_launch_with_an_email_address_only_works(world: World) -> None:
    launch = world.launch(email="an@example.test")
    assert launch.person == PersonClaims("", "", "", "an@example.test")


def test_a_launch_with_names_only_works(world: World) -> None:
    launch = world.launch(name="An Peeters", given_name="An", family_name="Peeters")
    assert launch.person == PersonClaims("An Peeters", "An", "Peeters", "")


def test_null_and_empty_optional_claims_count_as_absent(world: World) -> None:
    plain = world.launch()
    assert world.launch(context=None, custom=[], launch_presentation=None, name=None) == plain
    assert world.launch(context={}, custom=None, launch_presentation={}, email="") == plain


def test_custom_parameters_that_are_no_text_arrive_as_json(world: World) -> None:
    custom = {"module": "care", "cohort": 12, "graded": True, "weeks": [1, 2], "gone": None}
    assert world.launch(custom=custom).custom == {
        "module": "care",
        "cohort": "12",
        "graded": "true",
        "weeks": "[1, 2]",
    }


def test_an_audience_list_with_us_as_the_authorized_party_works(world: World) -> None:
    assert world.launch(aud=["other", "klimop"], azp="klimop").registration_id == 1
    assert world.launch(aud=["klimop"]).registration_id == 1


def test_a_platforms_clock_may_be_a_minute_off(world: World) -> None:
    now = int(world.now.timestamp())
    assert world.launch(iat=now + 59, exp=now + 119).subject == "4"
    assert world.launch(iat=now - 119, exp=now - 59).subject == "4"


def test_a_warm_launch_makes_two_port_calls_and_no_request(world: World) -> None:
    world.launch()
    login = world.begin()
    token = sign(world.claims(login))
    world.memory.calls.clear()
    world.server.seen.clear()
    world.complete(login, token)
    assert world.memory.calls == ["registrations_of", "has_deployment"]
    assert world.server.seen == []


def test_a_deep_linking_request_needs_no_target_of_its_own(world: World) -> None:
    settings = {"deep_link_return_url": "https://lms.example/return", "accept_multiple": "true", "data": "x"}
    launch = world.launch(
        **{
            "message_type": "LtiDeepLinkingRequest",
            "resource_link": ABSENT,
            "target_link_uri": ABSENT,
            "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": settings,
        }
    )
    assert launch.target_link_uri == ""
    assert launch.deep_linking == DeepLinkingClaim("https://lms.example/return", "x", (), True, True)
