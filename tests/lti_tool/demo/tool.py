"""The smallest tool that a platform can launch and that can ask it for its services."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from lti_tool.clock import now
from lti_tool.demo.claims import DEEP_LINKING, LTI
from lti_tool.demo.config import ToolUrls
from lti_tool.demo.keys import SigningKey, generate_pem
from lti_tool.demo.lms import Lms
from lti_tool.demo.tokens import ASSERTION_TYPE

TIMEOUT = 20


class Tool(Flask):
    """Publishes its key, answers logins, and keeps what it was sent."""

    def __init__(self, url: str) -> None:
        super().__init__(__name__)
        self.url = url
        self.key = SigningKey.from_pem(generate_pem())
        self.logins: list[tuple[str, dict[str, str]]] = []
        self.launches: list[dict[str, str]] = []
        self.notices: list[str] = []
        self.add_url_rule("/lti/jwks", view_func=self.jwks)
        self.add_url_rule("/lti/login", view_func=self.login, methods=["GET", "POST"])
        self.add_url_rule("/lti/launch", view_func=self.launch, methods=["POST"])
        self.add_url_rule("/register", view_func=self.register)
        self.add_url_rule("/lti/notices", view_func=self.take_notices, methods=["POST"])

    @property
    def urls(self) -> ToolUrls:
        return ToolUrls.under(self.url)

    def jwks(self) -> ResponseReturnValue:
        return {"keys": [self.key.jwk()]}

    def login(self) -> ResponseReturnValue:
        sent = request.values.to_dict()
        self.logins.append((request.method, sent))
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": sent["client_id"],
            "redirect_uri": self.urls.launch,
            "login_hint": sent["login_hint"],
            "lti_message_hint": sent["lti_message_hint"],
            "nonce": secrets.token_hex(8),
            "state": secrets.token_hex(8),
        }
        return redirect(f"{sent['iss']}/lti/auth?{urlencode(asked)}")

    def launch(self) -> ResponseReturnValue:
        self.launches.append(request.form.to_dict())
        return "welcome"

    def register(self) -> ResponseReturnValue:
        return "registering"

    def take_notices(self) -> ResponseReturnValue:
        self.notices += [notice["jwt"] for notice in request.get_json()["notices"]]
        return "", 204


def verified(lms: Lms, id_token: str) -> dict[str, Any]:
    """Return the claims of a launch, checked with the platform's published key."""
    keys = jwt.PyJWKClient(lms.jwks_url)
    key = keys.get_signing_key_from_jwt(id_token)
    return jwt.decode(id_token, key, algorithms=["RS256"], audience=lms.client_id, issuer=lms.issuer)


def answer_to(request: Mapping[str, Any], *items: object, **changed: object) -> dict[str, Any]:
    """Return the claims of a good answer to a deep linking request, some changed by the end of their name.

    None leaves a claim out.
    """
    issued = int(now().timestamp())
    claims = {
        "iss": request["aud"],
        "aud": request["iss"],
        "iat": issued,
        "exp": issued + 60,
        "nonce": secrets.token_hex(8),
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": request[f"{LTI}deployment_id"],
        f"{DEEP_LINKING}data": request[f"{DEEP_LINKING}deep_linking_settings"]["data"],
        f"{DEEP_LINKING}content_items": list(items),
    }
    full = {claim.rpartition("/")[2]: claim for claim in claims} | {"msg": f"{DEEP_LINKING}msg"}
    full |= {"errormsg": f"{DEEP_LINKING}errormsg"}
    claims |= {full[name]: value for name, value in changed.items()}
    return {name: value for name, value in claims.items() if value is not None}


@dataclass(frozen=True)
class Client:
    """The tool as it speaks to one platform's services."""

    tool: Tool
    lms: Lms
    http: requests.Session = field(default_factory=requests.Session)

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return the claims of a good assertion, some of them changed; None leaves one out."""
        issued = int(now().timestamp())
        claims = {
            "iss": self.lms.client_id,
            "sub": self.lms.client_id,
            "aud": self.lms.token_audience,
            "iat": issued,
            "exp": issued + 60,
            "jti": secrets.token_hex(8),
        } | changed
        return {name: value for name, value in claims.items() if value is not None}

    def ask_token(self, assertion: str, *scopes: str, **changed: str) -> requests.Response:
        """Ask for a token with any assertion."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
            "scope": " ".join(scopes),
        }
        return self.http.post(self.lms.token_url, data=form | changed, timeout=TIMEOUT)

    def token(self, *scopes: str) -> str:
        """Return a token for `scopes`."""
        answer = self.ask_token(self.tool.key.sign(self.claims()), *scopes)
        return str(answer.json()["access_token"])

    def get(self, url: str, token: str, *, accept: str = "*/*") -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        return self.http.get(url, headers=headers, timeout=TIMEOUT)

    def send(self, method: str, url: str, token: str, body: object, *, media_type: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": media_type}
        return self.http.request(method, url, json=body, headers=headers, timeout=TIMEOUT)

    def post_score(
        self,
        url: str,
        token: str,
        score: object,
        *,
        media_type: str = "application/vnd.ims.lis.v1.score+json",
    ) -> requests.Response:
        return self.send("POST", url, token, score, media_type=media_type)


def in_the_past(seconds: int) -> int:
    """Return the moment so many seconds ago, as a JWT writes it."""
    return int((now() - timedelta(seconds=seconds)).timestamp())
