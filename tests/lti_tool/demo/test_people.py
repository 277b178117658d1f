from collections import Counter
from itertools import pairwise

import pytest

from lti_tool.demo.institutions import INSTITUTIONS
from lti_tool.demo.people import PEOPLE, Kind


def test_four_managers_an_administrator_and_some_others_at_each_institution() -> None:
    counts = Counter((person.institution.slug, person.kind) for person in PEOPLE)
    for institution in INSTITUTIONS:
        assert counts[institution.slug, Kind.MANAGER] == 4
        assert counts[institution.slug, Kind.ADMINISTRATOR] == 1
        assert counts[institution.slug, Kind.TEACHER] in (1, 2)
        assert counts[institution.slug, Kind.LEARNER] in (2, 3)
    assert {person.kind for person in PEOPLE} == set(Kind)


def test_an_observer_observes_people_of_her_own_institution() -> None:
    (observer,) = (person for person in PEOPLE if person.kind is Kind.OBSERVER)
    there = {person.sub: person for person in PEOPLE if person.institution == observer.institution}
    assert all(there[sub].kind.studies for sub in observer.observes)


def test_the_managers_work_for_ten_employers_each_seen_by_several_institutions() -> None:
    managers = [person for person in PEOPLE if person.employer]
    places = {
        employer: {person.institution.slug for person in managers if person.employer == employer}
        for employer in {person.employer for person in managers}
    }
    assert len(places) == 10
    assert all(len(slugs) >= 2 for slugs in places.values())


def test_no_two_people_share_an_address_or_an_account() -> None:
    assert len({person.slug for person in PEOPLE}) == len(PEOPLE)
    assert len({(person.institution.slug, person.sub) for person in PEOPLE}) == len(PEOPLE)
    assert all(before.institution.slug <= after.institution.slug for before, after in pairwise(PEOPLE))


@pytest.mark.parametrize("institution", INSTITUTIONS, ids=lambda institution: institution.slug)
def test_white_text_is_readable_on_the_accent_and_the_accent_on_white(institution: object) -> None:
    accent = next(one.accent for one in INSTITUTIONS if one is institution)
    channels = [int(accent[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5  # WCAG 2.2, success criterion 1.4.3
