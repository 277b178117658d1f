"""Canvas: one issuer for all hosted tenants, and placements and privacy under names of its own."""

from lti_tool.lti.abilities import SCOPES
from lti_tool.lti.families.family import LINK_MESSAGE, PICKER_MESSAGE, Endpoints, Family
from lti_tool.lti.groups import GROUPS_SCOPE
from lti_tool.lti.tool_description import ToolDescription

EXTENSION = "https://canvas.instructure.com/lti"
NAVIGATION = "course_navigation"
PICKERS = ("assignment_selection", "link_selection", "editor_button")

CANVAS = Family(
    code="canvas",
    name="Canvas",
    product_codes=("canvas",),
    issuer="https://canvas.instructure.com",
    domains=("instructure.com", "canvaslms.com"),
    endpoints=Endpoints(
        auth_login_url="https://sso.canvaslms.com/api/lti/authorize_redirect",
        token_url="https://canvas.instructure.com/login/oauth2/token",  # noqa: S106 an address
        jwks_url="https://sso.canvaslms.com/api/lti/security/jwks",
    ),
    placements={LINK_MESSAGE: (NAVIGATION,), PICKER_MESSAGE: PICKERS},
    tool_extension={f"{EXTENSION}/privacy_level": "name_only", f"{EXTENSION}/tool_id": "klimop"},
    # The course's menu is the teacher's to fill: the link waits there until she switches it on.
    message_extensions={LINK_MESSAGE: {f"{EXTENSION}/{NAVIGATION}/default_enabled": False}},
    # Every score makes a new submission otherwise, and spends one of the learner's attempts.
    score_additions={f"{EXTENSION}/submission": {"new_submission": False}},
)
# Canvas has no course groups service, and takes no configuration that names a scope it does not know.
CANVAS_SCOPES = tuple(scope for scope in SCOPES if scope != GROUPS_SCOPE)


def canvas_configuration(tool: ToolDescription) -> dict[str, object]:
    """Return the JSON with which Canvas makes an LTI key by hand (its guide to manual configuration)."""
    return {
        "title": tool.name,
        "description": tool.description,
        "oidc_initiation_url": tool.url("login"),
        "target_link_uri": tool.url("launch"),
        "scopes": list(CANVAS_SCOPES),
        "public_jwk_url": tool.url("jwks"),
        "custom_fields": dict(tool.custom),
        "extensions": [
            {
                "domain": tool.domain,
                "tool_id": "klimop",
                "platform": "canvas.instructure.com",
                "privacy_level": "name_only",
                "settings": {
                    "text": tool.name,
                    "icon_url": tool.icon_url,
                    "placements": [
                        _placement(kind, place, tool)
                        for kind, places in CANVAS.placements.items()
                        for place in places
                    ],
                },
            }
        ],
    }


def _placement(kind: str, place: str, tool: ToolDescription) -> dict[str, object]:
    hidden = {"default": "disabled"} if place == NAVIGATION else {}
    return {
        "placement": place,
        "message_type": kind,
        "target_link_uri": tool.url("launch"),
        "text": tool.name,
        "icon_url": tool.icon_url,
        **hidden,
    }
