"""Which institution a launch from a shared LMS is of."""

import pytest
from sqlalchemy.orm import Session

from lti_tool.services.launches.discriminating import (
    DiscriminatorRow,
    NewDiscriminator,
    add_discriminator,
    find_institution,
    list_discriminators,
    remove_discriminator,
)
from lti_tool.services.platforms.registering import NoInstitutionError, NoRegistrationError, add_institution
from lti_tool.storage.database import Database
from lti_tool.storage.models import DiscriminatorKind
from tests.lti_tool.services.platform import add_platform

CUSTOM, EMAIL, COURSE = DiscriminatorKind.CUSTOM, DiscriminatorKind.EMAIL, DiscriminatorKind.COURSE
OTHERWISE = 0
SIGNS = (
    (NewDiscriminator(kind=CUSTOM, name="school", value="KUL"), "kul"),
    (NewDiscriminator(kind=EMAIL, value="@Odisee.be"), "odisee"),
    (NewDiscriminator(kind=COURSE, value="HIM-"), "luca"),
    (NewDiscriminator(kind=COURSE, value="him-kul"), "kul"),
)


def _shared(db: Session) -> tuple[int, dict[int, str]]:
    """Add an LMS that three institutions share; return its id and the institutions' slugs by id."""
    registration_id = add_platform(db)
    names = {
        add_institution(db, slug=slug, name=slug.upper(), locale="nl"): slug
        for slug in ("kul", "odisee", "luca")
    }
    for new, slug in SIGNS:
        add_discriminator(db, registration_id, new, institution=slug)
    return registration_id, {OTHERWISE: "otherwise"} | names


@pytest.mark.parametrize(
    ("custom", "email_domain", "course_label", "institution"),
    [
        ({}, "", "", "otherwise"),
        ({"school": "kul"}, "odisee.be", "HIM-1", "odisee"),
        ({"school": "kul"}, "gmail.com", "HIM-1", "kul"),
        ({}, "student.ODISEE.be", "", "odisee"),
        ({}, "notodisee.be", "", "otherwise"),
        ({}, "gmail.com", "him-1", "luca"),
        ({}, "", "HIM-KUL-1", "kul"),
        ({}, "", "1-HIM", "otherwise"),
    ],
    ids=[
        "nothing",
        "e-mail over all",
        "custom over course",
        "under the domain",
        "only alike",
        "course",
        "the longer one",
        "not at the start",
    ],
)
def test_a_launch_is_of_the_institution_that_its_signs_tell(
    database: Database, custom: dict[str, str], email_domain: str, course_label: str, institution: str
) -> None:
    with database.begin() as db:
        registration_id, names = _shared(db)
        found = find_institution(
            db,
            registration_id,
            custom=custom,
            email_domain=email_domain,
            course_label=course_label,
            otherwise=OTHERWISE,
        )
    assert names[found] == institution


def test_discriminators_of_another_registration_tell_nothing(database: Database) -> None:
    with database.begin() as db:
        _shared(db)
        other = add_platform(db, "vives")
        found = find_institution(
            db, other, custom={"school": "kul"}, email_domain="", course_label="", otherwise=OTHERWISE
        )
    assert found == OTHERWISE


def test_discriminators_are_listed_in_the_order_in_which_they_count(database: Database) -> None:
    with database.begin() as db:
        registration_id, _ = _shared(db)
        listed = [
            (row.kind, row.name, row.value, row.institution)
            for row in list_discriminators(db, registration_id)
        ]
    assert listed == [
        (EMAIL, "", "odisee.be", "odisee"),
        (CUSTOM, "school", "kul", "kul"),
        (COURSE, "", "him-", "luca"),
        (COURSE, "", "him-kul", "kul"),
    ]


def test_one_that_is_added_again_stands_for_the_last_institution(database: Database) -> None:
    with database.begin() as db:
        registration_id = add_platform(db)
        add_institution(db, slug="luca", name="LUCA", locale="en")
        for value, slug in (("ucll.be", "ucll"), ("UCLL.be", "luca")):
            last = add_discriminator(
                db, registration_id, NewDiscriminator(kind=EMAIL, value=value), institution=slug
            )
        assert list_discriminators(db, registration_id) == [
            DiscriminatorRow(last, EMAIL, "", "ucll.be", "luca", "LUCA")
        ]


def test_a_removed_one_is_gone_and_another_registrations_stays(database: Database) -> None:
    with database.begin() as db:
        mine, other = add_platform(db), add_platform(db, "vives")
        new = NewDiscriminator(kind=EMAIL, value="ucll.be")
        kept = add_discriminator(db, mine, new, institution="ucll")
        remove_discriminator(db, other, kept)
        assert [row.id for row in list_discriminators(db, mine)] == [kept]
        remove_discriminator(db, mine, kept)
        assert list_discriminators(db, mine) == []


def test_one_for_nobody_or_of_nothing_is_refused(database: Database) -> None:
    new = NewDiscriminator(kind=EMAIL, value="ucll.be")
    with database.begin() as db:
        registration_id = add_platform(db)
        with pytest.raises(NoInstitutionError):
            add_discriminator(db, registration_id, new, institution="nowhere")
        with pytest.raises(NoRegistrationError):
            add_discriminator(db, registration_id + 1, new, institution="ucll")


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (EMAIL, "", " "),
        (EMAIL, "", "someone@"),
        (EMAIL, "school", "ucll.be"),
        (CUSTOM, "", "ucll"),
        (COURSE, "", ""),
    ],
)
def test_a_discriminator_that_cannot_be_is_refused(kind: DiscriminatorKind, name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"empty|name"):
        NewDiscriminator(kind=kind, name=name, value=value)
