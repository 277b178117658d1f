import pytest

from lti_tool.lti.roles import Role, resolve_role

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
CONTEXT = f"{LIS}membership#"
INSTITUTION = f"{LIS}institution/person#"
SYSTEM = f"{LIS}system/person#"


@pytest.mark.parametrize(
    ("names", "role"),
    [
        ([f"{CONTEXT}Instructor"], Role.TEACHER),
        ([f"{CONTEXT}ContentDeveloper"], Role.TEACHER),
        ([f"{CONTEXT}Learner"], Role.LEARNER),
        ([f"{CONTEXT}Mentor"], Role.OBSERVER),
        ([f"{CONTEXT}Administrator"], Role.ADMINISTRATOR),
    ],
)
def test_a_role_in_the_course_decides(names: list[str], role: Role) -> None:
    assert resolve_role(names) is role


def test_a_learner_in_the_course_who_teaches_elsewhere_in_the_institution_is_a_learner() -> None:
    assert resolve_role([f"{INSTITUTION}Instructor", f"{CONTEXT}Learner"]) is Role.LEARNER


def test_an_administrator_who_teaches_the_course_is_a_teacher() -> None:
    assert resolve_role([f"{SYSTEM}Administrator", f"{CONTEXT}Instructor"]) is Role.TEACHER


def test_an_administrator_who_is_not_enrolled_is_an_administrator() -> None:
    names = [f"{INSTITUTION}Administrator", f"{SYSTEM}Administrator", f"{INSTITUTION}Instructor"]
    assert resolve_role(names) is Role.ADMINISTRATOR


def test_without_a_role_in_the_course_the_institutions_role_decides() -> None:
    assert resolve_role([f"{INSTITUTION}Faculty"]) is Role.TEACHER
    assert resolve_role([f"{INSTITUTION}Student"]) is Role.LEARNER
    assert resolve_role([f"{INSTITUTION}Guest"]) is Role.OBSERVER


def test_a_role_that_everyone_has_does_not_make_an_observer_study() -> None:
    assert resolve_role([f"{INSTITUTION}Observer", f"{SYSTEM}User"]) is Role.OBSERVER
    assert resolve_role([f"{INSTITUTION}None", f"{SYSTEM}AccountAdmin"]) is Role.ADMINISTRATOR
    assert resolve_role([f"{SYSTEM}User"]) is Role.LEARNER


def test_a_teaching_assistant_is_a_teacher_with_a_sub_role_or_a_short_name() -> None:
    sub_role = f"{LIS}membership/Instructor#TeachingAssistant"
    assert resolve_role([sub_role]) is Role.TEACHER
    assert resolve_role([sub_role, f"{CONTEXT}Instructor"]) is Role.TEACHER
    assert resolve_role([f"{LIS}membership/instructor#TeachingAssistant"]) is Role.TEACHER
    assert resolve_role(["TeachingAssistant"]) is Role.TEACHER


def test_a_sub_role_is_as_good_as_its_principal_role() -> None:
    assert resolve_role([f"{LIS}membership/Learner#Instructor"]) is Role.LEARNER
    assert resolve_role([f"{LIS}membership/Mentor#Reviewer"]) is Role.OBSERVER


def test_a_learner_who_mentors_studies_and_an_instructor_who_learns_teaches() -> None:
    assert resolve_role([f"{CONTEXT}Mentor", f"{CONTEXT}Learner"]) is Role.LEARNER
    assert resolve_role([f"{CONTEXT}Learner", f"{CONTEXT}Instructor"]) is Role.TEACHER


@pytest.mark.parametrize(
    "names",
    [
        [],
        [""],
        [" "],
        ["Janitor"],
        [f"{CONTEXT}Janitor"],
        [f"{CONTEXT}Janitor", f"{INSTITUTION}Instructor"],
        [f"{LIS}membership"],
        ["#Instructor", "x#Instructor/"],
        ["https://evil.example/membership#Instructor"],
        ["http://purl.imsglobal.org/vocab/lti/system/person#TestUser"],
    ],
)
def test_a_role_that_nobody_knows_opens_no_doors(names: list[str]) -> None:
    assert resolve_role(names) is Role.LEARNER


def test_short_names_are_roles_in_the_course() -> None:
    assert resolve_role(["Instructor", f"{SYSTEM}Administrator"]) is Role.TEACHER
