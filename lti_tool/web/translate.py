"""Flask-Babel's functions with types, which it does not bring. English is the language of the message ids."""

import flask_babel
from flask_babel.speaklater import LazyString

__all__ = ["LazyString", "_", "_l", "ngettext"]


def _(message: str, **values: object) -> str:
    """Return a message in the reader's language."""
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return the form of a message that fits `num`, in the reader's language."""
    return str(flask_babel.ngettext(singular, plural, num, **values))


def _l(message: str, **values: object) -> LazyString:
    """Return a message that is translated when it is shown."""
    return flask_babel.lazy_gettext(message, **values)
