"""A browser without JavaScript that keeps cookies as browsers do."""

from http.cookiejar import Cookie

import requests
from requests.cookies import RequestsCookieJar


class LoopbackCookies(RequestsCookieJar):
    """Browsers send Secure cookies to 127.0.0.1 without TLS too; the library does not."""

    def set_cookie(self, cookie: Cookie, *args: object, **options: object) -> None:
        cookie.secure = False
        super().set_cookie(cookie, *args, **options)


def new_browser(*, language: str = "en") -> requests.Session:
    browser = requests.Session()
    browser.trust_env = False
    browser.cookies = LoopbackCookies()
    browser.headers["Accept-Language"] = language
    return browser
