import pytest

from lti_tool.lti.registrations import HeldRegistrations
from tests.lti_tool.lti.world import World

ISSUER = "https://lms.example"


class Elapsed:
    """A clock that stands still until it is told how late it is."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def elapsed() -> Elapsed:
    return Elapsed()


@pytest.fixture
def held(world: World, elapsed: Elapsed) -> HeldRegistrations:
    return HeldRegistrations(world.memory, elapsed)


def test_a_registration_is_read_once_a_minute(
    world: World, held: HeldRegistrations, elapsed: Elapsed
) -> None:
    for seconds in (1000.0, 1030.0, 1059.9):
        elapsed.seconds = seconds
        assert held.registrations_of(ISSUER, "klimop") == [world.platform]
        assert held.has_deployment(1, "1")
    assert world.memory.calls == ["registrations_of", "has_deployment"]


@pytest.mark.parametrize("client_id", ["klimop", ""])
def test_what_was_withdrawn_is_gone_after_a_minute_although_it_was_used_all_the_time(
    world: World, held: HeldRegistrations, elapsed: Elapsed, client_id: str
) -> None:
    held.registrations_of(ISSUER, client_id)
    held.has_deployment(1, "1")
    world.memory.registrations.clear()
    world.memory.deployments.clear()
    elapsed.seconds += 59
    assert held.registrations_of(ISSUER, client_id) == [world.platform]
    assert held.has_deployment(1, "1")
    elapsed.seconds += 1
    assert held.registrations_of(ISSUER, client_id) == []
    assert not held.has_deployment(1, "1")


def test_a_changed_address_is_used_after_a_minute(
    world: World, held: HeldRegistrations, elapsed: Elapsed
) -> None:
    held.registrations_of(ISSUER, "klimop")
    world.memory.registrations.clear()
    moved = world.register(1, issuer=ISSUER, client_id="klimop")
    elapsed.seconds += 60
    assert held.registrations_of(ISSUER, "klimop")[0] is moved


def test_what_is_new_is_known_at_once(world: World, held: HeldRegistrations) -> None:
    assert held.registrations_of(ISSUER, "klimop-2") == []
    assert held.registrations_of("https://other.example", "") == []
    assert not held.has_deployment(2, "1")
    second = world.register(2, issuer=ISSUER, client_id="klimop-2")
    other = world.register(3, issuer="https://other.example", client_id="klimop")
    assert held.registrations_of(ISSUER, "klimop-2") == [second]
    assert held.registrations_of("https://other.example", "") == [other]
    assert held.has_deployment(2, "1")
