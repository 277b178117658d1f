"""Authors' Markdown to safe HTML.

Two walls: raw HTML in Markdown is shown as text, and what is rendered passes an allow-list.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from content.checked import IMAGES, bad_media

MediaUrl = Callable[[str], str]

CALLOUTS = ("tip", "practice", "warning")
LINKED_MEDIA = (*IMAGES, ".pdf")
INLINE_TAGS = {"a", "br", "code", "em", "s", "strong"}
BLOCK_TAGS = {
    *("aside", "blockquote", "div", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "img"),
    *("li", "ol", "p", "pre", "section", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
LINK_VALUES = {"a": {"rel": {"noopener"}, "target": {"_blank"}}}
FIXED_VALUES = LINK_VALUES | {"aside": {"role": {"note"}}, "div": {"tabindex": {"0"}}}
ATTRIBUTES = {
    "a": {"href", "id"},
    "img": {"alt", "src", "title"},
    "li": {"id"},
    "ol": {"start"},
} | {f"h{level}": {"id"} for level in range(2, 7)}
CLASSES = {
    "a": {"footnote-backref"},
    "aside": {"callout"} | {f"callout-{kind}" for kind in CALLOUTS},
    "div": {"table-scroll"},
    "hr": {"footnotes-sep"},
    "li": {"footnote-item"},
    "ol": {"footnotes-list"},
    "p": {"callout-title"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
} | {cell: {"align-left", "align-center", "align-right"} for cell in ("td", "th")}


def render(text: str, *, media_url: MediaUrl, scope: str = "") -> str:
    """Return the HTML of a page; `media_url` gives the address of a name such as `media/x.svg`.

    Ids of headings and footnotes hold `scope`, so that several texts can stand on one page.
    """
    html = _PAGE.render(text, {"media_url": media_url, "docId": scope or None})
    return nh3.clean(
        html,
        tags=INLINE_TAGS | BLOCK_TAGS,
        attributes=ATTRIBUTES,
        tag_attribute_values=FIXED_VALUES,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def render_inline(text: str) -> str:
    """Return the HTML of a line: emphasis, code and links only."""
    return nh3.clean(
        _LINE.renderInline(text),
        tags=INLINE_TAGS,
        attributes={"a": {"href"}},
        tag_attribute_values=LINK_VALUES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def target(token: Token) -> str:
    return str(token.attrGet("src") or token.attrGet("href") or "")


def is_media(name: str) -> bool:
    return not any(bad_media(name, LINKED_MEDIA, ()))


def is_outside(url: str) -> bool:
    return url.startswith(("https://", "http://", "mailto:"))


def callout_title(token: Token) -> str:
    return token.info.strip().partition(" ")[2].strip()


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _point_targets(state: StateCore) -> None:
    """Point images and links at where they may lead; of what leads elsewhere only the words stay."""
    for token in _walk(state.tokens):
        if token.type == "image" or token.type == "link_open":
            key = "src" if token.type == "image" else "href"
            url = target(token)
            if is_media(url) and "media_url" in state.env:
                token.attrSet(key, state.env["media_url"](url))
            elif token.type == "image":
                token.type = "text"
            elif not is_outside(url):
                del token.attrs[key]
            elif not url.startswith("mailto:"):
                token.attrSet("target", "_blank")
                token.attrSet("rel", "noopener")


def _make_figures(state: StateCore) -> None:
    """Turn a paragraph that holds one image into a figure, and the image's title into its caption."""
    for opened, inline, closed in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        children = inline.children or []
        alone = (opened.type, closed.type) == ("paragraph_open", "paragraph_close")
        if alone and [child.type for child in children] == ["image"]:
            opened.tag = closed.tag = "figure"
            opened.hidden = closed.hidden = False
            if caption := children[0].attrs.pop("title", ""):
                children.append(Token("caption_open", "figcaption", 1))
                children.append(Token("text", "", 0, content=str(caption)))
                children.append(Token("caption_close", "figcaption", -1))


def _scope_headings(state: StateCore) -> None:
    """Keep headings' ids apart from those of footnotes, of other texts and of the page around them."""
    scope = state.env.get("docId")
    for token in state.tokens:
        if token.type == "heading_open" and "id" in token.attrs:
            token.attrSet("id", f"h-{scope}-{token.attrs['id']}" if scope else f"h-{token.attrs['id']}")


def _align_by_class(state: StateCore) -> None:
    # A content security policy without inline styles would drop the alignment.
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            token.attrs["class"] = "align-" + str(token.attrs.pop("style")).removeprefix("text-align:")


def _render_callout(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    token = tokens[index]
    if token.nesting == -1:
        return "</aside>\n"
    # As a note, not a landmark: a page can hold many.
    opened = f'<aside class="callout callout-{token.type.split("_")[1]}" role="note">\n'
    title = callout_title(token)
    return f'{opened}<p class="callout-title">{escapeHtml(title)}</p>\n' if title else opened


def _footnote_number(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return f"[{tokens[index].meta['id'] + 1}]"


def _open_table(*_: Any) -> str:
    # A wide table scrolls in its own box; the tab stop lets a keyboard scroll it.
    return '<div class="table-scroll" tabindex="0">\n<table>\n'


def _close_table(*_: Any) -> str:
    return "</table>\n</div>\n"


def reader() -> MarkdownIt:
    """Return a parser of pages that leaves every address as it was written."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    for kind in CALLOUTS:
        parser.use(container_plugin, kind, render=_render_callout)
    return parser


def _page_renderer() -> MarkdownIt:
    renderer = reader().use(anchors_plugin, min_level=2, max_level=4)
    for rule in (_scope_headings, _point_targets, _make_figures, _align_by_class):
        renderer.core.ruler.push(rule.__name__, rule)
    renderer.add_render_rule("footnote_caption", _footnote_number)
    renderer.add_render_rule("table_open", _open_table)
    renderer.add_render_rule("table_close", _close_table)
    return renderer


def _line_renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    renderer.core.ruler.push(_point_targets.__name__, _point_targets)
    return renderer


_PAGE = _page_renderer()
_LINE = _line_renderer()
