"""What every process writes of its work on standard error."""

import logging


def start_logging(level: str) -> None:
    """Write what is at least of this level, with its time."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(message)s")
    # At DEBUG it writes whole addresses, and those of agendas are secrets.
    logging.getLogger("urllib3").setLevel(logging.INFO)
