"""Work agendas in: iCalendar bytes (RFC 5545) to the time that a person is taken, and nothing else."""

from scheduling.agenda.importer import read_agenda
from scheduling.agenda.lines import AgendaLines, keep_lines
from scheduling.agenda.protocol import Limits
from scheduling.agenda.reading import (
    AgendaUnreadableError,
    Problem,
    ProblemKind,
    Reading,
    UnreadableKind,
)
from scheduling.agenda.sandbox import read_agenda_safely

__all__ = [
    "AgendaLines",
    "AgendaUnreadableError",
    "Limits",
    "Problem",
    "ProblemKind",
    "Reading",
    "UnreadableKind",
    "keep_lines",
    "read_agenda",
    "read_agenda_safely",
]
