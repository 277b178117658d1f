"""What people do in a browser: log in at their LMS, open a link, look around."""

import os
import re
from pathlib import Path
from types import TracebackType
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Frame, Page, ViewportSize, expect

from tests.lti_tool.web.world import World

Scheme = Literal["light", "dark"]

PHONE: ViewportSize = {"width": 360, "height": 780}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
# Pictures of every page are kept where this names a folder, to be looked at.
PICTURES = os.environ.get("KLIMOP_PICTURES")
ASSETS = Path(__file__).parents[2] / "lti_tool" / "assets"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = ASSETS / "node_modules" / "axe-core" / "axe.min.js"


class Tour:
    """One person at a time; each has a browser profile of her own."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world, self._browser = world, browser
        self._contexts: list[BrowserContext] = []

    def __enter__(self) -> "Tour":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for context in self._contexts:
            context.close()

    def person(
        self,
        slug: str,
        name: str,
        *,
        size: ViewportSize = DESKTOP,
        locale: str = "nl-BE",
        scheme: Scheme = "light",
        touch: bool = False,
    ) -> Page:
        """Return the dashboard of someone who has just logged in at her LMS; with `touch`, on a phone."""
        context = self._browser.new_context(
            viewport=size,
            locale=locale,
            color_scheme=scheme,
            reduced_motion="reduce",
            timezone_id="Europe/Brussels",
            has_touch=touch,
            is_mobile=touch,
        )
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        return log_in(context, self.world, slug, name)


def log_in(context: BrowserContext, world: World, slug: str, name: str) -> Page:
    """Return the dashboard of someone who has just logged in at her LMS."""
    page = context.new_page()
    page.goto(f"{world.campus.settings.base_url}/{slug}/login")
    page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).click()
    return page


def launch(page: Page, course: str, link: str) -> Frame:
    """Open a link of a course from the dashboard; return the frame in which Klimop stands."""
    page.get_by_role("link", name=course).click()
    page.get_by_role("link", name=link).click()
    frame = page.frame_locator("iframe[data-tool]")
    # Only a visit's pages have a token for their forms; there are other pages on the way.
    expect(frame.locator("meta[name=csrf-token]")).to_be_attached()
    found = next(frame for frame in page.frames if "/s/" in frame.url)
    found.wait_for_load_state()
    return found


def keep_picture(page: Page, frame: Frame, name: str) -> None:
    """Keep what a visitor sees of Klimop inside her LMS, at full height, on a phone and on a desktop."""
    if PICTURES is None:
        return
    before = page.viewport_size
    for size in (PHONE, DESKTOP):
        page.set_viewport_size({"width": size["width"], "height": 600})
        height = int(frame.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": size["width"], "height": height + 400})
        page.wait_for_timeout(200)  # for the frame to paint all of its new height
        page.locator("iframe[data-tool]").screenshot(path=f"{PICTURES}/{name}-{size['width']}.png")
    if before is not None:
        page.set_viewport_size(before)


def violations(frame: Frame | Page) -> list[str]:
    """Return what axe finds wrong with a page: WCAG 2.2 A and AA, and best practice."""
    frame.evaluate(AXE.read_text(encoding="utf-8"))
    found = frame.evaluate(
        """rules => axe.run(document, {runOnly: rules}).then(result => result.violations.map(
            violation => `${violation.id}: ${violation.nodes.map(node => node.html).join(" | ")}`))""",
        RULES,
    )
    return [str(violation) for violation in found]
