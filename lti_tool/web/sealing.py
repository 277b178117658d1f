"""What a form takes along that its sender may neither read nor change."""

import json
from collections.abc import Mapping

from lti_tool.storage.vault import VaultError
from lti_tool.web.state import vault


class NotSealedError(Exception):
    """This was not sealed here, or for another use."""


def seal(use: str, values: Mapping[str, object]) -> str:
    """Return `values`, of JSON's kinds, as URL-safe text that only this service can open."""
    return vault().encrypt(json.dumps([use, dict(values)])).decode()


def unseal(use: str, sealed: str) -> dict[str, object]:
    """Return the values that were sealed for this use; raise NotSealedError for anything else."""
    try:
        sealed_for, values = json.loads(vault().decrypt(sealed.encode()))
    except VaultError:
        raise NotSealedError from None
    if sealed_for != use:
        raise NotSealedError
    return dict(values)
