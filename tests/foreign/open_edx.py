"""An Open edX, as far as `lti-consumer-xblock` is one: a program with packages of its own.

It reads the tool's addresses and its own private key from its input, says where it is, and serves until its
input ends: `/start?user=…&role=…&message=…`, `/auth`, `/jwks`, `/token` and `/deep-link-return`. An answer to
anything that the library does not accept is 400, with the name of the error.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings

settings.configure(
    SECRET_KEY="only of this test",
    PLATFORM_NAME="Open edX",
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
)

from lti_consumer.data import Lti1p3LaunchData  # noqa: E402 - Django wants its settings first
from lti_consumer.lti_1p3.consumer import LtiAdvantageConsumer  # noqa: E402
from lti_consumer.utils import get_data_from_cache  # noqa: E402

Fields = dict[str, str]


class OpenEdx:
    def __init__(self, url: str, told: Fields) -> None:
        self.url, self.told = url, told

    def consumer(self) -> Any:
        """Return the library's platform, new for each request as Open edX makes it."""
        consumer = LtiAdvantageConsumer(
            iss=self.url,
            lti_oidc_url=self.told["login"],
            lti_launch_url=self.told["launch"],
            client_id="klimop",
            deployment_id="1",
            rsa_key=self.told["key"],
            rsa_key_id="open-edx",
            redirect_uris=[self.told["launch"]],
            tool_keyset_url=self.told["keyset"],
        )
        consumer.enable_deep_linking(self.told["launch"], f"{self.url}/deep-link-return")
        consumer.enable_nrps(f"{self.url}/members")
        return consumer

    def start(self, asked: Fields) -> object:
        """Return the address of the tool's login."""
        data = Lti1p3LaunchData(
            user_id=asked["user"],
            user_role=asked["role"],
            config_id="1",
            resource_link_id="link-1",
            message_type=asked["message"],
            context_id="course-v1:UCLL+HIM+2026",
            context_label="HIM",
        )
        return {"url": self.consumer().prepare_preflight_url(data)}

    def auth(self, asked: Fields) -> object:
        """Return the form that the browser posts to the tool."""
        data, consumer = get_data_from_cache(asked["lti_message_hint"]), self.consumer()
        consumer.set_user_data(data.user_id, data.user_role)
        consumer.set_resource_link_claim(data.resource_link_id)
        consumer.set_context_claim(data.context_id, context_label=data.context_label)
        consumer.set_custom_parameters({"cohort": self.told["cohort"]})
        return consumer.generate_launch_request(asked)

    def jwks(self, _asked: Fields) -> object:
        return self.consumer().get_public_keyset()

    def token(self, form: Fields) -> object:
        return self.consumer().access_token(form)

    def deep_link_return(self, form: Fields) -> object:
        return self.consumer().check_and_decode_deep_linking_token(form["JWT"])


class Handler(BaseHTTPRequestHandler):
    platform: OpenEdx

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        fields = dict(parse_qsl(parts.query) + parse_qsl(body))
        try:
            status, content = 200, getattr(self.platform, parts.path.strip("/").replace("-", "_"))(fields)
        except Exception as error:
            status, content = 400, {"error": type(error).__name__}
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    do_POST = do_GET

    def log_message(self, *_args: object) -> None:
        """Keep the test's output clean."""


def main() -> None:
    told = json.loads(sys.stdin.readline())
    server = ThreadingHTTPServer(("localhost", 0), Handler)
    url = f"http://localhost:{server.server_address[1]}"
    Handler.platform = OpenEdx(url, told)
    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
