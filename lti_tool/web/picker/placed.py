"""Links as they will stand in a course: their titles and texts, in the course's language."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import force_locale

from content.module import Module
from content.programme import Programme
from lti_tool.lti.ags import WantedLineItem
from lti_tool.lti.deep_linking import LinkItem
from lti_tool.services.launches.targets import write_target
from lti_tool.services.placements.placing import Column, PlannedLink, Spot
from lti_tool.storage.models import Opens
from lti_tool.web.i18n import hours
from lti_tool.web.state import settings
from lti_tool.web.translate import _

# Enough of a page to work in; where a platform listens, a page says itself how high it is.
FRAME_HEIGHT = 800
LAUNCH, ICON = "/lti/launch", "/lti/icon.png"


@dataclass(frozen=True)
class PlacedLink:
    """A planned link in words; `column` is None where it sends no mark."""

    planned: PlannedLink
    title: str
    text: str

    @property
    def column(self) -> Column | None:
        return self.planned.column


def word_links(
    planned: Iterable[PlannedLink], programme: Programme, module: Module | None, *, titles: str
) -> tuple[PlacedLink, ...]:
    """Return links with their titles and texts in the language `titles`; an overview alone has no module."""
    with force_locale(titles):
        return tuple(PlacedLink(link, *_words(link, programme, module, titles)) for link in planned)


def link_item(link: PlacedLink, spot: Spot) -> LinkItem:
    """Return what a platform is given of a link (Deep Linking 2.0, section 3.2)."""
    base_url = settings().base_url
    return LinkItem(
        title=link.title,
        text=link.text,
        url=f"{base_url}{LAUNCH}",
        icon_url=f"{base_url}{ICON}",
        custom=write_target(link.planned.target, placed_in=spot.place),
        line_item=_line_item(link),
        frame_height=FRAME_HEIGHT,
    )


def _words(link: PlannedLink, programme: Programme, module: Module | None, titles: str) -> tuple[str, str]:
    piece = link.piece
    if module is None or piece.opens is Opens.PROGRAMME:
        return programme.title.in_(titles), programme.summary.in_(titles)
    name = module.title.in_(titles)
    if piece.opens is Opens.LIVE:
        return (
            _("Live sessions: %(module)s", module=name),
            _("When we meet, and how your own agenda is taken into account."),
        )
    for unit in module.units:
        if unit.id == piece.unit:
            about = _("Unit of %(module)s, %(time)s of study.", module=name, time=hours(unit.study_minutes))
            return unit.title.in_(titles), about
    return name, module.summary.in_(titles)


def _line_item(link: PlacedLink) -> WantedLineItem | None:
    if link.column is None:
        return None
    tag = link.column.tag
    return WantedLineItem(label=link.title, maximum=link.column.maximum, tag=tag, resource_id=tag)
