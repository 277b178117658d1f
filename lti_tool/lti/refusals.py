"""Why a login or a launch is refused. The reader's words for each reason belong to the web layer."""

from enum import Enum


class RefusalReason(str, Enum):
    """One reason for each thing that someone must act on; the values each carries are named behind it."""

    # The request to log in
    MISSING_PARAMETER = "missing_parameter"  # parameter
    INVALID_PARAMETER = "invalid_parameter"  # parameter
    PLATFORM_ERROR = "platform_error"  # error: the platform's OAuth error code
    TARGET_NOT_OURS = "target_not_ours"  # target_link_uri

    # Who is asking
    UNKNOWN_ISSUER = "unknown_issuer"  # issuer
    UNKNOWN_CLIENT = "unknown_client"  # issuer, client_id
    CLIENT_NOT_NAMED = "client_not_named"  # issuer: it has several client ids and the login names none
    UNKNOWN_DEPLOYMENT = "unknown_deployment"  # issuer, client_id, deployment_id
    DEPLOYMENT_WAITING = "deployment_waiting"  # as unknown_deployment: it is known now, and to be approved
    WRONG_AUDIENCE = "wrong_audience"  # issuer: `azp` is not one of `aud`

    # The token and its signature
    MALFORMED_TOKEN = "malformed_token"  # noqa: S105 - a reason, not a secret
    WRONG_ALGORITHM = "wrong_algorithm"  # algorithm
    KEY_NOT_NAMED = "key_not_named"
    UNKNOWN_KEY = "unknown_key"  # kid, jwks_url
    KEYS_UNREACHABLE = "keys_unreachable"  # jwks_url, cause
    BAD_SIGNATURE = "bad_signature"  # issuer
    EXPIRED = "expired"  # seconds: since it ran out
    CLOCK_SKEW = "clock_skew"  # seconds: how far the platform's clock is ahead (negative: behind)

    # The way back to the browser that logged in
    COOKIE_MISSING = "cookie_missing"
    UNKNOWN_STATE = "unknown_state"
    LOGIN_EXPIRED = "login_expired"
    USED_BEFORE = "used_before"
    WRONG_PLATFORM = "wrong_platform"
    WRONG_NONCE = "wrong_nonce"
    WRONG_BROWSER = "wrong_browser"

    # The message itself
    MISSING_CLAIM = "missing_claim"  # claim
    INVALID_CLAIM = "invalid_claim"  # claim
    UNSUPPORTED_VERSION = "unsupported_version"  # version
    UNSUPPORTED_MESSAGE = "unsupported_message"  # message_type


class LaunchRefusedError(Exception):
    """A login or launch that ends here. `values` hold no personal data.

    `registration_id` is of the platform that it named, None while that is not known.
    """

    registration_id: int | None = None

    def __init__(self, reason: RefusalReason, **values: str | int) -> None:
        super().__init__(reason, values)
        self.reason = reason
        self.values = values
