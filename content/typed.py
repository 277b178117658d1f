"""Numbers as people type them."""

import re
from decimal import Decimal

MAX_TYPED = 30


def readings(typed: str) -> tuple[Decimal, ...]:
    """Return the numbers that a Dutch or an English reader may mean: `1.000` is a thousand, and it is one.

    Spaces, a per cent or a euro sign do no harm; what is no number has no reading.
    """
    text = re.sub(r"[\s€%]", "", typed.replace("−", "-"))
    if len(text) > MAX_TYPED:
        return ()
    dutch = _number(text, thousands=".", decimals=",")
    english = _number(text, thousands=",", decimals=".")
    return tuple(dict.fromkeys(dutch + english))


def _number(text: str, *, thousands: str, decimals: str) -> tuple[Decimal, ...]:
    whole = rf"[0-9]+|[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+"
    fraction = rf"{re.escape(decimals)}[0-9]+"
    if not re.fullmatch(rf"[+-]?(?:(?:{whole})(?:{fraction})?|{fraction})", text):
        return ()
    return (Decimal(text.replace(thousands, "").replace(decimals, ".")),)
