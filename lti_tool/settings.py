"""What an operator may set, read once from the environment; whatever is wrong stops the start."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

MIN_SECRET_LENGTH = 32
DEMO_SECRET = "demo-only-secret-demo-only-secret-demo"  # noqa: S105 the demo holds nothing worth guarding
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
# What a database address may hold behind its question mark that is no secret.
SHOWN_OPTIONS = ("host", "port", "user", "dbname", "sslmode")
ORIGIN = re.compile(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


SMTP_PORTS = {"smtp": 587, "smtps": 465}
MAIL_SENDER = r"[^@\s<>]+@[^@\s<>]+|[^<>\n]+ <[^@\s<>]+@[^@\s<>]+>"


class SettingsError(Exception):
    """A setting that Klimop cannot start with."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


@dataclass(frozen=True)
class Settings:
    """Each field is set by the environment variable of its name in capitals, prefixed with KLIMOP_.

    `DATABASE_URL` goes without the prefix, as hosting platforms set it. Secrets may also be given as the path
    of a file, in a variable whose name ends in `_FILE`.
    """

    secret_key: str = field(repr=False)
    base_url: str
    database_url: str = field(repr=False)
    data_dir: Path
    demo: bool = False
    trusted_proxies: int = 0
    trusted_hosts: frozenset[str] = frozenset()
    approve_deployments: bool = False
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    log_level: str = "INFO"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings in force; raise `SettingsError` with the name of the variable that is wrong."""
        source = _Source(environ)
        demo = source.flag("KLIMOP_DEMO")
        return cls(
            secret_key=source.secret_key(demo=demo),
            base_url=source.base_url(demo=demo),
            database_url=source.database_url(),
            data_dir=Path(source.text("KLIMOP_DATA_DIR", "var")).absolute(),
            demo=demo,
            trusted_proxies=source.number("KLIMOP_TRUSTED_PROXIES", 0),
            trusted_hosts=cls.trusted_hosts_from_env(environ),
            approve_deployments=source.flag("KLIMOP_APPROVE_DEPLOYMENTS"),
            smtp_url=source.smtp_url(),
            mail_from=source.mail_from(),
            log_level=source.choice(
                "KLIMOP_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
            ),
        )

    @staticmethod
    def trusted_hosts_from_env(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
        """Return the one setting that is in force where nothing else is set up."""
        return frozenset(_Source(environ).text("KLIMOP_TRUSTED_HOSTS", "").split())

    @property
    def can_mail(self) -> bool:
        return bool(self.smtp_url)

    @property
    def host(self) -> str:
        """Return the name of the host at which browsers find Klimop."""
        return urlsplit(self.base_url).hostname or ""

    def masked(self) -> dict[str, str]:
        """Return the settings by variable name, fit for a screen or a log."""
        shown = {}
        for one in fields(self):
            shown[variable(one.name)] = _masked(one.name, getattr(self, one.name))
        return shown


def variable(field_name: str) -> str:
    """Return the environment variable that sets a field."""
    return "DATABASE_URL" if field_name == "database_url" else f"KLIMOP_{field_name.upper()}"


def _masked(name: str, value: object) -> str:
    if name == "database_url":
        return _without_secrets(make_url(str(value))).render_as_string(hide_password=True)
    if name == "secret_key":
        return "********"
    if name == "smtp_url" and value:
        parts = urlsplit(str(value))
        return f"{parts.scheme}://{parts.hostname}:{parts.port or SMTP_PORTS[parts.scheme]}"
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    return str(value)


def _without_secrets(url: URL) -> URL:
    # libpq takes a password among the options too.
    options = {name: value if name in SHOWN_OPTIONS else "hidden" for name, value in url.query.items()}
    return url.set(query=options)


def _is_origin(address: str) -> bool:
    """Return whether an address is a scheme, a host and maybe a port, and nothing more (RFC 6454)."""
    try:
        return ORIGIN.fullmatch(address) is not None and urlsplit(address).port != 0
    except ValueError:  # no such port, or no such IPv6 address
        return False


def _is_mail_server(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return port_is_number and parts.scheme in SMTP_PORTS and bool(parts.hostname) and parts.path in ("", "/")


class _Source:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environ.get(name, "").strip() or self._from_file(f"{name}_FILE")
        if value:
            return value
        if default is None:
            raise SettingsError(name, "is missing")
        return default

    def flag(self, name: str) -> bool:
        return self.choice(name, "0", ("0", "1")) == "1"

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default).upper()
        if value not in allowed:
            raise SettingsError(name, f"is {value!r}; give one of {', '.join(allowed)}")
        return value

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch("[0-9]{1,3}", value):
            raise SettingsError(name, f"is {value!r}; give a whole number from 0 to 999")
        return int(value)

    def secret_key(self, *, demo: bool) -> str:
        value = self.text("KLIMOP_SECRET_KEY", DEMO_SECRET if demo else None)
        if len(value) < MIN_SECRET_LENGTH or len(set(value)) < 8:
            raise SettingsError(
                "KLIMOP_SECRET_KEY", f"is too weak; give at least {MIN_SECRET_LENGTH} random characters"
            )
        if value == DEMO_SECRET and not demo:
            raise SettingsError("KLIMOP_SECRET_KEY", "is the demo's; give one of your own")
        return value

    def base_url(self, *, demo: bool) -> str:
        value = self.text("KLIMOP_BASE_URL", "http://127.0.0.1:8000" if demo else None).rstrip("/")
        if not _is_origin(value):
            raise SettingsError(
                "KLIMOP_BASE_URL", f"is {value!r}; give an address such as https://klimop.example.be"
            )
        if value.startswith("http:") and not demo:
            raise SettingsError("KLIMOP_BASE_URL", "must begin with https://, or LMSs cannot embed Klimop")
        return value

    def database_url(self) -> str:
        value = self.text("DATABASE_URL", "sqlite:///var/klimop.sqlite3")
        try:
            url = make_url(value)
        except (ArgumentError, ValueError):  # ValueError: its port is no number
            raise SettingsError("DATABASE_URL", "is not a database address") from None
        backend = url.get_backend_name()
        if backend not in DRIVERS:
            raise SettingsError("DATABASE_URL", f"names {backend!r}; give sqlite or postgresql")
        return url.set(drivername=DRIVERS[backend]).render_as_string(hide_password=False)

    def smtp_url(self) -> str:
        value = self.text("KLIMOP_SMTP_URL", "")
        if value and not _is_mail_server(value):
            raise SettingsError(
                "KLIMOP_SMTP_URL", "is no mail server; give smtp://user:password@host:587 or smtps://…"
            )
        return value

    def mail_from(self) -> str:
        value = self.text("KLIMOP_MAIL_FROM", "")
        if self.text("KLIMOP_SMTP_URL", "") and not re.fullmatch(MAIL_SENDER, value):
            raise SettingsError("KLIMOP_MAIL_FROM", "names no sender; give one such as klimop@example.be")
        return value

    def _from_file(self, name: str) -> str:
        path = self._environ.get(name, "").strip()
        if not path:
            return ""
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(name, f"cannot be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise SettingsError(name, "does not hold UTF-8 text") from None
