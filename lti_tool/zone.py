"""Where the institutions, their people and the live sessions are."""

from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Brussels")
