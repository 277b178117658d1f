"""A sound module folder for the tests to spoil."""

from pathlib import Path
from textwrap import dedent

MODULE = """\
    id: small
    version: "2026.1"
    languages: [nl, en]
    title: {nl: Klein, en: Small}
    summary: {nl: Kort, en: Short}
    ects: 6
    eqf: 7
    vks: 7
    isced_f: 0413
    weeks: 12
    study_hours: 150
    outcomes:
      - {id: LO1, text: {nl: Je kunt het, en: You can}}
    competencies:
      - {nl: Leiden, en: Leading}
    assessment: {nl: Toetsen, en: Tests}
    prerequisites: {nl: Geen, en: None needed}
    live: {share: 0.2, session_minutes: 180, mode: online}
    licence: CC BY 4.0
    contributors:
      - {name: Redactie, role: author}
    """
UNIT = """\
    id: start
    title: {nl: Begin, en: Beginning}
    study_minutes: 60
    outcomes: [LO1]
    release: +0w
    due: +1w
    """
PAGE_NL = """\
    ---
    id: read
    title: "Lees: dit"
    minutes: 20
    sources:
      - Bron
    ---

    ## Kop

    ![Een boom](media/boom.svg "Onze boom")
    """
PAGE_EN = """\
    ---
    id: read
    title: Read this
    minutes: 20
    essential: true
    sources:
      - Source
    ---
    ## Heading
    """
VIDEO = """\
    id: look
    title: {nl: Kijk, en: Look}
    minutes: 5
    essential: false
    src: media/film.mp4
    poster: media/film.jpg
    tracks:
      - {lang: nl, src: media/film.nl.vtt}
      - {lang: en, src: media/film.en.vtt}
    completion: {watched: 0.9}
    """
QUIZ = """\
    id: check
    title: {nl: Toets, en: Test}
    minutes: 10
    graded: true
    pass: 0.5
    attempts: 3
    questions:
      - id: q1
        type: single
        text: {nl: "Welke?", en: "Which?"}
        options:
          - {id: a, text: {nl: Deze, en: This}, correct: true, feedback: {nl: Goed, en: Right}}
          - {id: no, text: {nl: Nee, en: No}}
      - {id: q2, type: numeric, text: {nl: "Hoeveel?", en: "How many?"}, value: 42, tolerance: 0.5, points: 2}
      - {id: q3, type: true_false, text: {nl: "Echt?", en: "Really?"}, answer: true}
    """
CAPTIONS = """\
    WEBVTT

    00:00.000 --> 00:02.500
    Hallo
    """
PROGRAMME = """\
    id: programme
    title: {nl: Programma, en: Programme}
    summary: {nl: Kort, en: Short}
    audience: {nl: Jij, en: You}
    level: {eqf: 7, vks: 7}
    delivery: blended
    ects: 11
    modules:
      - id: small
        title: {nl: Klein, en: Small}
        summary: {nl: Kort, en: Short}
        ects: 6
        weeks: 12
        outcomes: [{id: LO1, text: {nl: Je kunt het, en: You can}}]
      - id: later
        title: {nl: Later, en: Later}
        summary: {nl: Kort, en: Short}
        ects: 5
        weeks: 10
        outcomes: [{id: LO1, text: {nl: Je kunt het, en: You can}}]
    """
UNIT_FOLDER = "units/01-start"
FILES = {
    "module.yml": MODULE,
    f"{UNIT_FOLDER}/unit.yml": UNIT,
    f"{UNIT_FOLDER}/10-read.nl.md": PAGE_NL,
    f"{UNIT_FOLDER}/10-read.en.md": PAGE_EN,
    f"{UNIT_FOLDER}/20-look.video.yml": VIDEO,
    f"{UNIT_FOLDER}/30-check.quiz.yml": QUIZ,
    "media/boom.svg": "<svg/>",
    "media/film.mp4": "film",
    "media/film.jpg": "picture",
    "media/film.nl.vtt": CAPTIONS,
    "media/film.en.vtt": CAPTIONS,
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write the files and return the folder; a file without text is not written."""
    for name, content in files.items():
        if content:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(content), encoding="utf-8")
    return folder


def spoilt(name: str, old: str, new: str) -> dict[str, str]:
    """Return the sound files with `old`, which stands in one of them, made `new`."""
    if old not in FILES[name]:
        raise ValueError(old)
    return FILES | {name: FILES[name].replace(old, new, 1)}
