"""Reading a stranger's agenda in a child process that cannot take more than its share."""

import os
import subprocess
import sys
from signal import SIGXCPU
from zoneinfo import ZoneInfo

from scheduling.agenda.lines import AgendaLines
from scheduling.agenda.protocol import Limits, Request, read_answer, write_request
from scheduling.agenda.reading import AgendaUnreadableError, Reading, UnreadableKind
from scheduling.interval import Interval

DEFAULT_LIMITS = Limits()


def read_agenda_safely(
    lines: AgendaLines,
    *,
    window: Interval,
    zone: ZoneInfo,
    treat_all_as_busy: bool = False,
    ignore_all_day: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Reading:
    """Return what read_agenda returns for an agenda that nobody has vouched for.

    Raises AgendaUnreadableError, also where the limits do not suffice. Any thread or worker may call it.
    """
    request = Request(window, zone, treat_all_as_busy, ignore_all_day, limits)
    status, answer = _run_child(write_request(request) + lines.text, limits.wall_seconds)
    if answer.endswith(b"}"):
        return read_answer(answer)
    raise AgendaUnreadableError(UnreadableKind.TOO_SLOW if status == -SIGXCPU else UnreadableKind.CRASHED)


def _run_child(data: bytes, seconds: float) -> tuple[int, bytes]:
    """Return the exit status and the answer of a child, which learns nothing of this process but its paths.

    The child limits itself before it touches the agenda: code between fork and exec is not safe with threads.
    """
    # -S: the paths are this process's own, so that the child need not find them once more.
    command = [sys.executable, "-S", "-s", "-P", "-m", "scheduling.agenda.child"]
    paths = os.pathsep.join(path for path in sys.path if path)
    with subprocess.Popen(  # noqa: S603 - our own program; the stranger's lines are only its input
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback could hold a line of the agenda
        env={"PYTHONPATH": paths},
        cwd="/",
    ) as child:
        try:
            answer, _ = child.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            raise AgendaUnreadableError(UnreadableKind.TOO_SLOW) from None
        return child.returncode, answer
