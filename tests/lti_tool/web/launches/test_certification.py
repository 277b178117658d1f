"""1EdTech's list of launches for the certification of tools, each over HTTP and really signed.

LTI Advantage Conformance Certification Guide 1.3, section 6.1. The bad launches (6.1.1):

    No KID Sent in JWT header        test_no_key_id
    Incorrect KID in JWT header      test_an_unknown_key_id
    Wrong LTI Version                test_a_wrong_version
    No LTI Version                   test_no_version
    Invalid LTI message              test_no_lti_message
    Missing LTI Claims               test_missing_lti_claims
    Timestamps Incorrect             test_bad_timestamps
    message_type Claim Missing       test_no_message_type
    role Claim Missing               test_no_roles
    deployment_id Claim Missing      test_no_deployment_id
    resource_link_id Claim Missing   test_no_resource_link_id
    user Claim Missing               test_no_subject

The valid ones, for a teacher (6.1.2, "Valid Instructor …") and for a student (6.1.3, "Valid Student …"):

    Launch                           test_a_teacher_comes_in, test_a_student_comes_in  [plain]
    Launch with Roles                the same                                          [several roles]
    Launch Short Role                the same                                          [short role]
    Launch Unknown Role              test_a_role_that_is_unknown_opens_what_a_student_sees
    Launch No Role                   test_no_role_at_all_opens_what_a_student_sees
    Launch Email Only                test_a_teacher_comes_in, test_a_student_comes_in  [e-mail only]
    Launch Names Only                the same                                          [names only]
    No PII                           the same                                          [no personal data]
    Email Without Context            the same                                          [e-mail, no context]

Deep linking (6.2) is shown by `tests.foreign`, where others check what the picker answers; what each call to
a service (6.3, 6.4) carries, by `tests.lti_tool.lti.test_nrps`, `.ags` and `.test_connector`.
"""

from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import select

from lti_tool import clock
from lti_tool.storage.models import Person, Refusal, Visit
from tests.lti_tool.lti.world import ABSENT, CLAIM, MEMBERSHIP
from tests.lti_tool.web.launches.refusal import missing, once_more, refused, refused_with, wrong
from tests.platform.hand import Hand
from tests.platform.klimop import Klimop

INSTITUTION_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
UNKNOWN_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/uknownrole/unknown#Helper"
NAMES = {"name": "An Peeters", "given_name": "An", "family_name": "Peeters"}
NO_NAMES = dict.fromkeys(NAMES, ABSENT)
EMAIL, NO_EMAIL = {"email": "an@example.test"}, {"email": ABSENT}
TOLD = [
    pytest.param({}, id="plain"),
    pytest.param(EMAIL | NO_NAMES, id="e-mail only"),
    pytest.param(NAMES | NO_EMAIL, id="names only"),
    pytest.param(NO_NAMES | NO_EMAIL, id="no personal data"),
    pytest.param(EMAIL | NO_NAMES | {"context": ABSENT}, id="e-mail, no context"),
]


# Bad launches


def test_no_key_id(lms: Hand, browser: requests.Session) -> None:
    answer = refused(lms, browser, lambda asked: lms.sign(lms.claims(asked), kid=ABSENT))
    assert answer == wrong("key_not_named")


def test_an_unknown_key_id(lms: Hand, browser: requests.Session) -> None:
    answer = refused(lms, browser, lambda asked: lms.sign(lms.claims(asked), kid="imstester_66067"))
    jwks_url = lms.server.url + lms.keyset_path
    assert answer == wrong("unknown_key", kid="imstester_66067", jwks_url=jwks_url)


def test_a_wrong_version(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, version="11.3") == wrong("unsupported_version", version="11.3")


def test_no_version(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, version=ABSENT) == missing("version")


def test_no_lti_message(lms: Hand, browser: requests.Session) -> None:
    assert refused(lms, browser, lms.sign({"name": "badltilaunch"})) == missing("iss")


def test_missing_lti_claims(lms: Hand, browser: requests.Session) -> None:
    def token(asked: dict[str, str]) -> str:
        claims = lms.claims(asked)
        return lms.sign({name: claims[name] for name in claims if not name.startswith(CLAIM)})

    assert refused(lms, browser, token) == missing("deployment_id")


def test_bad_timestamps(lms: Hand, browser: requests.Session) -> None:
    answer = refused_with(lms, browser, iat=11111, exp=22222)
    ago = int(answer.named["seconds"])
    assert answer == once_more("expired", seconds=str(ago))
    assert abs(clock.now().timestamp() - 22222 - ago) < 60


def test_no_message_type(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, message_type=ABSENT) == missing("message_type")


def test_no_roles(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, roles=ABSENT) == missing("roles")


def test_no_deployment_id(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, deployment_id=ABSENT) == missing("deployment_id")


def test_no_resource_link_id(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, resource_link={"title": "Care"}) == missing("resource_link.id")
    assert refused_with(lms, browser, resource_link=ABSENT) == missing("resource_link.id")


def test_no_subject(lms: Hand, browser: requests.Session) -> None:
    assert refused_with(lms, browser, sub=ABSENT) == missing("sub")


def test_operators_are_told_what_an_lms_does_wrong_and_nothing_of_the_person(
    klimop: Klimop, lms: Hand, browser: requests.Session
) -> None:
    before = klimop.rows_of(Refusal)
    refused_with(lms, browser, roles=ABSENT)
    (noted,) = klimop.rows_of(Refusal)[len(before) :]
    assert (noted["reason"], noted["details"]) == ("missing_claim", {"claim": "roles"})
    assert abs((clock.now() - noted["refused_at"]).total_seconds()) < 60


# Valid launches


@pytest.mark.parametrize(
    "claims",
    [
        *TOLD,
        pytest.param(
            {"roles": [f"{INSTITUTION_ROLE}Staff", f"{MEMBERSHIP}Instructor", f"{MEMBERSHIP}Mentor"]},
            id="several roles",
        ),
        pytest.param({"roles": ["Instructor"]}, id="short role"),
    ],
)
def test_a_teacher_comes_in(
    klimop: Klimop, lms: Hand, browser: requests.Session, claims: dict[str, object]
) -> None:
    page = lms.launch(browser, **{"sub": "teacher", "roles": [f"{MEMBERSHIP}Instructor"]} | claims)
    assert (page.status_code, _page_of(page), _role_of(klimop, page)) == (200, "/cohort", "teacher")


@pytest.mark.parametrize(
    "claims",
    [
        *TOLD,
        pytest.param({"roles": [f"{INSTITUTION_ROLE}Student", f"{MEMBERSHIP}Learner"]}, id="several roles"),
        pytest.param({"roles": ["Learner"]}, id="short role"),
    ],
)
def test_a_student_comes_in(
    klimop: Klimop, lms: Hand, browser: requests.Session, claims: dict[str, object]
) -> None:
    page = lms.launch(browser, **{"sub": "student"} | claims)
    assert (page.status_code, _page_of(page), _role_of(klimop, page)) == (200, "/", "learner")


@pytest.mark.parametrize("subject", ["teacher", "student"])
def test_a_role_that_is_unknown_opens_what_a_student_sees(
    klimop: Klimop, lms: Hand, browser: requests.Session, subject: str
) -> None:
    page = lms.launch(browser, sub=subject, roles=[UNKNOWN_ROLE])
    assert (page.status_code, _page_of(page), _role_of(klimop, page)) == (200, "/", "learner")


@pytest.mark.parametrize("subject", ["teacher", "student"])
@pytest.mark.parametrize("roles", [[""], []])
def test_no_role_at_all_opens_what_a_student_sees(
    klimop: Klimop, lms: Hand, browser: requests.Session, subject: str, roles: list[str]
) -> None:
    page = lms.launch(browser, sub=subject, roles=roles)
    assert (page.status_code, _page_of(page), _role_of(klimop, page)) == (200, "/", "learner")


def test_someone_who_comes_without_a_name_gets_it_when_it_is_told(
    klimop: Klimop, lms: Hand, browser: requests.Session
) -> None:
    lms.launch(browser, sub="quiet", **NO_NAMES | NO_EMAIL)
    assert _name_of(klimop, "quiet") is None
    lms.launch(browser, sub="quiet", **NO_NAMES | {"given_name": "An", "family_name": "Peeters"})
    lms.launch(browser, sub="quiet", **NO_NAMES | NO_EMAIL)
    assert _name_of(klimop, "quiet") == "An Peeters"


def _page_of(page: requests.Response) -> str:
    """Return a page's address within its visit."""
    return "/" + urlsplit(page.url).path.split("/", 3)[3]


def _role_of(klimop: Klimop, page: requests.Response) -> str | None:
    visit_id = urlsplit(page.url).path.split("/")[2]
    with klimop.database.read() as db:
        return db.scalar(select(Visit.role).where(Visit.id == visit_id))


def _name_of(klimop: Klimop, subject: str) -> str | None:
    with klimop.database.read() as db:
        return db.scalars(select(Person.name).where(Person.subject == subject)).one()
