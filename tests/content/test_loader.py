from pathlib import Path

import pytest

from content.activity import Page, Quiz, Track, Video, Watching
from content.checked import Fault
from content.document import from_document, to_document
from content.loader import ModuleError, Problem, load_module, load_programme
from content.module import Contributor, LiveShare, Mode, Module, Offset, Outcome, Unit
from content.programme import Delivery, Level, Programme, ProgrammeModule
from content.question import Numeric, Option, SingleChoice, TrueFalse
from content.text import Text
from tests.content.folders import FILES, PROGRAMME, UNIT_FOLDER, spoilt, write

UNIT_FILE = f"{UNIT_FOLDER}/unit.yml"
PAGE_NL = f"{UNIT_FOLDER}/10-read.nl.md"
PAGE_EN = f"{UNIT_FOLDER}/10-read.en.md"
VIDEO = f"{UNIT_FOLDER}/20-look.video.yml"
QUIZ = f"{UNIT_FOLDER}/30-check.quiz.yml"

SOUND = Module(
    id="small",
    version="2026.1",
    languages=("nl", "en"),
    title=Text("Klein", "Small"),
    summary=Text("Kort", "Short"),
    ects=6,
    eqf=7,
    vks=7,
    isced_f="0413",
    weeks=12,
    study_hours=150,
    outcomes=(Outcome(id="LO1", text=Text("Je kunt het", "You can")),),
    competencies=(Text("Leiden", "Leading"),),
    assessment=Text("Toetsen", "Tests"),
    prerequisites=Text("Geen", "None needed"),
    live=LiveShare(share=0.2, session_minutes=180, mode=Mode.ONLINE),
    licence="CC BY 4.0",
    contributors=(Contributor(name="Redactie", role="author"),),
    units=(
        Unit(
            id="start",
            title=Text("Begin", "Beginning"),
            study_minutes=60,
            outcomes=("LO1",),
            release=Offset(0),
            due=Offset(7),
            activities=(
                Page(
                    id="read",
                    title=Text("Lees: dit", "Read this"),
                    minutes=20,
                    body=Text(
                        '\n## Kop\n\n![Een boom](media/boom.svg "Onze boom")\n',
                        "\n## Heading\n",
                    ),
                    sources=(Text("Bron", "Source"),),
                ),
                Video(
                    id="look",
                    title=Text("Kijk", "Look"),
                    minutes=5,
                    essential=False,
                    src="media/film.mp4",
                    poster="media/film.jpg",
                    tracks=(
                        Track(lang="nl", src="media/film.nl.vtt"),
                        Track(lang="en", src="media/film.en.vtt"),
                    ),
                    completion=Watching(watched=0.9),
                ),
                Quiz(
                    id="check",
                    title=Text("Toets", "Test"),
                    minutes=10,
                    graded=True,
                    pass_=0.5,
                    attempts=3,
                    questions=(
                        SingleChoice(
                            id="q1",
                            text=Text("Welke?", "Which?"),
                            options=(
                                Option(
                                    id="a",
                                    text=Text("Deze", "This"),
                                    correct=True,
                                    feedback=Text("Goed", "Right"),
                                ),
                                Option(id="no", text=Text("Nee", "No")),
                            ),
                        ),
                        Numeric(
                            id="q2",
                            text=Text("Hoeveel?", "How many?"),
                            value=42.0,
                            tolerance=0.5,
                            points=2,
                        ),
                        TrueFalse(id="q3", text=Text("Echt?", "Really?"), answer=True),
                    ),
                ),
            ),
        ),
    ),
)


def problems(folder: Path, files: dict[str, str]) -> list[Problem]:
    with pytest.raises(ModuleError) as error:
        load_module(write(folder, files))
    return list(error.value.problems)


def test_a_module_folder_is_read_whole(tmp_path: Path) -> None:
    module = load_module(write(tmp_path, FILES))
    assert module == SOUND
    assert module.media == tuple(sorted(name for name in FILES if name.startswith("media/")))
    assert from_document(Module, to_document(module)) == module


def test_units_and_activities_stand_in_the_order_of_their_names(tmp_path: Path) -> None:
    second = {
        "units/02-next/unit.yml": FILES[UNIT_FILE].replace("id: start", "id: next"),
        "units/02-next/05-test.quiz.yml": FILES[QUIZ].replace("id: check", "id: other"),
        f"{UNIT_FOLDER}/15-again.quiz.yml": FILES[QUIZ].replace("id: check", "id: again"),
    }
    module = load_module(write(tmp_path, FILES | second))
    assert [unit.id for unit in module.units] == ["start", "next"]
    assert [activity.id for activity in module.activities] == ["read", "again", "look", "check", "other"]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            spoilt("module.yml", "ects: 6", "colour: red\n    ects: 6"),
            Problem("module.yml", 6, Fault.UNKNOWN_KEY, "colour"),
        ),
        (
            spoilt("module.yml", "ects: 6", "units: []\n    ects: 6"),
            Problem("module.yml", 6, Fault.UNKNOWN_KEY, "units"),
        ),
        (
            spoilt("module.yml", "ects: 6", "id: twice\n    ects: 6"),
            Problem("module.yml", 6, Fault.DUPLICATE_KEY, "id"),
        ),
        (spoilt("module.yml", '"2026.1"', "2026.1"), Problem("module.yml", 2, Fault.WRONG_TYPE, "text")),
        (spoilt("module.yml", "0413", "413"), Problem("module.yml", 9, Fault.WRONG_TYPE, "text")),
        (
            spoilt("module.yml", "ects: 6", "ects: yes"),
            Problem("module.yml", 6, Fault.WRONG_TYPE, "a whole number"),
        ),
        (
            spoilt("module.yml", ", en: Leading", ""),
            Problem("module.yml", 15, Fault.MISSING_TRANSLATION, "en"),
        ),
        (spoilt(UNIT_FILE, "+1w", "1 week"), Problem(UNIT_FILE, 6, Fault.BAD_OFFSET, "1 week")),
        (spoilt(UNIT_FILE, "60", "34"), Problem(UNIT_FILE, 3, Fault.MINUTES_DO_NOT_ADD_UP, "35")),
        (spoilt(UNIT_FILE, "LO1", "LO2"), Problem(UNIT_FILE, 4, Fault.UNKNOWN_OUTCOME, "LO2")),
        (
            spoilt(VIDEO, "media/film.mp4", "media/../../secret.mp4"),
            Problem(VIDEO, 5, Fault.BAD_MEDIA_NAME, "media/../../secret.mp4"),
        ),
        (spoilt(VIDEO, "id: look", "id: read"), Problem(VIDEO, 1, Fault.DUPLICATE_ID, "read")),
        (spoilt(QUIZ, "correct: true", "correct: false"), Problem(QUIZ, 11, Fault.WRONG_CORRECT_COUNT, "0")),
        (
            spoilt(QUIZ, "id: q2, type: numeric", "id: q2, type: essay"),
            Problem(QUIZ, 14, Fault.WRONG_TYPE, "type: single | multiple | true_false | numeric"),
        ),
        (
            spoilt(PAGE_NL, "media/boom.svg", "media/weg.svg"),
            Problem(PAGE_NL, 11, Fault.MISSING_MEDIA, "media/weg.svg"),
        ),
        (
            spoilt(PAGE_NL, "media/boom.svg", "https://elders.be/boom.svg"),
            Problem(PAGE_NL, 11, Fault.BAD_MEDIA_NAME, "https://elders.be/boom.svg"),
        ),
        (spoilt(PAGE_EN, "## Heading", "# Heading"), Problem(PAGE_EN, 9, Fault.TOP_HEADING, "Heading")),
        (spoilt(PAGE_EN, "minutes: 20", "minutes: 25"), Problem(PAGE_EN, 4, Fault.TWIN_DIFFERS, "minutes")),
        (
            spoilt(PAGE_EN, "essential: true", "essential: false"),
            Problem(PAGE_EN, 5, Fault.TWIN_DIFFERS, "essential"),
        ),
        (
            spoilt(PAGE_EN, "      - Source\n", "      []\n"),
            Problem(PAGE_NL, 6, Fault.MISSING_TRANSLATION, "en"),
        ),
        (FILES | {PAGE_EN: ""}, Problem(PAGE_NL, 1, Fault.MISSING_TWIN, "10-read.en.md")),
        (
            FILES | {PAGE_NL: "", "media/film.jpg": "p"},
            Problem(PAGE_EN, 1, Fault.MISSING_TWIN, "10-read.nl.md"),
        ),
        (FILES | {"media/film.nl.vtt": "Hallo"}, Problem(VIDEO, 8, Fault.BAD_CAPTIONS, "media/film.nl.vtt")),
        (FILES | {UNIT_FILE: ""}, Problem(UNIT_FILE, 1, Fault.MISSING_FILE, UNIT_FILE)),
        (
            FILES | {f"{UNIT_FOLDER}/40-notes.docx": "x"},
            Problem(f"{UNIT_FOLDER}/40-notes.docx", 1, Fault.UNKNOWN_FILE, "40-notes.docx"),
        ),
        (
            spoilt(PAGE_EN, "    ---\n    ## Heading", "    ## Heading"),
            Problem(PAGE_EN, 1, Fault.UNREADABLE, "the front matter has no end"),
        ),
        (
            FILES | {"units/02-file": "x"},
            Problem("units/02-file/unit.yml", 1, Fault.MISSING_FILE, "units/02-file/unit.yml"),
        ),
        (
            FILES | {f"{UNIT_FOLDER}/50-map.nl.md/x": "x", f"{UNIT_FOLDER}/50-map.en.md": "---\nid: x\n---"},
            Problem(f"{UNIT_FOLDER}/50-map.nl.md", 1, Fault.MISSING_FILE, f"{UNIT_FOLDER}/50-map.nl.md"),
        ),
        (
            FILES | {QUIZ: "id: " + "[" * 5000},
            Problem(QUIZ, 1, Fault.UNREADABLE, "it is nested too deeply"),
        ),
        (
            spoilt(PAGE_EN, "- Source", '- "[Source](../x)"'),
            Problem(PAGE_EN, 7, Fault.BAD_LINK, "../x"),
        ),
        (FILES | {QUIZ: "- a list"}, Problem(QUIZ, 1, Fault.UNREADABLE, "expected keys with values")),
        (
            spoilt(QUIZ, "minutes: 10", "minutes: *ten"),
            Problem(QUIZ, 3, Fault.UNREADABLE, "aliases are not allowed"),
        ),
        (spoilt(QUIZ, "pass: 0.5", "pass: 2026-13-45"), Problem(QUIZ, 5, Fault.WRONG_TYPE, "a number")),
        (
            spoilt(QUIZ, "pass: 0.5", "pass: !!timestamp 2026-13-45"),
            Problem(QUIZ, 1, Fault.UNREADABLE, "month must be in 1..12"),
        ),
        (spoilt(QUIZ, "answer: true", "answer: yes"), Problem(QUIZ, 15, Fault.WRONG_TYPE, "true or false")),
        (
            spoilt(QUIZ, "minutes: 10", "minutes: !!python/name:os.system x"),
            Problem(
                QUIZ,
                3,
                Fault.UNREADABLE,
                "could not determine a constructor for the tag 'tag:yaml.org,2002:python/name:os.system'",
            ),
        ),
    ],
)
def test_a_problem_is_named_by_file_and_line(tmp_path: Path, files: dict[str, str], problem: Problem) -> None:
    assert problems(tmp_path, files) == [problem]


@pytest.mark.parametrize(
    "files",
    [
        FILES | {PAGE_EN: ""},
        spoilt(PAGE_EN, "title: Read this", "title: Read: this"),
        FILES | {UNIT_FILE: ""},
    ],
)
def test_what_follows_from_a_missing_or_broken_file_is_not_listed_too(
    tmp_path: Path, files: dict[str, str]
) -> None:
    assert len(problems(tmp_path, files)) == 1


def test_every_problem_is_listed_in_order(tmp_path: Path) -> None:
    files = FILES | {
        "module.yml": FILES["module.yml"].replace("weeks: 12", "weeks: 0"),
        UNIT_FILE: FILES[UNIT_FILE].replace("60", "10"),
        PAGE_NL: FILES[PAGE_NL] + "\n    [weg](../weg.md)\n",
        PAGE_EN: FILES[PAGE_EN].replace("id: read", "id: lees"),
        QUIZ: FILES[QUIZ].replace("pass: 0.5", "pass: 5").replace("value: 42", "value: !!float .nan"),
        "media/film.jpg": "",
    }
    assert problems(tmp_path, files) == [
        Problem("module.yml", 10, Fault.OUT_OF_RANGE, "1 to 52"),
        Problem(PAGE_EN, 2, Fault.TWIN_DIFFERS, "id"),
        Problem(PAGE_NL, 13, Fault.BAD_LINK, "../weg.md"),
        Problem(VIDEO, 6, Fault.MISSING_MEDIA, "media/film.jpg"),
        Problem(QUIZ, 5, Fault.OUT_OF_RANGE, "0 to 1"),
        Problem(QUIZ, 14, Fault.OUT_OF_RANGE, "a finite number"),
        Problem(UNIT_FILE, 3, Fault.MINUTES_DO_NOT_ADD_UP, "35"),
        Problem(UNIT_FILE, 6, Fault.OUT_OF_RANGE, "at most +0w"),
    ]


def test_a_problem_reads_as_a_line(tmp_path: Path) -> None:
    with pytest.raises(ModuleError, match=r"^units/01-start/unit\.yml:6: '1 week' is no time from the start"):
        load_module(write(tmp_path, spoilt(UNIT_FILE, "+1w", "1 week")))


def test_a_link_that_leads_out_of_the_folder_is_no_media(tmp_path: Path) -> None:
    folder = write(tmp_path / "module", FILES | {"media/film.jpg": ""})
    (tmp_path / "secret.jpg").write_text("secret")
    (folder / "media/film.jpg").symlink_to(tmp_path / "secret.jpg")
    with pytest.raises(ModuleError) as error:
        load_module(folder)
    assert error.value.problems == (Problem(VIDEO, 6, Fault.MISSING_MEDIA, "media/film.jpg"),)


def test_text_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    folder = write(tmp_path, FILES)
    (folder / PAGE_NL).write_bytes("---\nid: één\n---\n".encode("latin-1"))
    with pytest.raises(ModuleError) as error:
        load_module(folder)
    assert error.value.problems == (Problem(PAGE_NL, 1, Fault.UNREADABLE, "this is not UTF-8"),)


def test_an_empty_folder_is_no_module(tmp_path: Path) -> None:
    assert problems(tmp_path, {}) == [Problem("module.yml", 1, Fault.MISSING_FILE, "module.yml")]


def test_a_programme_is_read_whole(tmp_path: Path) -> None:
    outcome = Outcome(id="LO1", text=Text("Je kunt het", "You can"))
    small, later = (
        ProgrammeModule(
            id=module_id,
            title=title,
            summary=Text("Kort", "Short"),
            ects=ects,
            weeks=weeks,
            outcomes=(outcome,),
        )
        for module_id, title, ects, weeks in (
            ("small", Text("Klein", "Small"), 6, 12),
            ("later", Text("Later", "Later"), 5, 10),
        )
    )
    assert load_programme(write(tmp_path, {"programme.yml": PROGRAMME})) == Programme(
        id="programme",
        title=Text("Programma", "Programme"),
        summary=Text("Kort", "Short"),
        audience=Text("Jij", "You"),
        level=Level(eqf=7, vks=7),
        delivery=Delivery.BLENDED,
        ects=11,
        modules=(small, later),
    )


def test_a_programme_is_refused_with_every_problem(tmp_path: Path) -> None:
    spoilt_programme = PROGRAMME.replace("ects: 11", "ects: 12").replace(
        "audience: {nl: Jij, en: You}", "audience: {nl: Jij}"
    )
    write(tmp_path, {"programme.yml": spoilt_programme, "stray/module.yml": "id: stray"})
    with pytest.raises(ModuleError) as error:
        load_programme(tmp_path)
    assert error.value.problems == (
        Problem("programme.yml", 4, Fault.MISSING_TRANSLATION, "en"),
        Problem("programme.yml", 7, Fault.CREDITS_DO_NOT_ADD_UP, "11"),
        Problem("stray/module.yml", 1, Fault.UNLISTED_MODULE, "stray"),
    )
