"""The tools that registered themselves at a platform, and what they want to be told."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from lti_tool.demo.config import ToolUrls
from lti_tool.demo.lms import Registration
from lti_tool.demo.tables import handlers, new_number, registrations


class Registry:
    """The registrations and notice handlers in the campus's file. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def new_id(self) -> str:
        """Return an id that no other registration has."""
        with self._engine.begin() as db:
            return str(new_number(db))

    def add(self, lms: str, registration: Registration) -> None:
        """Keep a new registration."""
        with self._engine.begin() as db:
            row = {"lms": lms, "client_id": registration.client_id, "number": new_number(db)}
            db.execute(insert(registrations).values(**row, details=_details(registration)))

    def registrations(self, lms: str) -> tuple[Registration, ...]:
        """Return a platform's registrations, the latest last."""
        query = select(registrations).filter_by(lms=lms).order_by(registrations.c.number)
        with self._engine.begin() as db:
            return tuple(_registration(row.client_id, row.details) for row in db.execute(query))

    def handle(self, lms: str, client_id: str, notice_type: str, handler: str) -> None:
        """Send notices of a type to this address from now on, or to none where it is empty."""
        keys = {"lms": lms, "client_id": client_id, "notice_type": notice_type}
        with self._engine.begin() as db:
            db.execute(delete(handlers).filter_by(**keys))
            if handler:
                db.execute(insert(handlers).values(**keys, handler=handler))

    def handlers(self, lms: str, client_id: str) -> Mapping[str, str]:
        """Return the addresses that a tool gave, by type of notice."""
        query = select(handlers).filter_by(lms=lms, client_id=client_id).order_by(handlers.c.notice_type)
        with self._engine.begin() as db:
            return {row.notice_type: row.handler for row in db.execute(query)}


def _details(registration: Registration) -> dict[str, Any]:
    return {
        "deployment_id": registration.deployment_id,
        "tool": vars(registration.tool),
        "scopes": sorted(registration.scopes),
        "shares": sorted(registration.shares),
        "custom": dict(registration.custom),
    }


def _registration(client_id: str, details: Mapping[str, Any]) -> Registration:
    return Registration(
        client_id=client_id,
        deployment_id=details["deployment_id"],
        tool=ToolUrls(**details["tool"]),
        scopes=frozenset(details["scopes"]),
        shares=frozenset(details["shares"]),
        custom=tuple(sorted(details["custom"].items())),
    )
