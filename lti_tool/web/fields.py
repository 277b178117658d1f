"""Reading what was typed into the fields of forms; what cannot be read says what to do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from werkzeug.datastructures import MultiDict

from lti_tool.web.translate import _

LARGEST_ID = 2**31 - 1  # of a PostgreSQL integer
LONGEST_MAIL_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3
# A dot-atom of RFC 5322, section 3.4.1, at a domain of the public net; servers seldom take more.
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_MAIL_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@([a-z0-9-]+\.)+[a-z]{{2,}}", re.ASCII | re.IGNORECASE)


class BadFieldError(Exception):
    """What was typed is nothing that the field can hold; `sentence` is for who typed it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Filled:
    """Fields as they were typed, the values that they stand for, and what is wrong with the others."""

    fields: dict[str, str]
    values: dict[str, Any]
    errors: dict[str, str]


def read_fields(given: MultiDict[str, str], readers: Mapping[str, Callable[[str], Any]]) -> Filled:
    """Read each field by its reader, without the blanks around what was typed."""
    filled = Filled({name: given.get(name, "").strip() for name in readers}, {}, {})
    for name, read in readers.items():
        try:
            filled.values[name] = read(filled.fields[name])
        except BadFieldError as error:
            filled.errors[name] = error.sentence
    return filled


def read_weekdays(given: MultiDict[str, str], name: str) -> frozenset[int]:
    """Return the days of the week that were ticked; 0 is Monday."""
    return frozenset(int(day) for day in given.getlist(name) if day in "0123456" and len(day) == 1)


def number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            raise BadFieldError(_("Give a whole number from %(least)s to %(most)s.", least=least, most=most))
        return int(text)

    return read


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadFieldError(_("Give a date.")) from None


def quarter(text: str) -> time:
    """Return a time on the wall that lies on a quarter of an hour."""
    try:
        read = time.fromisoformat(text)
    except ValueError:
        raise BadFieldError(_("Give a time such as 09:00.")) from None
    if read.tzinfo is not None or read.minute % 15 or read.second or read.microsecond:
        raise BadFieldError(_("Give a time on a quarter of an hour, such as 09:15."))
    return read


def mail_address(text: str) -> str:
    """Return a mail address, or an empty text; whether someone reads it only a mail can tell."""
    if text and (len(text) > LONGEST_MAIL_ADDRESS or not _MAIL_ADDRESS.fullmatch(text)):
        raise BadFieldError(_("Give a mail address such as an@example.be, or leave it empty."))
    return text


def one_of(options: Mapping[str, Any]) -> Callable[[str], Any]:
    """Return what the chosen word stands for."""

    def read(text: str) -> Any:
        if text not in options:
            raise BadFieldError(_("Choose one of these."))
        return options[text]

    return read
