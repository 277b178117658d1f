import pytest

from content.checked import Fault, Finding
from content.proof import inspect, media

SOUND = """
## Kop

Tekst met een noot[^1] en een [bron](https://a.be).

![Een boom](media/boom.svg)

::: tip Doe dit
Nu.
:::

[^1]: Uitleg.
"""


def test_a_sound_page_has_no_findings() -> None:
    assert list(inspect(SOUND)) == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("Tekst\n\n# Kop", Finding((), Fault.TOP_HEADING, "Kop", 2)),
        ("Kop\n===", Finding((), Fault.TOP_HEADING, "Kop", 0)),
        ("\n![](media/boom.svg)", Finding((), Fault.MISSING_ALT, "media/boom.svg", 1)),
        ("a\nb ![x](boom.svg)", Finding((), Fault.BAD_MEDIA_NAME, "boom.svg", 1)),
        ("a [x](../ander.md)", Finding((), Fault.BAD_LINK, "../ander.md", 0)),
        ("a[^2]", Finding((), Fault.MISSING_FOOTNOTE, "[^2]", 0)),
        ("a\n\n::: tip\nx\n:::", Finding((), Fault.BAD_CALLOUT, "::: tip", 2)),
        ("| a |\n|---|\n| [x](y) |", Finding((), Fault.BAD_LINK, "y", 2)),
    ],
)
def test_what_must_be_mended_is_named_with_its_line(text: str, finding: Finding) -> None:
    assert list(inspect(text)) == [finding]


def test_an_unknown_callout_is_named_where_it_opens_and_closes() -> None:
    assert list(inspect("::: tipp Doe dit\nx\n:::")) == [
        Finding((), Fault.BAD_CALLOUT, "::: tipp Doe dit", 0),
        Finding((), Fault.BAD_CALLOUT, ":::", 2),
    ]


def test_media_are_found_in_images_links_and_footnotes() -> None:
    text = (
        "![a](media/a.svg)\n\n"
        "[b](media/b.pdf) `media/no.svg` [c](https://c.be/media/c.svg)[^1]\n\n"
        "[^1]: ![d](media/d.png)"
    )
    assert list(media(text)) == [(0, "media/a.svg"), (2, "media/b.pdf"), (4, "media/d.png")]
