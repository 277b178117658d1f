"""What a reading notes down while it goes: problems met, and work done."""

from collections import Counter

from scheduling.agenda.reading import Problem, ProblemKind

# About a microsecond each: no real agenda comes near it, and it fits in the seconds that a child process has.
MAX_WORK = 1_500_000


class TooMuchWorkError(Exception):
    """The agenda asks for more repetitions to be looked at than any real one does."""


class Notes:
    """Counts problems, and the work done for repetitions, in days looked at: up to `work` of them."""

    def __init__(self, *, work: int = MAX_WORK) -> None:
        self._problems: Counter[ProblemKind] = Counter()
        self._work = work

    def add(self, kind: ProblemKind, count: int = 1) -> None:
        self._problems[kind] += count

    def spend(self, work: int) -> None:
        """Raise TooMuchWorkError where the work to come does not fit; smaller work may fit later."""
        if work > self._work:
            raise TooMuchWorkError
        self._work -= work

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(sorted(Problem(kind, count) for kind, count in self._problems.items() if count))
