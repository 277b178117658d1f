"""PyLTI1p3's view of our ports: its request, configuration, session and cookies; new for each request."""

from collections.abc import Iterable, Mapping
from typing import Any

from pylti1p3.cookie import CookieService
from pylti1p3.deployment import Deployment
from pylti1p3.redirect import Redirect
from pylti1p3.registration import Registration
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config.abstract import ToolConfAbstract

from lti_tool.lti.json_object import is_storable
from lti_tool.lti.platform import PlatformRegistration
from lti_tool.lti.ports import Registrations
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason

FIELD_LIMIT = 100_000


class Parameters(Request):
    """The fields of a login or a launch; a field that no database can hold is refused when it is read."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def is_secure(self) -> bool:
        return True

    def get_param(self, key: str) -> str:
        """Return the field, empty where there is none."""
        value = self._fields.get(key, "")
        if len(value) > FIELD_LIMIT or not is_storable(value):
            raise LaunchRefusedError(RefusalReason.INVALID_PARAMETER, parameter=key)
        return value

    def given(self, keys: Iterable[str]) -> dict[str, str]:
        """Return those of the fields that are there."""
        return {key: value for key in keys if (value := self.get_param(key))}

    def required(self, key: str) -> str:
        value = self.get_param(key)
        if not value:
            raise LaunchRefusedError(RefusalReason.MISSING_PARAMETER, parameter=key)
        return value


class KnownPlatforms(ToolConfAbstract[Parameters]):
    """Finds registrations and deployments through the port. `found` is the last registration found."""

    found: PlatformRegistration

    def __init__(self, registrations: Registrations) -> None:
        self._registrations = registrations

    @property
    def found_id(self) -> int | None:
        return self.found.id if hasattr(self, "found") else None

    def check_iss_has_one_client(self, iss: str) -> bool:  # noqa: ARG002 - the base's signature
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:  # noqa: ARG002 - the base's signature
        return True

    def find_registration_by_issuer(self, iss: str, *_args: Any, **_kwargs: Any) -> Registration:
        return self.find_registration_by_params(iss, "")

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment:
        return self.find_deployment_by_params(iss, deployment_id, "")

    def find_registration_by_params(
        self, iss: str, client_id: str, *_args: Any, **_kwargs: Any
    ) -> Registration:
        """Return the registration; a login may leave the client id out where the issuer has only one."""
        known = self._registrations.registrations_of(iss, client_id)
        if not known and not self._registrations.registrations_of(iss, ""):
            raise LaunchRefusedError(RefusalReason.UNKNOWN_ISSUER, issuer=iss)
        if not known:
            raise LaunchRefusedError(RefusalReason.UNKNOWN_CLIENT, issuer=iss, client_id=client_id)
        if len(known) > 1:
            raise LaunchRefusedError(RefusalReason.CLIENT_NOT_NAMED, issuer=iss)
        self.found = known[0]
        return (
            Registration()
            .set_issuer(iss)
            .set_client_id(self.found.client_id)
            .set_auth_login_url(self.found.auth_login_url)
        )

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *_args: Any, **_kwargs: Any
    ) -> Deployment:
        """Return the deployment under the registration that was found last."""
        if not self._registrations.has_deployment(self.found.id, deployment_id):
            raise LaunchRefusedError(
                RefusalReason.UNKNOWN_DEPLOYMENT,
                issuer=iss,
                client_id=client_id,
                deployment_id=deployment_id,
            )
        return Deployment().set_deployment_id(deployment_id)


class NonceSession(SessionService):
    """Keeps the nonce of one login for its caller; no state is ever valid by itself."""

    nonce: str

    def save_nonce(self, nonce: str) -> None:
        self.nonce = nonce

    def check_state_is_valid(self, state: str, id_token_hash: str) -> bool:  # noqa: ARG002 - the base's signature
        return False


class StateCookie(CookieService):
    """Keeps the state of one login for its caller; browsers get a cookie of our own."""

    state: str

    def get_cookie(self, name: str) -> str | None:  # noqa: ARG002 - the base's signature
        return None

    def set_cookie(
        self,
        name: str,
        value: str | int,  # noqa: ARG002 - the base's signature
        exp: int | None = 3600,  # noqa: ARG002 - the base's signature
    ) -> None:
        self.state = name


class Address(Redirect[str]):
    """A redirect that is nothing but its URL."""

    def __init__(self, url: str) -> None:
        self._url = url

    def do_redirect(self) -> str:
        return self._url

    def do_js_redirect(self) -> str:
        return self._url

    def set_redirect_url(self, location: str) -> None:
        self._url = location

    def get_redirect_url(self) -> str:
        return self._url
