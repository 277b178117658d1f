"""Where a demo runs and keeps its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lti_tool import clock
from lti_tool.demo.config import CampusConfig, ToolUrls
from lti_tool.demo.seed import first_monday
from lti_tool.settings import DEMO_SECRET

FOLDER = Path("var/demo")


@dataclass(frozen=True)
class Place:
    """Where the demo runs: the tool on one site, the campus on another, as in real life."""

    port: int
    campus_port: int

    @property
    def folder(self) -> Path:
        """The data of these ports alone: platforms are known by their address, and that holds the port."""
        return FOLDER.absolute() / f"{self.port}-{self.campus_port}"

    @property
    def tool_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def campus_url(self) -> str:
        return f"http://localhost:{self.campus_port}"

    @property
    def settings(self) -> dict[str, str]:
        """Every setting of the demo's processes, as environment variables."""
        return {
            "KLIMOP_DEMO": "1",
            "KLIMOP_SECRET_KEY": DEMO_SECRET,
            "KLIMOP_BASE_URL": self.tool_url,
            "KLIMOP_DATA_DIR": str(self.folder),
            "KLIMOP_TRUSTED_PROXIES": "0",
            "KLIMOP_TRUSTED_HOSTS": f"localhost:{self.campus_port}",
            # Whoever registers Klimop here wants to see it, not to wait for somebody.
            "KLIMOP_APPROVE_DEPLOYMENTS": "1",
            # Nothing in the demo is for a real mailbox.
            "KLIMOP_SMTP_URL": "",
            "KLIMOP_MAIL_FROM": "",
            "KLIMOP_LOG_LEVEL": "WARNING",
            "DATABASE_URL": f"sqlite:///{self.folder}/klimop.sqlite3",
        }

    def environment(self, outside: Mapping[str, str]) -> dict[str, str]:
        """Return what the demo's processes see of the environment outside: all but other settings."""
        kept = {name: value for name, value in outside.items() if not name.startswith("KLIMOP_")}
        return kept | self.settings

    @property
    def campus(self) -> CampusConfig:
        return CampusConfig(
            base_url=self.campus_url,
            tool=ToolUrls.under(self.tool_url),
            data_file=self.folder / "campus.sqlite3",
            agenda_start=first_monday(clock.now().date()),
        )
