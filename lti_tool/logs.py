"""What every process writes of its work on standard error."""

import logging
import traceback
from pathlib import Path


def start_logging(level: str) -> None:
    """Write what is at least of this level, with its time."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(message)s")
    # It writes whole addresses, of odd answers in a warning too, and those of agendas are secrets.
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    # It names the hosts of addresses that people typed.
    logging.getLogger("requests_hardened").setLevel(logging.CRITICAL)
    # A wake that finds its job busy is as meant, and not worth a warning each second.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def trail(error: BaseException) -> str:
    """Return an error's kind and its way through the code: what it says may quote an agenda or a name."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return " < ".join([type(error).__name__, *(f"{Path(one.filename).name}:{one.lineno}" for one in frames)])
