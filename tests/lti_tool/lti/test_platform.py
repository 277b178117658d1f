import pytest

from lti_tool.lti.platform import PlatformRegistration, is_web_url


@pytest.mark.parametrize(
    "url",
    [
        "https://lms.example",
        "http://localhost:8080/mod/lti?a=b#c",
        "https://[::1]:8443/",
        "HTTPS://lms.example/",
    ],
)
def test_a_web_address(url: str) -> None:
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lms.example",
        "/mod/lti",
        "https://",
        "ftp://lms.example",
        "javascript:alert(1)",
        "https://lms.example:port",
        "https://lms.example\\.evil.example/",
        "https://user@lms.example/",
        "https://lms.example/a b",
        "https://lms.example/\n",
        "https://[lms.example/",
    ],
)
def test_no_web_address_that_every_reader_takes_for_the_same_place(url: str) -> None:
    assert not is_web_url(url)


@pytest.mark.parametrize("field", ["issuer", "client_id", "auth_login_url", "token_url", "jwks_url"])
def test_a_registration_without_all_that_a_launch_needs_cannot_be_made(field: str) -> None:
    fields = {
        "issuer": "https://lms.example",
        "client_id": "klimop",
        "auth_login_url": "https://lms.example/auth",
        "token_url": "https://lms.example/token",
        "jwks_url": "https://lms.example/jwks",
    }
    assert PlatformRegistration(id=1, **fields).token_audience is None
    with pytest.raises(ValueError, match=r"registration|web address"):
        PlatformRegistration(id=1, **{**fields, field: ""})
