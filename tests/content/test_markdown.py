import re
from collections.abc import Callable

import pytest

from content.markdown import render, render_inline


def shown(text: str, *, scope: str = "") -> str:
    return render(text, media_url=lambda name: f"/files/{name}", scope=scope)


def test_headings_get_ids_of_their_own() -> None:
    assert shown("## Wat je leert\n\n### Wat je leert") == (
        '<h2 id="h-wat-je-leert">Wat je leert</h2>\n<h3 id="h-wat-je-leert-1">Wat je leert</h3>\n'
    )


def test_a_heading_cannot_take_the_id_of_a_footnote() -> None:
    html = shown("## fn1\n\nTekst[^1].\n\n[^1]: Noot.")
    ids = re.findall(r' id="([^"]+)"', html)
    assert ids == ["h-fn1", "fnref1", "fn1"]


def test_two_texts_on_one_page_share_no_id() -> None:
    text = "## Kop\n\nEerst[^a], dan[^b] en weer[^a].\n\n[^a]: A.\n[^b]: B."
    ids = re.findall(r' id="([^"]+)"', shown(text, scope="one") + shown(text, scope="two"))
    assert len(ids) == len(set(ids)) == 12


def test_a_footnote_leads_there_and_back() -> None:
    assert shown("Tekst[^1].\n\n[^1]: Een *noot*.") == (
        '<p>Tekst<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup>.</p>\n'
        '<hr class="footnotes-sep">\n'
        '<section class="footnotes">\n'
        '<ol class="footnotes-list">\n'
        '<li id="fn1" class="footnote-item">'
        '<p>Een <em>noot</em>. <a href="#fnref1" class="footnote-backref">↩︎</a></p>\n</li>\n'
        "</ol>\n</section>\n"
    )


def test_an_image_alone_is_a_figure_with_its_title_as_caption() -> None:
    assert shown('![Een "boom"](media/boom.svg "Onze <boom>")') == (
        '<figure><img src="/files/media/boom.svg" alt="Een &quot;boom&quot;">'
        "<figcaption>Onze &lt;boom&gt;</figcaption></figure>\n"
    )


def test_an_image_in_a_sentence_stays_in_it() -> None:
    assert shown("Zie ![boom](media/boom.svg) daar.") == (
        '<p>Zie <img src="/files/media/boom.svg" alt="boom"> daar.</p>\n'
    )


@pytest.mark.parametrize("kind", ["tip", "practice", "warning"])
def test_a_callout_is_a_note_with_a_title(kind: str) -> None:
    assert shown(f"::: {kind} Let op <b>\nDoe *dit*.\n:::") == (
        f'<aside class="callout callout-{kind}" role="note">\n'
        '<p class="callout-title">Let op &lt;b&gt;</p>\n<p>Doe <em>dit</em>.</p>\n</aside>\n'
    )


def test_a_table_scrolls_in_its_own_box_and_aligns_by_class() -> None:
    assert shown("| a | b |\n|---|--:|\n| 1 | 2 |") == (
        '<div class="table-scroll" tabindex="0">\n<table>\n<thead>\n<tr>\n'
        '<th>a</th>\n<th class="align-right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n'
        '<td>1</td>\n<td class="align-right">2</td>\n</tr>\n</tbody>\n</table>\n</div>\n'
    )


def test_links_open_where_they_belong() -> None:
    assert shown("[a](https://a.be) [b](mailto:b@b.be) [c](media/c.pdf)") == (
        '<p><a href="https://a.be" target="_blank" rel="noopener">a</a> <a href="mailto:b@b.be">b</a> '
        '<a href="/files/media/c.pdf">c</a></p>\n'
    )


def test_a_line_holds_no_blocks_and_no_images() -> None:
    assert render_inline("Kies **twee** van `x` en [dit](https://a.be)") == (
        "Kies <strong>twee</strong> van <code>x</code> en "
        '<a href="https://a.be" target="_blank" rel="noopener">dit</a>'
    )
    assert render_inline("## geen kop ![boom](media/boom.svg)") == "## geen kop boom"


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><use href='data:image/svg+xml;base64,AA'></svg>",
    "<iframe src='https://evil.example'></iframe>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<a href='javascript:alert(1)' onclick='alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](vbscript:msgbox)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.example/x)",
    "[x](/admin/delete)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](data:image/png;base64,AAAA)",
    "![x](https://evil.example/pixel.png)",
    "![x](media/../../secret.svg)",
    "![x](media/%2e%2e/secret.svg)",
    "![x](media/x.html)",
    '![" onerror="alert(1)](media/x.svg "\\" onload=\\"alert(1)")',
    '::: tip "><script>alert(1)</script>\nx\n:::',
    '```"><script>alert(1)</script>\nx\n```',
    "x[^<script>]\n\n[^<script>]: <img src=x onerror=alert(1)>",
    '## <svg/onload=alert(1)> "x',
    "| <iframe src=x> |\n|---|\n| <img src=x onerror=alert(1)> |",
    '[x]: https://a.be "\\" onclick=\\"alert(1)"\n\n[x]',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


ALLOWED_TAG = re.compile(
    r"</?(a|aside|br|code|div|em|figcaption|figure|h[2-6]|hr|img|li|ol|p|pre|section|strong|sup"
    r"|table|tbody|td|th|thead|tr|ul)\b"
)
ALLOWED_ATTRIBUTES = {"alt", "class", "href", "id", "rel", "role", "src", "tabindex", "target", "title"}
ALLOWED_ADDRESS = re.compile(r"https://a\.be|/files/media/x\.svg|#fn(ref)?[0-9]+")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("renderer", [shown, render_inline])
def test_hostile_text_stays_text(text: str, renderer: Callable[[str], str]) -> None:
    html = renderer(text)
    tags = re.findall(r"<[^>]*>", html)
    assert [tag for tag in tags if not ALLOWED_TAG.match(tag)] == []
    attributes = [pair for tag in tags for pair in re.findall(r'([\w-]+)="([^"]*)"', tag)]
    assert {name for name, _ in attributes} <= ALLOWED_ATTRIBUTES
    addresses = [value for name, value in attributes if name in ("href", "src")]
    assert [address for address in addresses if not ALLOWED_ADDRESS.fullmatch(address)] == []


def test_hostile_names_never_reach_the_address_maker() -> None:
    asked: list[str] = []

    def media_url(name: str) -> str:
        asked.append(name)
        return name

    for text in HOSTILE:
        render(text, media_url=media_url)
    assert set(asked) == {"media/x.svg"}


def test_an_address_maker_cannot_smuggle_a_script_in() -> None:
    html = render("![x](media/x.svg)", media_url=lambda _: "javascript:alert(1)")
    assert html == '<figure><img alt="x"></figure>\n'
