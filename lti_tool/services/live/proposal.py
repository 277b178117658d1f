"""What a plan proposes, as a value and as the document that its row keeps."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from scheduling.demand import Request
from scheduling.planner.goals import Goal, Step


@dataclass(frozen=True)
class Turnout:
    """How many learners can come, how many of those only if they move something, and the others."""

    can: int
    tentative: int
    unknown: int
    cannot: int


@dataclass(frozen=True)
class Alternative:
    """Another time for a group, all else unchanged, and how many more (or fewer) people could come in all."""

    start: datetime
    difference: int


@dataclass(frozen=True)
class ProposedGroup:
    """One meeting of a session: when, who can come then, other times, and who has a seat (enrolments)."""

    start: datetime
    turnout: Turnout
    alternatives: tuple[Alternative, ...]
    seats: tuple[int, ...]


@dataclass(frozen=True)
class ProposedSession:
    """A session with its parallel groups, in order of time."""

    groups: tuple[ProposedGroup, ...]


@dataclass(frozen=True)
class Proposal:
    """Sessions in order, how good they are step by step, and of how many learners nothing is known."""

    sessions: tuple[ProposedSession, ...]
    steps: tuple[Step, ...]
    learners: int
    without_agenda: int

    @property
    def is_optimal(self) -> bool:
        return all(step.is_proven for step in self.steps)

    def step(self, goal: Goal) -> Step:
        return next(step for step in self.steps if step.goal is goal)


@dataclass(frozen=True)
class Impossible:
    """Why no plan exists: the rule that leaves no room, for which session, in the terms of `NoPlanError`."""

    rule: str
    session: int
    needed: int
    found: int


def request_document(request: Request) -> dict[str, Any]:
    document = asdict(request)
    document["weekdays"] = sorted(request.weekdays)
    for name in ("first_day", "last_day", "hours_from", "hours_until"):
        document[name] = document[name].isoformat()
    return document


def read_request(document: dict[str, Any]) -> Request:
    return Request(
        **document
        | {
            "weekdays": frozenset(document["weekdays"]),
            "first_day": date.fromisoformat(document["first_day"]),
            "last_day": date.fromisoformat(document["last_day"]),
            "hours_from": time.fromisoformat(document["hours_from"]),
            "hours_until": time.fromisoformat(document["hours_until"]),
        }
    )


def proposal_document(proposal: Proposal) -> dict[str, Any]:
    return {
        "sessions": [
            {
                "groups": [
                    {
                        "start": group.start.isoformat(),
                        "turnout": asdict(group.turnout),
                        "alternatives": [
                            {"start": other.start.isoformat(), "difference": other.difference}
                            for other in group.alternatives
                        ],
                        "seats": list(group.seats),
                    }
                    for group in session.groups
                ]
            }
            for session in proposal.sessions
        ],
        "steps": [asdict(step) for step in proposal.steps],
        "learners": proposal.learners,
        "without_agenda": proposal.without_agenda,
    }


def read_proposal(document: dict[str, Any]) -> Proposal:
    return Proposal(
        sessions=tuple(_session(session) for session in document["sessions"]),
        steps=tuple(Step(**step | {"goal": Goal(step["goal"])}) for step in document["steps"]),
        learners=document["learners"],
        without_agenda=document["without_agenda"],
    )


def _session(document: dict[str, Any]) -> ProposedSession:
    return ProposedSession(
        groups=tuple(
            ProposedGroup(
                start=datetime.fromisoformat(group["start"]),
                turnout=Turnout(**group["turnout"]),
                alternatives=tuple(
                    Alternative(datetime.fromisoformat(other["start"]), other["difference"])
                    for other in group["alternatives"]
                ),
                seats=tuple(group["seats"]),
            )
            for group in document["groups"]
        )
    )
