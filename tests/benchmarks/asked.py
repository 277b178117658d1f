"""What one launch of Klimop asks of its surroundings."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import event

from lti_tool.demo.people import Person
from tests.benchmarks.launching import Tool


@dataclass(frozen=True)
class Asked:
    """SQL statements, transactions and network connections."""

    statements: list[str]
    transactions: int
    connections: int


def asked_by_launch(app: Flask, klimop: Tool, person: Person, link_id: str) -> Asked:
    """Launch once and return what that asked for; `klimop` is `app`, reached within this process."""
    statements: list[str] = []
    begun: list[object] = []
    connected: list[object] = []

    def note_statement(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    def note_transaction(connection: object) -> None:
        begun.append(connection)

    engine = app.extensions["klimop"].database.engine
    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": note_statement,
        "begin": note_transaction,
    }
    # An audit hook stays for as long as the process lives; it is the only way to see every socket.
    sys.addaudithook(lambda name, about: connected.append(about) if name == "socket.connect" else None)
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    klimop.launch(person, link_id)
    for name, listener in listeners.items():
        event.remove(engine, name, listener)
    return Asked(statements, len(begun), len(connected))
