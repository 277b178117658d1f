"""Authors' YAML and Markdown files, with the line on which everything stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from content.checked import At, Fault, Finding

_FRONT_MATTER = YAMLHandler()
_PLAIN = {
    "bool": r"true|True|false|False",
    "int": r"[-+]?(?:0|[1-9][0-9]*)",
    "float": r"[-+]?[0-9]+\.[0-9]+",
    "null": r"~|null|",
}


@dataclass(frozen=True)
class Source:
    """What a file holds. `lines` counts from 1; `body` is the Markdown after front matter."""

    data: dict[str, Any]
    lines: dict[At, int]
    findings: tuple[Finding, ...] = ()
    body: str = ""
    body_line: int = 1

    @property
    def readable(self) -> bool:
        return all(finding.fault is not Fault.UNREADABLE for finding in self.findings)


@dataclass
class _Reading:
    """The state of one walk over a file's nodes."""

    loader: yaml.SafeLoader
    first_line: int
    lines: dict[At, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def parse_yaml(text: str, *, first_line: int = 1) -> Source:
    """Return the mapping in `text`; what cannot be read becomes findings whose `line` is the file's."""
    try:
        loader = _Loader(text)
        reading = _Reading(loader, first_line)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            return _unreadable(first_line, "expected keys with values")
        data = _construct(reading, node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _unreadable(first_line + (mark.line if mark else 0), error.problem or "no YAML")
    except RecursionError:
        return _unreadable(first_line, "it is nested too deeply")
    except (yaml.YAMLError, ValueError) as error:
        return _unreadable(first_line, str(error).partition("\n")[0])
    return Source(data, reading.lines, tuple(reading.findings))


def parse_page(text: str) -> Source:
    """Return front matter and Markdown."""
    try:
        front, body = _FRONT_MATTER.split(text) if _FRONT_MATTER.detect(text) else ("", text)
    except ValueError:
        return _unreadable(1, "the front matter has no end")
    source = parse_yaml(front, first_line=1 + text[: text.index(front)].count("\n"))
    body_line = 1 + text[: len(text) - len(body)].count("\n")
    return Source(source.data, source.lines, source.findings, body, body_line)


class _Loader(yaml.SafeLoader):
    """Safe YAML without aliases, by which a small file could unfold into a huge one.

    As in YAML 1.2, words such as `no`, times and numbers that begin with 0 are text.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call] # PyYAML's stubs leave it out
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", event.start_mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern in _PLAIN.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), None)


def _construct(reading: _Reading, node: yaml.Node, at: At) -> Any:
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(reading, node, at))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            reading.lines[(*at, index)] = _line(reading, item)
        return [_construct(reading, item, (*at, index)) for index, item in enumerate(node.value)]
    return reading.loader.construct_object(node)


def _entries(reading: _Reading, node: yaml.MappingNode, at: At) -> Iterator[tuple[str, Any]]:
    for key_node, value_node in node.value:
        # The key as written, whatever value YAML would make of it.
        key = str(key_node.value)
        if (*at, key) in reading.lines:
            line = _line(reading, key_node)
            reading.findings.append(Finding((*at, key), Fault.DUPLICATE_KEY, key, line))
        reading.lines[(*at, key)] = _line(reading, key_node)
        yield key, _construct(reading, value_node, (*at, key))


def _line(reading: _Reading, node: yaml.Node) -> int:
    return reading.first_line + node.start_mark.line


def _unreadable(line: int, why: str) -> Source:
    return Source({}, {}, (Finding((), Fault.UNREADABLE, why, line),))
