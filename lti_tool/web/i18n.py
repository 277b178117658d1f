"""The reader's language and the reader's time.

The order is: the person's own choice, the launch's locale, the browser's, then Dutch.
"""

from datetime import date, datetime

from flask import Flask, g, request
from flask_babel import Babel, format_date, format_datetime, format_time, get_locale

from content.text import Text
from lti_tool.web.translate import _
from lti_tool.zone import ZONE

LANGUAGES = ("nl", "en")


def init_i18n(app: Flask) -> None:
    Babel(app, default_locale="nl", default_timezone=ZONE.key, locale_selector=reader_language)
    app.jinja_env.globals.update(LANGUAGES=LANGUAGES, language=language)
    app.jinja_env.filters.update(text=text, when=when, day=day, hour=hour, hours=hours)


def reader_language() -> str:
    if "visitor" in g and g.visitor.locale and g.visitor.locale[:2].lower() in LANGUAGES:
        return str(g.visitor.locale[:2].lower())
    return request.accept_languages.best_match(LANGUAGES) or "nl"


def language() -> str:
    return str(get_locale().language)


def text(value: Text) -> str:
    """Return a localised text in the reader's language."""
    return value.in_(language())


def when(moment: datetime) -> str:
    """Return a moment with its weekday: "di 12 jan, 14:00"."""
    return f"{format_datetime(moment, 'EEE d MMM')}, {hour(moment)}"


def day(value: date | datetime) -> str:
    """Return a day with its weekday: "dinsdag 12 januari"."""
    if isinstance(value, datetime):
        return str(format_datetime(value, "EEEE d MMMM"))
    return str(format_date(value, "EEEE d MMMM"))


def hour(moment: datetime) -> str:
    return str(format_time(moment, "HH:mm"))


def hours(minutes: int) -> str:
    """Return study time as people say it: "45 min", "2 h", "2 h 30", in Dutch with "u"."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return _("%(minutes)s min", minutes=rest)
    if not rest:
        return _("%(hours)s h", hours=whole)
    return _("%(hours)s h %(minutes)s", hours=whole, minutes=f"{rest:02}")
