import time
from base64 import urlsafe_b64encode
from hashlib import sha256

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_curve_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lti_tool.lti.keys import load_tool_key, public_keyset
from tests.lti_tool.lti.world import platform_key


def test_what_a_key_signs_can_be_checked_with_the_published_key_set() -> None:
    key = platform_key("tool")
    token = key.sign({"iss": "klimop"})
    [published] = jwt.PyJWKSet.from_dict(public_keyset([key])).keys
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": published.key_id}
    assert jwt.decode(token, published, algorithms=["RS256"]) == {"iss": "klimop"}


def test_the_published_key_set_holds_nothing_private() -> None:
    [published] = public_keyset([platform_key("tool")])["keys"]
    assert set(published) == {"kty", "n", "e", "kid", "alg", "use"}
    assert (published["kty"], published["alg"], published["use"]) == ("RSA", "RS256", "sig")


def test_a_key_id_is_the_keys_thumbprint() -> None:
    key = platform_key("tool")
    [published] = public_keyset([key])["keys"]
    members = f'{{"e":"{published["e"]}","kty":"RSA","n":"{published["n"]}"}}'
    assert key.kid == urlsafe_b64encode(sha256(members.encode()).digest()).decode().rstrip("=")
    assert key.private_key.key_size == 2048


def test_keys_are_published_in_the_same_order_every_time() -> None:
    one, other = platform_key("tool"), platform_key("tool-2")
    assert public_keyset([one, other]) == public_keyset([other, one])


def test_a_key_survives_its_pem_and_is_parsed_once() -> None:
    key = platform_key("tool")
    loaded = load_tool_key(key.pem())
    assert loaded.kid == key.kid
    assert load_tool_key(key.pem()) is loaded


def test_a_pem_with_another_kind_of_key_is_refused() -> None:
    curve = generate_curve_key(SECP256R1())
    pem = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(ValueError, match="RSA"):
        load_tool_key(pem)


def test_a_keys_representation_does_not_show_it() -> None:
    assert repr(platform_key("tool")) == f"ToolKey(kid={platform_key('tool').kid!r})"


def test_signing_does_not_parse_the_key_again() -> None:
    key = load_tool_key(platform_key("tool").pem())
    started = time.process_time()
    for _ in range(10):
        key.sign({"iss": "klimop"})
    # Parsing alone takes some 50 ms each time.
    assert (time.process_time() - started) / 10 < 0.02
