"""Proof-reading authors' Markdown: which files it names, and what must be mended."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from markdown_it.token import Token

from content.checked import IMAGES, Fault, Finding, bad_media
from content.markdown import callout_title, is_media, is_outside, reader, target


def media(text: str) -> Iterator[tuple[int, str]]:
    """Yield the media files that a page shows or links to, each with its line, from 0."""
    for line, token in _inline_tokens(_SOURCE.parse(text, {})):
        if is_media(target(token)):
            yield line, target(token)


def inspect(text: str) -> Iterator[Finding]:
    """Yield what an author must mend in a page; `line` counts from 0."""
    tokens = _SOURCE.parse(text, {})
    for token, inline in pairwise(tokens):
        line = token.map[0] if token.map else 0
        if token.type == "heading_open" and token.tag == "h1":
            yield Finding((), Fault.TOP_HEADING, inline.content, line)
        elif token.type.startswith("container_") and token.nesting == 1 and not callout_title(token):
            yield Finding((), Fault.BAD_CALLOUT, f":::{token.info}", line)
    for line, token in _inline_tokens(tokens):
        for fault, about in _inline_faults(token):
            yield Finding((), fault, about, line)


def _inline_faults(token: Token) -> Iterator[tuple[Fault, str]]:
    if token.type == "image":
        for finding in bad_media(target(token), IMAGES, ()):
            yield finding.fault, finding.about
        if not token.content.strip():
            yield Fault.MISSING_ALT, target(token)
    elif token.type == "link_open" and not (is_outside(target(token)) or is_media(target(token))):
        yield Fault.BAD_LINK, target(token)
    elif token.type == "text":
        if token.content.startswith(":::"):
            yield Fault.BAD_CALLOUT, token.content
        for mark in re.findall(r"\[\^[^\]]+\]", token.content):
            yield Fault.MISSING_FOOTNOTE, mark


def _inline_tokens(tokens: Iterable[Token]) -> Iterator[tuple[int, Token]]:
    """Yield the tokens inside paragraphs, headings and cells, with their lines."""
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        for child in token.children or ():
            yield line, child
            line += child.type in ("softbreak", "hardbreak")


_SOURCE = reader()
