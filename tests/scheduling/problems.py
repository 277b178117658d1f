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

Cost = tuple[tuple[int, ...], int, int]  # shortfalls, the largest first; tentative seats; earliness
Chain = tuple[tuple[int, ...], ...]  # per session the slots at which its groups start
Seating = tuple[frozenset[int], int]  # who attends a session, and how many of them in tentative time
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
    )


def random_problem(
    seed: int, *, groups: int = 1, group_gap: int = 1, capacity: int | None = None, away: float | None = None
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
        roster=None if away is None else random_roster(seed),
        away=away,
    )


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
        _cost(attainable, chain, seats)
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
        (
            frozenset(person for group in groups for person in group),
            sum(
                not firm(problem, person, slot)
                for slot, group in zip(row, groups, strict=True)
                for person in group
            ),
        )
        for row, groups in zip(chain, plan.seats, strict=True)
    )
    return _cost(_attainable(problem), chain, seats)


def _attainable(problem: Problem) -> list[int]:
    return [
        sum(
            any(free(problem, person, slot) for slot in slots(problem, session))
            for session in range(problem.sessions)
        )
        for person in range(problem.people)
    ]


def _cost(attainable: list[int], chain: Chain, seats: tuple[Seating, ...]) -> Cost:
    missed = (total - sum(person in who for who, _ in seats) for person, total in enumerate(attainable))
    return tuple(sorted(missed, reverse=True)), sum(count for _, count in seats), sum(map(sum, chain))


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
    """Return every set of people that the groups can seat, with the fewest tentative seats for each."""
    nowhere = len(row)
    best: dict[frozenset[int], int] = {}
    for seats in product(range(nowhere + 1), repeat=problem.people):
        taken = [(person, row[group]) for person, group in enumerate(seats) if group != nowhere]
        full = any(
            is_too_many(problem, [person for person, its in enumerate(seats) if its == group])
            for group in range(nowhere)
        )
        if full or not all(free(problem, person, slot) for person, slot in taken):
            continue
        who = frozenset(person for person, _ in taken)
        tentative = sum(not firm(problem, person, slot) for person, slot in taken)
        best[who] = min(best.get(who, tentative), tentative)
    largest = [who for who in best if not any(who < other for other in best)]
    return [(who, best[who]) for who in largest]
