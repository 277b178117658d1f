"""Small sound values for the tests to vary."""

from typing import Any

from content.activity import Page, Quiz, Track, Video, Watching
from content.module import Contributor, LiveShare, Mode, Module, Offset, Outcome, Unit
from content.question import MultipleChoice, Numeric, Option, SingleChoice, TrueFalse
from content.text import Text


def text(nl: str) -> Text:
    return Text(nl, f"{nl} (en)")


def option(option_id: str, *, correct: bool = False) -> Option:
    return Option(id=option_id, text=text(option_id), correct=correct, feedback=text(f"over {option_id}"))


def single(question_id: str = "single", **changes: Any) -> SingleChoice:
    values: dict[str, Any] = {
        "id": question_id,
        "text": text("Welke?"),
        "options": (option("a", correct=True), option("b")),
    }
    return SingleChoice(**(values | changes))


def multiple(question_id: str = "multiple", **changes: Any) -> MultipleChoice:
    options = (option("a", correct=True), option("b", correct=True), option("c"), option("d"))
    values: dict[str, Any] = {"id": question_id, "text": text("Welke wel?"), "options": options}
    return MultipleChoice(**(values | changes))


def true_false(question_id: str = "true_false", **changes: Any) -> TrueFalse:
    values: dict[str, Any] = {"id": question_id, "text": text("Klopt dit?"), "answer": True}
    return TrueFalse(**(values | changes))


def numeric(question_id: str = "numeric", **changes: Any) -> Numeric:
    values: dict[str, Any] = {"id": question_id, "text": text("Hoeveel?"), "value": 4.5, "tolerance": 0.5}
    return Numeric(**(values | changes))


def quiz(quiz_id: str = "quiz", **changes: Any) -> Quiz:
    values: dict[str, Any] = {"id": quiz_id, "title": text("Toets"), "minutes": 10, "pass_": 0.6}
    return Quiz(**(values | {"questions": (single(), multiple(), true_false(), numeric())} | changes))


def page(page_id: str = "page", **changes: Any) -> Page:
    values: dict[str, Any] = {
        "id": page_id,
        "title": text("Lees dit"),
        "minutes": 20,
        "body": text("## Kop\n\nTekst."),
    }
    return Page(**(values | changes))


def video(video_id: str = "video", **changes: Any) -> Video:
    values: dict[str, Any] = {
        "id": video_id,
        "title": text("Kijk"),
        "minutes": 5,
        "src": "media/film.mp4",
        "poster": "media/film.jpg",
        "tracks": (Track(lang="nl", src="media/film.nl.vtt"), Track(lang="en", src="media/film.en.vtt")),
        "completion": Watching(watched=0.8),
    }
    return Video(**(values | changes))


def unit(unit_id: str = "unit", **changes: Any) -> Unit:
    values: dict[str, Any] = {
        "id": unit_id,
        "title": text("Week"),
        "study_minutes": 120,
        "outcomes": ("LO1",),
        "release": Offset(0),
        "due": Offset(7),
        "activities": (page(), video(), quiz()),
    }
    return Unit(**(values | changes))


def module(**changes: Any) -> Module:
    values: dict[str, Any] = {
        "id": "module",
        "version": "2026.1",
        "languages": ("nl", "en"),
        "title": text("Module"),
        "summary": text("Kort"),
        "ects": 6,
        "eqf": 7,
        "vks": 7,
        "isced_f": "0413",
        "weeks": 12,
        "study_hours": 150,
        "outcomes": (Outcome(id="LO1", text=text("Je kunt het")),),
        "competencies": (text("Leiden"),),
        "assessment": text("Toetsen"),
        "prerequisites": text("Geen"),
        "live": LiveShare(share=0.2, session_minutes=180, mode=Mode.ONLINE),
        "licence": "CC BY 4.0",
        "contributors": (Contributor(name="Redactie", role="author"),),
        "units": (unit(),),
    }
    return Module(**(values | changes))
