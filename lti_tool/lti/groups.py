"""Course Groups Service 1.0: the groups that a course's people are divided into."""

from dataclasses import dataclass

from lti_tool.lti.connector import PlatformConnector
from lti_tool.lti.json_object import InvalidValueError, JsonObject, MissingValueError

GROUPS_SCOPE = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
GROUPS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
Named = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Group:
    """A group of a course; `set_name` is the division it is part of, empty where it is told of none."""

    id: str
    name: str
    set_name: str = ""


def read_groups(connector: PlatformConnector, groups_url: str, *, sets_url: str = "") -> tuple[Group, ...]:
    """Return all groups of the course, ordered by id; they know their sets where `sets_url` is given."""
    sets = _read(connector, sets_url, "sets") if sets_url else {}
    groups = _read(connector, groups_url, "groups")
    return tuple(
        Group(id, name, sets.get(set_id, ("", ""))[0]) for id, (name, set_id) in sorted(groups.items())
    )


def read_id(entry: JsonObject, name: str) -> str:
    """Return the id at `name`, which some platforms write as a number."""
    value = entry.values.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    return entry.identifier(name)


def _read(connector: PlatformConnector, url: str, what: str) -> Named:
    """Return the name and the set of each thing on all pages, by id."""
    pages = connector.pages(url, scopes=[GROUPS_SCOPE], accept=GROUPS_TYPE)
    try:
        return {
            read_id(entry, "id"): (entry.text("name"), _set_id(entry))
            for page in pages
            for entry in JsonObject.parse(page).children(what)
        }
    except (InvalidValueError, MissingValueError):
        connector.give_up("unreadable groups")


def _set_id(entry: JsonObject) -> str:
    return "" if entry.values.get("set_id") in (None, "") else read_id(entry, "set_id")
