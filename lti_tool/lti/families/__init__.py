"""What differs from one learning platform to the next, in one place for each."""

from lti_tool.lti.families.blackboard import BLACKBOARD
from lti_tool.lti.families.brightspace import BRIGHTSPACE
from lti_tool.lti.families.canvas import CANVAS
from lti_tool.lti.families.family import Endpoints, Family
from lti_tool.lti.families.moodle import MOODLE
from lti_tool.lti.families.sakai import SAKAI

__all__ = ["FAMILIES", "OTHER", "Endpoints", "Family", "family"]

OTHER = Family(code="other", name="LTI 1.3")
FAMILIES = (MOODLE, CANVAS, BLACKBOARD, BRIGHTSPACE, SAKAI, OTHER)
_BY_CODE = {code: known for known in FAMILIES for code in (known.code, *known.product_codes)}


def family(code: str) -> Family:
    """Return the family of a `product_family_code` (LTI 1.3 core, section 5.4.4) or of our own code for it.

    A platform that is not known is of the family OTHER.
    """
    return _BY_CODE.get(code.strip().lower(), OTHER)
