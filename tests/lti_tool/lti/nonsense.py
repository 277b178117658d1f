"""What a platform may make of any value, and what may become of it here."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from math import isfinite

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from lti_tool.lti.json_object import is_storable

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(
        ["\0", "\ud800", "x" * 300, "http://[", "http://\u00e9..", "LtiDeepLinkingRequest", 10**400]
    )
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "scope", "a/b", "\ud800"]) | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
PREDICTABLE = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def is_answer(answer: object) -> bool:
    """Return whether a database can hold it and a page can show it."""
    if is_dataclass(answer):
        return all(is_answer(getattr(answer, field.name)) for field in fields(answer))
    if isinstance(answer, Mapping):
        return is_answer([*answer.keys(), *answer.values()])
    if isinstance(answer, list | tuple | frozenset):
        return all(is_answer(item) for item in answer)
    if isinstance(answer, str):
        return is_storable(answer)
    if isinstance(answer, float):
        return isfinite(answer)
    return answer is None or isinstance(answer, int | datetime)
