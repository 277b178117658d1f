"""Small planning problems, and their best plans found by trying everything."""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np

from scheduling.grid import Grid, Mask
from scheduling.planner.plan import Plan
from scheduling.planner.problem import Agendas, Problem, Rule
from scheduling.planner.roster import Roster

# Shortfalls, the largest first, and those of who must attend; tentative seats; what is met, negative;
# changes; earliness.
Cost = tuple[tuple[int, ...], int, int, int, int, int]
Chain = tuple[tuple[int, ...], ...]  # per session the slots at which its groups start
# Who attends a session, how many of them in tentative time, and how many origins they meet, negative.
Seating = tuple[frozenset[int], tuple[int, int]]
Shape = dict[str, Any]  # what `random_problem` takes
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def agendas(*rows: str) -> Agendas:
    """Return agendas of one letter a slot: busy, tentative, unknown or . for free; spaces are for the eye."""
    marks = np.array([list(row.replace(" ", "")) for row in rows])
    return Agendas(marks == "b", marks == "t", marks == "u")


def problem(
    *rows: str,
    day: int = 4,
    windows: tuple[range, ...] = (range(1),),
    days_apart: int = 1,
    groups: int = 1,
    group_gap: int = 1,
    capacity: int | None = None,
    length: int = 1,
    hosts: str = "",
    roster: Roster | None = None,
    away: float | None = None,
    published: tuple[frozenset[int], ...] = (),
) -> Problem:
    """Return the problem of people with these rows, on days of `day` slots."""
    people = agendas(*rows)
    slots = people.busy.shape[1]
    busy = agendas(hosts).busy[0] if hosts else np.zeros(slots, dtype=np.bool_)
    late = np.arange(slots) % day > day - length
    return Problem(
        grid=Grid(MONDAY, slots),
        length=length,
        days=np.arange(slots) // day,
        bars={Rule.HOURS: late, Rule.HOSTS: busy},
        windows=windows,
        days_apart=days_apart,
        groups=groups,
        group_gap=group_gap,
        capacity=capacity,
        agendas=people,
        roster=roster,
        away=away,
        published=published,
    )


def random_problem(
    seed: int,
    *,
    groups: int = 1,
    group_gap: int = 1,
    capacity: int | None = None,
    away: float | None = None,
    is_known: bool = False,
    is_published: bool = False,
) -> Problem:
    """Return four people's problem of two or three sessions in six days; it may have no plan."""
    random = np.random.default_rng(seed)
    days, day = 6, int(random.integers(3, 5))
    rows = random.choice(list("btu."), p=(0.4, 0.15, 0.05, 0.4), size=(4, days * day))
    sessions = int(random.integers(2, 4)) if groups == 1 else 2
    edges = [days * session // sessions for session in range(sessions + 1)]
    return problem(
        *("".join(row) for row in rows),
        day=day,
        windows=tuple(range(first, min(end + 1, days)) for first, end in pairwise(edges)),
        days_apart=int(random.integers(1, 4)),
        groups=groups,
        group_gap=group_gap,
        capacity=capacity,
        length=int(random.integers(1, 3)),
        hosts="".join(random.choice(list("b."), p=(0.3, 0.7), size=days * day)),
        roster=random_roster(seed) if is_known or away is not None else None,
        away=away,
        published=random_published(seed, slots=days * day, sessions=sessions) if is_published else (),
    )


def random_published(seed: int, *, slots: int, sessions: int) -> tuple[frozenset[int], ...]:
    """Return slots a session of which some may be barred by now."""
    random = np.random.default_rng(seed)
    return tuple(frozenset(random.integers(0, slots, size=4).tolist()) for _ in range(sessions))


def random_roster(seed: int) -> Roster:
    """Return four people of two employers, some of none, and two institutions; some must attend."""
    random = np.random.default_rng(seed)
    return Roster(
        employers=random.choice([-1, 0, 1], p=(0.2, 0.5, 0.3), size=4),
        institutions=random.integers(0, 2, size=4),
        must_attend=random.random(4) < 0.4,
    )


def fits(mask: Mask, slot: int, length: int) -> bool:
    return not mask[slot : slot + length].any()


def free(problem: Problem, person: int, slot: int) -> bool:
    agenda = problem.agendas
    return fits(agenda.busy[person] | agenda.unknown[person], slot, problem.length)


def firm(problem: Problem, person: int, slot: int) -> bool:
    return free(problem, person, slot) and fits(problem.agendas.tentative[person], slot, problem.length)


def slots(problem: Problem, session: int) -> list[int]:
    """Return every slot at which the session could start, taken alone."""
    return [
        slot
        for slot in range(problem.grid.slots - problem.length + 1)
        if int(problem.days[slot]) in problem.windows[session]
        and not any(mask[slot] for mask in problem.bars.values())
    ]


def chains(problem: Problem) -> Iterator[Chain]:
    """Return every choice of slots that breaks no rule."""
    rows = [
        [row for row in combinations(slots(problem, session), problem.groups) if _apart(problem, row)]
        for session in range(problem.sessions)
    ]
    for chain in product(*rows):
        gaps = (problem.days[after[0]] - problem.days[before[-1]] for before, after in pairwise(chain))
        if all(gap >= problem.days_apart for gap in gaps):
            yield chain


def _apart(problem: Problem, row: tuple[int, ...]) -> bool:
    return all(after - before >= problem.group_gap for before, after in pairwise(row))


def best_cost(problem: Problem) -> Cost:
    """Return the cost of the best of all plans; raise ValueError where there is none."""
    seatings = cache(lambda row: _seatings(problem, row))
    attainable = _attainable(problem)
    return min(
        _cost(problem, attainable, chain, seats)
        for chain in chains(problem)
        for seats in product(*(seatings(row) for row in chain))
    )


def attendances(problem: Problem) -> Iterator[list[int]]:
    """Return for each plan how many sessions each person attends; plans that seat fewer are left out."""
    seatings = cache(lambda row: _seatings(problem, row))
    for chain in chains(problem):
        for seats in product(*(seatings(row) for row in chain)):
            yield [sum(person in who for who, _ in seats) for person in range(problem.people)]


def cost(problem: Problem, plan: Plan) -> Cost:
    """Return the cost of a plan, counted from its starts and seats alone."""
    chain = tuple(tuple(problem.grid.slot(start) for start in starts) for starts in plan.starts)
    seats = tuple(
        _seating(
            problem,
            [(person, slot) for slot, group in zip(row, groups, strict=True) for person in group],
        )
        for row, groups in zip(chain, plan.seats, strict=True)
    )
    return _cost(problem, _attainable(problem), chain, seats)


def _attainable(problem: Problem) -> list[int]:
    return [
        sum(
            any(free(problem, person, slot) for slot in slots(problem, session))
            for session in range(problem.sessions)
        )
        for person in range(problem.people)
    ]


def _cost(problem: Problem, attainable: list[int], chain: Chain, seats: tuple[Seating, ...]) -> Cost:
    missed = [total - sum(person in who for who, _ in seats) for person, total in enumerate(attainable)]
    must = [] if problem.roster is None else np.flatnonzero(problem.roster.must_attend).tolist()
    changes = sum(
        slot not in published
        for row, published in zip(chain, problem.published, strict=bool(problem.published))
        for slot in row
    )
    return (
        tuple(sorted(missed, reverse=True)),
        sum(missed[person] for person in must),
        sum(tentative for _, (tentative, _) in seats),
        sum(unmet for _, (_, unmet) in seats),
        changes,
        sum(map(sum, chain)),
    )


def is_too_many(problem: Problem, seated: Sequence[int]) -> bool:
    """Judge one group: more people than its places, or more of an employer's than may be away together."""
    if problem.capacity is not None and len(seated) > problem.capacity:
        return True
    if problem.roster is None or problem.away is None:
        return False
    employers = problem.roster.employers.tolist()
    together = [employers[person] for person in seated]
    return any(
        together.count(employer) > math.ceil(problem.away * employers.count(employer))
        for employer in set(together) - {-1}
    )


def _seatings(problem: Problem, row: tuple[int, ...]) -> list[Seating]:
    """Return every set of people that the groups can seat, each seated in the best way."""
    nowhere = len(row)
    best: dict[frozenset[int], tuple[int, int]] = {}
    for seats in product(range(nowhere + 1), repeat=problem.people):
        taken = [(person, row[group]) for person, group in enumerate(seats) if group != nowhere]
        full = any(
            is_too_many(problem, [person for person, its in enumerate(seats) if its == group])
            for group in range(nowhere)
        )
        if full or not all(free(problem, person, slot) for person, slot in taken):
            continue
        who, detail = _seating(problem, taken)
        best[who] = min(best.get(who, detail), detail)
    largest = [who for who in best if not any(who < other for other in best)]
    return [(who, best[who]) for who in largest]


def _seating(problem: Problem, taken: Sequence[tuple[int, int]]) -> Seating:
    """Return the seating in which each of these people sits in the group at that slot."""
    met: set[tuple[str, int, int]] = set()
    if problem.roster is not None and problem.groups > 1:
        for person, slot in taken:
            met.add(("employer", int(problem.roster.employers[person]), slot))
            met.add(("institution", int(problem.roster.institutions[person]), slot))
    known = [each for each in met if each[1] >= 0]
    tentative = sum(not firm(problem, person, slot) for person, slot in taken)
    return frozenset(person for person, _ in taken), (tentative, -len(known))
