"""What pages show: services' values turned into the shapes that the templates draw."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path, PurePosixPath

from flask import url_for
from flask_babel import format_date
from markupsafe import Markup

from content import markdown
from content.activity import Page, Quiz, Video
from content.captions import Cue, read_captions
from content.quiz import GivenQuestion, as_given
from lti_tool.services.study.learning import Attempt, Course
from lti_tool.services.study.publishing import Published, media_path
from lti_tool.web.i18n import language
from lti_tool.zone import ZONE
from scheduling.interval import Interval, merged

LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class ShownVideo:
    src: str
    poster: str
    tracks: tuple[dict[str, object], ...]
    cues: tuple[Cue, ...]


def page_body(course: Course, page: Page) -> Markup:
    """Return a page's text and sources as safe HTML in the reader's language."""
    return Markup(  # noqa: S704 content.markdown cleans what it renders
        markdown.render(page.body.in_(language()), media_url=_media_url(course.published))
    )


def sources(page: Page) -> tuple[Markup, ...]:
    return tuple(inline(source.in_(language())) for source in page.sources)


def inline(text: str) -> Markup:
    return Markup(markdown.render_inline(text))  # noqa: S704 content.markdown cleans what it renders


def video(course: Course, activity: Video, data_dir: Path, lang: str) -> ShownVideo:
    url = _media_url(course.published)
    chosen = next((track for track in activity.tracks if track.lang == lang), activity.tracks[0])
    return ShownVideo(
        src=url(activity.src),
        poster=url(activity.poster),
        tracks=tuple(
            {
                "src": url(track.src),
                "lang": track.lang,
                "label": LANGUAGE_NAMES[track.lang],
                "default": track is chosen,
            }
            for track in activity.tracks
        ),
        cues=read_captions(_read_media(course.published, chosen.src, data_dir)),
    )


@dataclass(frozen=True)
class ShownQuestion:
    """A question as it is put, with the last answer and its marking if there are any."""

    question: dict[str, object]
    chosen: tuple[str, ...]
    marked: dict[str, object] | None


def questions(quiz: Quiz, attempt: Attempt | None, lang: str) -> tuple[ShownQuestion, ...]:
    marked = {question.id: question for question in attempt.marked.questions} if attempt else {}
    return tuple(
        ShownQuestion(
            question=_question(question),
            chosen=marked[question.id].given if marked else (),
            marked={
                "verdict": marked[question.id].verdict.value,
                "points": marked[question.id].points,
                "maximum": marked[question.id].maximum,
                "feedback": [inline(text.in_(lang)) for text in marked[question.id].feedback],
            }
            if marked
            else None,
        )
        for question in as_given(quiz, lang).questions
    )


def tile(moment: datetime) -> tuple[str, str, str, str]:
    """Return a moment's weekday, day, month and ISO form for a leaf of the calendar."""
    local = moment.astimezone(ZONE)
    return (
        format_date(local, "EEE", rebase=False),
        str(local.day),
        format_date(local, "MMM", rebase=False),
        local.isoformat(timespec="minutes"),
    )


def weekdays() -> list[tuple[str, str]]:
    """Return the days of the week as choices of a form; 0 is Monday."""
    return [(str(number), name) for number, (_, name) in enumerate(week_names())]


def week_names() -> list[tuple[str, str]]:
    """Return the days of the week from Monday on, short and in full."""
    monday = date(2027, 1, 4)
    days = [monday + timedelta(days=number) for number in range(7)]
    return [(format_date(day, "EEE"), format_date(day, "EEEE")) for day in days]


def week_days(monday: date) -> list[tuple[str, str]]:
    days = [monday + timedelta(days=number) for number in range(7)]
    return [(format_date(day, "EEE"), format_date(day, "d MMM")) for day in days]


def week_blocks(
    monday: date, time_by_kind: Mapping[str, Iterable[Interval]], label: str = ""
) -> list[dict[str, object]]:
    """Return what a week grid draws: each stretch of time by the clock on the wall, cut at its midnights."""
    stretches = _stretches(monday)
    filled = {
        kind: [part for interval in intervals for part in _on_the_wall(interval, stretches)]
        for kind, intervals in time_by_kind.items()
    }
    blocks: list[dict[str, object]] = []
    for number in range(7):
        midnight = datetime.combine(monday + timedelta(days=number), time(), UTC)
        day = Interval(midnight, midnight + timedelta(days=1))
        for kind, parts in filled.items():
            for part in (clipped for part in parts if (clipped := part.clipped(day))):
                blocks.append(
                    {
                        "day": number,
                        "start": (part.start - midnight) // MINUTE,
                        "end": (part.end - midnight) // MINUTE,
                        "kind": kind,
                        "label": label if kind == "session" else "",
                    }
                )
    return blocks


def _stretches(monday: date) -> list[Interval]:
    """Return a week as stretches of one offset from UTC: two in a week in which the clocks change."""
    start, end = (
        datetime.combine(day, time(), ZONE).astimezone(UTC) for day in (monday, monday + timedelta(weeks=1))
    )
    hours = [start + timedelta(hours=number) for number in range((end - start) // timedelta(hours=1))]
    changes = [hour for before, hour in pairwise(hours) if _offset(before) != _offset(hour)]
    return [Interval(*ends) for ends in pairwise([start, *changes, end])]


def _on_the_wall(interval: Interval, stretches: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what an interval fills of the clock on the wall, written as if that were UTC.

    In the night of winter time that can be two parts: from 2:30 to 2:15 is up to 3:00, and from 2:00 again.
    In the night of summer time the hour that is skipped counts as filled.
    """
    parts = []
    for stretch in stretches:
        part = interval.clipped(stretch)
        if part is not None:
            before, after = _offset(part.start), _offset(part.end)
            parts.append(Interval(part.start + before, part.end + max(before, after)))
    return merged(parts)


def _offset(moment: datetime) -> timedelta:
    """Return how far the clock on the wall is ahead of UTC."""
    return moment.astimezone(ZONE).replace(tzinfo=UTC) - moment


def _question(question: GivenQuestion) -> dict[str, object]:
    return {
        "id": question.id,
        "type": question.type,
        "points": question.points,
        "text": inline(question.text),
        "options": [{"id": option.id, "text": inline(option.text)} for option in question.options],
    }


def _media_url(published: Published) -> Callable[[str], str]:
    def url(name: str) -> str:
        return url_for("media.show", digest=published.media[name], name=PurePosixPath(name).name)

    return url


def _read_media(published: Published, name: str, data_dir: Path) -> str:
    path = media_path(data_dir, published.media[name], PurePosixPath(name).name)
    return path.read_text(encoding="utf-8")
