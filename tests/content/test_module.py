import re
from collections.abc import Callable

import pytest

from content.activity import Track
from content.checked import Fault, Finding, Refused
from content.module import Offset, Outcome
from content.text import Text
from tests.content.examples import module, multiple, numeric, option, page, quiz, single, text, unit, video


def findings_of(make: Callable[[], object]) -> tuple[Finding, ...]:
    with pytest.raises(Refused) as refused:
        make()
    return refused.value.findings


def test_a_text_falls_back_to_dutch() -> None:
    assert [Text("hallo", "hello").in_(language) for language in ("nl", "en", "fr")] == [
        "hallo",
        "hello",
        "hallo",
    ]
    assert Text("hallo").in_("en") == "hallo"


def test_a_text_tells_the_language_it_is_read_in() -> None:
    assert [Text("hallo").language(language) for language in ("nl", "en")] == ["nl", "nl"]
    assert Text("hallo", "hello").language("en") == "en"


def test_a_text_needs_dutch() -> None:
    assert findings_of(lambda: Text(" ", "hello")) == (Finding(("nl",), Fault.EMPTY, "nl"),)


@pytest.mark.parametrize(("written", "days"), [("+0w", 0), ("+1w", 7), ("+3d", 3), ("+14d", 14)])
def test_an_offset_is_read_in_weeks_or_days(written: str, days: int) -> None:
    assert Offset.parse(written) == Offset(days)
    assert Offset.parse(str(Offset(days))) == Offset(days)


@pytest.mark.parametrize("written", ["1w", "+w", "+1m", "-1w", "+1.5w", "+1w ", "", "+9999w", "+١w"])
def test_an_offset_is_refused_when_it_is_no_time_from_the_start(written: str) -> None:
    assert findings_of(lambda: Offset.parse(written)) == (Finding((), Fault.BAD_OFFSET, written),)


def test_a_module_gives_its_activities_media_and_live_sessions() -> None:
    reading = page(body=text("![Een boom](media/boom.svg) en [meer](media/meer.pdf)"))
    sound = module(units=(unit(activities=(reading, video(), quiz())),))
    assert [activity.id for activity in sound.activities] == ["page", "video", "quiz"]
    assert sound.media == (
        "media/boom.svg",
        "media/film.en.vtt",
        "media/film.jpg",
        "media/film.mp4",
        "media/film.nl.vtt",
        "media/meer.pdf",
    )
    assert sound.live_sessions == 10


def test_a_distance_module_has_no_live_sessions() -> None:
    assert module(live=None).live_sessions == 0


@pytest.mark.parametrize(
    ("make", "finding"),
    [
        (lambda: page("met spatie"), Finding(("id",), Fault.BAD_ID, "met spatie")),
        (lambda: page(minutes=0), Finding(("minutes",), Fault.OUT_OF_RANGE, "1 to 2400")),
        (lambda: video(src="media/../x.mp4"), Finding(("src",), Fault.BAD_MEDIA_NAME, "media/../x.mp4")),
        (lambda: video(src="/etc/x.mp4"), Finding(("src",), Fault.BAD_MEDIA_NAME, "/etc/x.mp4")),
        (lambda: video(poster="media/x.html"), Finding(("poster",), Fault.BAD_MEDIA_NAME, "media/x.html")),
        (lambda: video(tracks=()), Finding(("tracks",), Fault.EMPTY, "tracks")),
        (lambda: Track(lang="fr", src="media/x.vtt"), Finding(("lang",), Fault.OUT_OF_RANGE, "nl, en")),
        (lambda: quiz(pass_=float("nan")), Finding(("pass",), Fault.OUT_OF_RANGE, "0 to 1")),
        (lambda: quiz(attempts=0), Finding(("attempts",), Fault.OUT_OF_RANGE, "1 to 100")),
        (lambda: quiz(questions=()), Finding(("questions",), Fault.EMPTY, "questions")),
        (
            lambda: quiz(questions=(single("q"), numeric("q"))),
            Finding(("questions", 1, "id"), Fault.DUPLICATE_ID, "q"),
        ),
        (
            lambda: single(options=(option("a"), option("b"))),
            Finding(("options",), Fault.WRONG_CORRECT_COUNT, "0"),
        ),
        (
            lambda: multiple(options=(option("a"), option("b"))),
            Finding(("options",), Fault.WRONG_CORRECT_COUNT, "0"),
        ),
        (
            lambda: single(options=(option("a", correct=True),)),
            Finding(("options",), Fault.OUT_OF_RANGE, "two options or more"),
        ),
        (lambda: numeric(tolerance=-1.0), Finding(("tolerance",), Fault.OUT_OF_RANGE, "0 or more")),
        (lambda: numeric(value=float("inf")), Finding(("value",), Fault.OUT_OF_RANGE, "a finite number")),
        (lambda: unit(study_minutes=34), Finding(("study_minutes",), Fault.MINUTES_DO_NOT_ADD_UP, "35")),
        (lambda: unit(due=Offset(0)), Finding(("due",), Fault.OUT_OF_RANGE, "more than +0w")),
        (
            lambda: unit(activities=(page(essential=False),)),
            Finding(("activities",), Fault.EMPTY, "essential activities"),
        ),
        (lambda: module(study_hours=2), Finding(("study_hours",), Fault.MINUTES_DO_NOT_ADD_UP, "120")),
        (lambda: module(languages=("en",)), Finding(("languages",), Fault.MISSING_TRANSLATION, "nl")),
        (lambda: module(isced_f="zorg"), Finding(("isced_f",), Fault.OUT_OF_RANGE, "two to four digits")),
        (lambda: module(title=Text("Module")), Finding(("title",), Fault.MISSING_TRANSLATION, "en")),
        (
            lambda: module(weeks=1, units=(unit(due=Offset(8)),)),
            Finding(("units", 0, "due"), Fault.OUT_OF_RANGE, "at most +1w"),
        ),
        (
            lambda: module(units=(unit(outcomes=("LO1", "LO9")),)),
            Finding(("units", 0, "outcomes", 1), Fault.UNKNOWN_OUTCOME, "LO9"),
        ),
        (
            lambda: module(units=(unit("one"), unit("two", activities=(page("other"), quiz())))),
            Finding(("units", 1, "activities", 1, "id"), Fault.DUPLICATE_ID, "quiz"),
        ),
        (
            lambda: module(outcomes=(Outcome(id="LO1", text=text("a")), Outcome(id="LO1", text=text("b")))),
            Finding(("outcomes", 1, "id"), Fault.DUPLICATE_ID, "LO1"),
        ),
    ],
)
def test_nonsense_is_refused(make: Callable[[], object], finding: Finding) -> None:
    assert findings_of(make) == (finding,)


def test_captions_are_needed_in_every_language_of_the_module() -> None:
    dutch = video(tracks=(Track(lang="nl", src="media/film.nl.vtt"),))
    assert findings_of(lambda: module(units=(unit(activities=(dutch,)),))) == (
        Finding(("units", 0, "activities", 0, "tracks"), Fault.MISSING_TRANSLATION, "en"),
    )


def test_a_dutch_module_needs_no_english() -> None:
    reading = page(title=Text("Lees dit"), body=Text("Tekst"))
    sound = module(languages=("nl",), units=(unit(activities=(reading,)),))
    assert sound.activities == (reading,)


def test_a_refusal_says_where_and_what() -> None:
    with pytest.raises(Refused, match=re.escape("options: 0 of the options are correct")):
        multiple(options=(option("a"), option("b")))
