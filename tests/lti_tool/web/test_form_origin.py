"""One page may send its form to one other origin, and a policy is written only for what is one."""

import pytest
from flask import Flask, g

from lti_tool.web.security import allow_form_to


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://lms.example/return?a=1&b=2", "https://lms.example"),
        ("http://localhost:8100/x", "http://localhost:8100"),
        ("https://my_lms.example/", "https://my_lms.example"),
        ("https://[::1]:8100/", "https://[::1]:8100"),
        ("https://leerplatförm.example/", "https://xn--leerplatfrm-zfb.example"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    with Flask(__name__).app_context():
        allow_form_to(url)
        assert g.form_origin == origin


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "https://", "https://a;default-src *", "https://a b/", "https://a,b/"]
)
def test_what_is_no_origin_is_never_written_in_a_policy(url: str) -> None:
    with Flask(__name__).app_context():
        with pytest.raises(ValueError, match="not an origin"):
            allow_form_to(url)
        assert "form_origin" not in g
