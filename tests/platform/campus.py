"""The demo campus on a free port, as the platform that tests launch from."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from lti_tool.demo.campus import create_campus
from lti_tool.demo.config import CampusConfig, ToolUrls
from lti_tool.demo.current import Campus
from tests.platform.serving import serving

AGENDA_START = date(2027, 2, 15)


@contextmanager
def running_campus(data_file: Path, tool: ToolUrls, *, agenda_start: date = AGENDA_START) -> Iterator[Campus]:
    """Serve a campus for `tool`; its address is `campus.settings.base_url`.

    A bad launch is any claims signed with `lms.key.sign(claims)`; good claims to spoil come from
    `lti_tool.demo.claims.launch_claims`.
    """

    def make(base_url: str) -> Campus:
        return create_campus(CampusConfig(base_url, tool, data_file, agenda_start))

    with serving(make, host="localhost") as campus:
        yield campus
