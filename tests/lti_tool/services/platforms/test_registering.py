"""Registrations and the deployments under them."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.launches.discriminating import NewDiscriminator, add_discriminator
from lti_tool.services.platforms.operating import list_refusals, note_refusal
from lti_tool.services.platforms.registering import (
    NewRegistration,
    NoDeploymentError,
    NoInstitutionError,
    RegistrationRow,
    RegistrationTakenError,
    RegistrationUsedError,
    add_institution,
    approve_deployment,
    give_deployment,
    list_registrations,
    note_deployment,
    refuse_deployment,
    register_platform,
    remove_registration,
)
from lti_tool.storage.database import Database
from lti_tool.storage.models import (
    Context,
    Deployment,
    DiscriminatorKind,
    Institution,
    Person,
    Registration,
)
from tests.lti_tool.services.platform import NOW, add_platform, new_registration

LATER = NOW + timedelta(hours=1)


def _rows(db: Session) -> list[tuple[str, str, bool]]:
    return [(row.institution, row.deployment_id, row.is_approved) for row in list_registrations(db)]


def test_a_registered_platform_is_listed_with_its_deployment(database: Database) -> None:
    with database.begin() as db:
        add_platform(db)
        assert list_registrations(db) == [
            RegistrationRow("ucll", "https://ucll.example", "klimop", "1", is_approved=True)
        ]


def test_a_registration_may_wait_for_its_first_deployment(database: Database) -> None:
    with database.begin() as db:
        registration_id = add_platform(db, deployment_id="")
        assert _rows(db) == [("ucll", "", False)]
        note_deployment(db, registration_id, "7", NOW, approve=False)
        assert _rows(db) == [("ucll", "7", False)]


def test_a_deployment_that_is_noted_again_stays_as_it_was(database: Database) -> None:
    with database.begin() as db:
        registration_id = add_platform(db)
        first = note_deployment(db, registration_id, "7", NOW, approve=True)
        assert note_deployment(db, registration_id, "7", LATER, approve=False) == first
        row = db.get_one(Deployment, first)
        assert (row.seen_at, row.approved_at) == (NOW, NOW)


def test_an_approved_deployment_keeps_the_day_of_its_approval(database: Database) -> None:
    with database.begin() as db:
        waiting = note_deployment(db, add_platform(db), "7", NOW, approve=False)
        approve_deployment(db, waiting, NOW)
        approve_deployment(db, waiting, LATER)
        assert db.get_one(Deployment, waiting).approved_at == NOW


def test_a_refused_deployment_that_left_nothing_is_forgotten(database: Database) -> None:
    with database.begin() as db:
        waiting = note_deployment(db, add_platform(db), "7", NOW, approve=False)
        refuse_deployment(db, waiting)
        assert _rows(db) == [("ucll", "1", True)]
        with pytest.raises(NoDeploymentError):
            approve_deployment(db, waiting, NOW)


def test_a_refused_deployment_with_courses_is_kept_but_not_welcome(database: Database) -> None:
    with database.begin() as db:
        used = note_deployment(db, add_platform(db), "7", NOW, approve=True)
        db.add(Context(deployment_id=used, context_id="c", title="Course"))
        db.flush()
        refuse_deployment(db, used)
        assert _rows(db) == [("ucll", "1", True), ("ucll", "7", False)]


def test_a_deployment_may_belong_to_another_institution_than_its_registration(database: Database) -> None:
    with database.begin() as db:
        shared = note_deployment(db, add_platform(db), "7", NOW, approve=True)
        add_institution(db, slug="luca", name="LUCA", locale="en")
        give_deployment(db, shared, institution="luca")
        assert _rows(db) == [("luca", "7", True), ("ucll", "1", True)]
        with pytest.raises(NoInstitutionError):
            give_deployment(db, shared, institution="nowhere")


def test_registering_again_updates_what_is_told_and_keeps_the_rest(database: Database) -> None:
    with database.begin() as db:
        add_institution(db, slug="ucll", name="UCLL", locale="nl")
        told = vars(new_registration()) | {"family": "moodle", "scopes": ("b", "a")}
        first = register_platform(db, NewRegistration(**told), NOW)
        again = register_platform(db, new_registration(token_url="https://lms.example/new"), LATER)
        row = db.get_one(Registration, first)
        assert again == first
        assert (row.family, row.scopes, row.registered_at) == ("moodle", ["a", "b"], NOW)
        assert row.token_url == "https://lms.example/new"


def test_a_registration_of_another_institution_is_not_taken_over(database: Database) -> None:
    with database.begin() as db:
        add_platform(db)
        with pytest.raises(RegistrationTakenError):
            add_platform(db, "vives", issuer="https://ucll.example")


def test_a_registration_that_nobody_used_is_removed_with_all_that_hangs_on_it(database: Database) -> None:
    with database.begin() as db:
        registration_id = add_platform(db)
        email = NewDiscriminator(kind=DiscriminatorKind.EMAIL, value="ucll.be")
        add_discriminator(db, registration_id, email, institution="ucll")
        note_refusal(db, "unknown_key", {"kid": "k"}, registration_id, NOW)
        remove_registration(db, registration_id)
        assert list_registrations(db) == []
        kept = list_refusals(db, registration_id=None, since=NOW - timedelta(days=1), most=9)
        assert [row.reason for row in kept] == ["unknown_key"]


def test_a_registration_through_which_someone_came_in_stays(database: Database) -> None:
    with database.begin() as db:
        registration_id = add_platform(db)
        db.add(Person(registration_id=registration_id, subject="1"))
        db.flush()
        with pytest.raises(RegistrationUsedError):
            remove_registration(db, registration_id)
        assert _rows(db) == [("ucll", "1", True)]


@pytest.mark.parametrize(("slug", "name"), [("Not A Slug", "UCLL"), ("", "UCLL"), ("ucll", " ")])
def test_an_institution_that_cannot_be_is_refused(database: Database, slug: str, name: str) -> None:
    with database.begin() as db:
        with pytest.raises(ValueError, match="is"):
            add_institution(db, slug=slug, name=name, locale="nl")
        assert db.scalars(select(Institution)).all() == []
