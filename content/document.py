"""Values as JSON-able documents, and back.

One reader, driven by the dataclasses' own fields, serves authors' files and stored versions alike. A document
has a key for each field that is not None; one of several kinds is told by its `type`.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from content.checked import At, Checked, Fault, Finding, Refused, key_of

Value = TypeVar("Value", bound=Checked)

EXPECTED = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


class Unread(Enum):
    """Stands for a part that could not be read; a finding says why."""

    UNREAD = "unread"


def to_document(value: Checked) -> dict[str, Any]:
    """Return `value` in dicts, lists, strings and numbers; equal values give equal documents."""
    document: dict[str, Any] = _write(value)
    return document


def from_document(kind: type[Value], document: object) -> Value:
    """Return the value that `to_document` wrote, or raise `Refused` with every finding."""
    value, findings = examine(kind, document)
    if findings or isinstance(value, Unread):
        raise Refused(findings)
    return value


def examine(kind: type[Value], document: object) -> tuple[Value | Unread, tuple[Finding, ...]]:
    """Return what can be read of `document` and everything that is wrong with it.

    The value may be nonsense where there are findings: it serves to look for more of them.
    """
    findings: list[Finding] = []
    value = _read(kind, document, (), findings)
    return value, tuple(findings)


def _write(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_write(item) for item in value]
    if hasattr(type(value), "parse"):
        return str(value)
    if not is_dataclass(value):
        return value
    written = {key_of(field.name): _write(getattr(value, field.name)) for field in fields(value)}
    kind = {"type": value.type} if hasattr(value, "type") else {}
    return kind | {key: part for key, part in written.items() if part is not None}


def _read(kind: Any, raw: object, at: At, findings: list[Finding]) -> Any:
    origin = get_origin(kind)
    if origin is tuple:
        return _read_items(get_args(kind)[0], raw, at, findings)
    if origin is UnionType:
        return _read_union(get_args(kind), raw, at, findings)
    if is_dataclass(kind) and not hasattr(kind, "parse"):
        return _read_object(kind, raw, at, findings)
    try:
        return _read_scalar(kind, raw)
    except Refused as refused:
        findings.extend(finding.under(at) for finding in refused.findings)
        return Unread.UNREAD


def _read_items(kind: Any, raw: object, at: At, findings: list[Finding]) -> Any:
    if not isinstance(raw, list):
        return _unread(at, Fault.WRONG_TYPE, "a list", findings)
    items = tuple(_read(kind, item, (*at, index), findings) for index, item in enumerate(raw))
    return Unread.UNREAD if Unread.UNREAD in items else items


def _read_union(kinds: tuple[Any, ...], raw: object, at: At, findings: list[Finding]) -> Any:
    kinds = tuple(kind for kind in kinds if kind is not NoneType)
    if len(kinds) == 1:
        return _read(kinds[0], raw, at, findings)
    by_type = {kind.type: kind for kind in kinds}
    tag = raw.get("type") if isinstance(raw, Mapping) else None
    if not isinstance(tag, str) or tag not in by_type:
        return _unread(at, Fault.WRONG_TYPE, "type: " + " | ".join(by_type), findings)
    return _read(by_type[tag], raw, at, findings)


def _read_object(kind: Any, raw: object, at: At, findings: list[Finding]) -> Any:
    if not isinstance(raw, Mapping):
        return _unread(at, Fault.WRONG_TYPE, "keys with values", findings)
    shape = _shape(kind)
    known = {*shape, "type"} if hasattr(kind, "type") else {*shape}
    findings.extend(Finding((*at, key), Fault.UNKNOWN_KEY, str(key)) for key in raw if key not in known)
    values = {
        field.name: _read(hint, raw[key], (*at, key), findings)
        if key in raw
        else _default(field, at, findings)
        for key, (field, hint) in shape.items()
    }
    if Unread.UNREAD in values.values():
        return Unread.UNREAD
    value = kind.unchecked(**values)
    findings.extend(finding.under(at) for finding in value.findings())
    return value


def _read_scalar(kind: Any, raw: object) -> Any:
    if issubclass(kind, Enum):
        if raw in [member.value for member in kind]:
            return kind(raw)
        raise Refused((Finding((), Fault.WRONG_TYPE, " | ".join(member.value for member in kind)),))
    if hasattr(kind, "parse"):
        return kind.parse(str(raw))
    if kind is float and type(raw) is int and abs(raw) < 10**15:
        return float(raw)
    if type(raw) is not kind:
        raise Refused((Finding((), Fault.WRONG_TYPE, EXPECTED[kind]),))
    return raw


@cache
def _shape(kind: type[Any]) -> dict[str, tuple[Field[Any], Any]]:
    """Return a dataclass's fields with their types, by their keys in a document."""
    hints = get_type_hints(kind)
    return {key_of(field.name): (field, hints[field.name]) for field in fields(kind)}


def _default(field: Field[Any], at: At, findings: list[Finding]) -> Any:
    if field.default is MISSING:
        return _unread(at, Fault.MISSING_KEY, key_of(field.name), findings)
    return field.default


def _unread(at: At, fault: Fault, about: str, findings: list[Finding]) -> Unread:
    findings.append(Finding(at, fault, about))
    return Unread.UNREAD
