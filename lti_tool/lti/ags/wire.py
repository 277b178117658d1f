"""What the parts of the service have in common."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope"


def below(line_item_url: str, name: str) -> str:
    """Return the address of something of a line item: behind the path, before the query."""
    parts = urlsplit(line_item_url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/{name}").geturl()


def written(moment: datetime | None) -> str:
    """Return a moment as the standard writes it, empty for None."""
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds")


def require_aware(*moments: datetime | None) -> None:
    """Raise ValueError for a time that could be any zone's."""
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise ValueError("a gradebook needs aware times")
