"""The composition root of the web service."""

from types import TracebackType

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool.logs import trail
from lti_tool.settings import Settings
from lti_tool.web import errors, feeds, health, i18n, lti, manager, media, notices_in, security, theme
from lti_tool.web.admin import pages as admin
from lti_tool.web.admin import platforms as admin_platforms
from lti_tool.web.agenda import adding, changing, painting, preferring
from lti_tool.web.agenda import pages as agenda
from lti_tool.web.learner import pages as learner
from lti_tool.web.picker import pages as picker
from lti_tool.web.picker import preview
from lti_tool.web.setup import pages as setup
from lti_tool.web.setup import registration
from lti_tool.web.state import init_state
from lti_tool.web.teacher import gradebook
from lti_tool.web.teacher import pages as teacher
from lti_tool.web.teacher import settings as cohort

MAX_FORM_BYTES = 12 * 1024 * 1024  # an agenda of 10 MB and its form


class Klimop(Flask):
    """A Flask that logs no secret addresses and no personal data."""

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        """Log a crash in one line, by the pattern of its address and by its way through the code."""
        told = "nothing" if exc_info[1] is None else trail(exc_info[1])
        self.logger.error("crash in %s %s: %s", request.method, request.url_rule, told)


def create_app(settings: Settings) -> Flask:
    """Return the WSGI application; it holds no state of its own beside caches."""
    app = Klimop(__name__)
    app.config.update(MAX_CONTENT_LENGTH=MAX_FORM_BYTES, MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    init_state(app, settings)
    i18n.init_i18n(app)
    theme.init_theme(app)
    security.init_security(app)
    errors.init_errors(app)
    for room in (
        lti,
        learner,
        manager,
        agenda,
        adding,
        changing,
        painting,
        preferring,
        teacher,
        cohort,
        feeds,
        media,
        gradebook,
        notices_in,
        health,
        registration,
        setup,
        picker,
        preview,
        admin,
        admin_platforms,
    ):
        app.register_blueprint(room.bp)
    if settings.demo:
        theme.init_style_guide(app)
    return app
