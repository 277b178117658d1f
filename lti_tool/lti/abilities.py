"""What a registration lets Klimop do, told from the scopes, claims and messages in it."""

from collections.abc import Collection
from enum import StrEnum

from lti_tool.lti.ags.line_items import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE
from lti_tool.lti.ags.results import RESULT_SCOPE
from lti_tool.lti.ags.scores import SCORE_SCOPE
from lti_tool.lti.claims import MessageType
from lti_tool.lti.groups import GROUPS_SCOPE
from lti_tool.lti.notices import NOTICE_SCOPE
from lti_tool.lti.nrps import ROSTER_SCOPE

# All that Klimop ever asks a token for.
SCOPES = (
    LINE_ITEM_SCOPE,
    LINE_ITEM_READ_SCOPE,
    SCORE_SCOPE,
    RESULT_SCOPE,
    ROSTER_SCOPE,
    GROUPS_SCOPE,
    NOTICE_SCOPE,
)
NAME_CLAIMS = ("name", "given_name", "family_name")


class Ability(StrEnum):
    """One thing that people will notice when it is missing, in the order of how soon they will."""

    NAMES = "names"
    PICKER = "picker"
    SCORES = "scores"
    COLUMNS = "columns"
    RESULTS = "results"
    ROSTER = "roster"
    GROUPS = "groups"
    NOTICES = "notices"


# Not every platform has these, and nothing that anybody counts on is missing without them.
EXTRAS = frozenset({Ability.GROUPS, Ability.NOTICES})
_BY_SCOPE = {
    SCORE_SCOPE: Ability.SCORES,
    LINE_ITEM_SCOPE: Ability.COLUMNS,
    RESULT_SCOPE: Ability.RESULTS,
    ROSTER_SCOPE: Ability.ROSTER,
    GROUPS_SCOPE: Ability.GROUPS,
    NOTICE_SCOPE: Ability.NOTICES,
}


def abilities(
    *, scopes: Collection[str], claims: Collection[str], messages: Collection[str]
) -> frozenset[Ability]:
    """Return what these scopes, claims and message types make possible."""
    able = {ability for scope, ability in _BY_SCOPE.items() if scope in scopes}
    if any(claim in claims for claim in NAME_CLAIMS):
        able.add(Ability.NAMES)
    if MessageType.DEEP_LINKING.value in messages:
        able.add(Ability.PICKER)
    return frozenset(able)
