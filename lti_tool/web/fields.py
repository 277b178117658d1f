"""Reading what was typed into the fields of forms; what cannot be read says what to do."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from lti_tool.web.translate import _


class BadFieldError(Exception):
    """What was typed is nothing that the field can hold; `sentence` is for who typed it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


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


def one_of(options: Mapping[str, Any]) -> Callable[[str], Any]:
    """Return what the chosen word stands for."""

    def read(text: str) -> Any:
        if text not in options:
            raise BadFieldError(_("Choose one of these."))
        return options[text]

    return read
