"""The child process in which a stranger's agenda is read: limits first, then its lines, then one answer."""

import resource
import sys

from scheduling.agenda.importer import read_agenda
from scheduling.agenda.lines import AgendaLines
from scheduling.agenda.protocol import Limits, read_request, write_error, write_reading
from scheduling.agenda.reading import AgendaUnreadableError, UnreadableKind


def main() -> None:
    """Read a request and an agenda's lines from standard input, and write the answer to standard output."""
    request = read_request(sys.stdin.buffer.readline())
    _limit(request.limits)
    try:
        reading = read_agenda(
            AgendaLines(sys.stdin.buffer.read()),
            window=request.window,
            zone=request.zone,
            treat_all_as_busy=request.treat_all_as_busy,
            ignore_all_day=request.ignore_all_day,
        )
        answer = write_reading(reading)
    except AgendaUnreadableError as error:
        answer = write_error(error.kind)
    except MemoryError:
        answer = write_error(UnreadableKind.TOO_MUCH_MEMORY)
    sys.stdout.write(answer)


def _limit(limits: Limits) -> None:
    # At the soft processor limit the child gets SIGXCPU, which ends it; the hard one is for good measure.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main()
