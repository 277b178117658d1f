"""Reading JSON that others wrote: every value is what was asked for, or a named error."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.lti.platform import is_web_url

TEXT_LIMIT = 10_000
ID_LIMIT = 255


class MissingValueError(Exception):
    """There is nothing at `path`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class InvalidValueError(Exception):
    """What is at `path` is of another kind, too long, or cannot be stored as text."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True)
class JsonObject:
    """A JSON object. A value that is absent, null or empty counts as absent.

    `path` leads to this object, with a dot at its end; error paths start with it.
    """

    values: Mapping[str, object]
    path: str = ""

    @classmethod
    def parse(cls, document: str | bytes) -> "JsonObject":
        """Return the object in `document`; InvalidValueError when it holds no JSON object."""
        values = _parse(document)
        if not isinstance(values, dict):
            raise InvalidValueError("")
        return cls(values)

    def text(self, name: str, *, limit: int = TEXT_LIMIT) -> str:
        """Return the text at `name`, empty where there is none."""
        value = self.values.get(name)
        if value is None:
            return ""
        return self._checked_text(name, value, limit)

    def identifier(self, name: str) -> str:
        """Return the text at `name`, which must be there and be no longer than LTI allows an id to be."""
        value = self.text(name, limit=ID_LIMIT)
        if not value:
            raise MissingValueError(self._at(name))
        return value

    def url(self, name: str) -> str:
        """Return the absolute web address at `name`, empty where there is none."""
        value = self.text(name)
        if value and not is_web_url(value):
            raise InvalidValueError(self._at(name))
        return value

    def required_url(self, name: str) -> str:
        """Return the absolute web address at `name`, which must be there."""
        value = self.url(name)
        if not value:
            raise MissingValueError(self._at(name))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the list of texts at `name`, or the one text as such a list."""
        value = self.values.get(name)
        items = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(self._checked_text(name, item, TEXT_LIMIT) for item in items)

    def number(self, name: str) -> float:
        """Return the number at `name`, which must be there and lie between 0 and 10^11."""
        value = self.values.get(name)
        if value is None:
            raise MissingValueError(self._at(name))
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11:
            raise InvalidValueError(self._at(name))
        return value

    def flag(self, name: str) -> bool:
        """Return whether `name` is true; some platforms write booleans as text."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        return self._checked_text(name, value, ID_LIMIT).lower() == "true"

    def child(self, name: str) -> "JsonObject":
        """Return the object at `name`, empty where there is none."""
        value = self.values.get(name)
        # PHP writes an empty object as an empty list.
        if value is None or value == []:
            value = {}
        if not isinstance(value, dict):
            raise InvalidValueError(self._at(name))
        return JsonObject(value, f"{self._at(name)}.")

    def children(self, name: str) -> tuple["JsonObject", ...]:
        """Return the list of objects at `name`."""
        value = self.values.get(name)
        items = [] if value is None else value
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise InvalidValueError(self._at(name))
        return tuple(JsonObject(item, f"{self._at(name)}.") for item in items)

    def as_texts(self) -> dict[str, str]:
        """Return each value as text: a text as it is, anything else as JSON."""
        # A name that cannot be stored cannot be shown in an error either.
        if not all(is_storable(name) for name in self.values):
            raise InvalidValueError(self.path.rstrip("."))
        return {name: self._as_text(name, value) for name, value in self.values.items() if value is not None}

    def _as_text(self, name: str, value: object) -> str:
        try:
            text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        except RecursionError as error:
            raise InvalidValueError(self._at(name)) from error
        return self._checked_text(name, text, TEXT_LIMIT)

    def _at(self, name: str) -> str:
        return self.path + name.rpartition("/")[2]

    def _checked_text(self, name: str, value: object, limit: int) -> str:
        if not isinstance(value, str) or len(value) > limit or not is_storable(value):
            raise InvalidValueError(self._at(name))
        return value


def parse_objects(document: str | bytes) -> tuple[JsonObject, ...]:
    """Return the list of objects in `document`; InvalidValueError when it holds no such list."""
    return JsonObject({"": _parse(document)}).children("")


def is_storable(text: str) -> bool:
    """Return whether a database can hold `text`: no NUL and no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _parse(document: str | bytes) -> object:
    try:
        return json.loads(document)
    except (ValueError, RecursionError) as error:
        raise InvalidValueError("") from error
