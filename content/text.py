"""Text in the languages of the two programmes."""

from collections.abc import Iterator
from dataclasses import dataclass

from content.checked import Checked, Finding, empty

LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Text(Checked):
    """A text in Dutch and, where it is not empty, in English."""

    nl: str
    en: str = ""

    def findings(self) -> Iterator[Finding]:
        yield from empty(nl=self.nl)

    def language(self, wanted: str) -> str:
        """Return the language in which a reader who wants `wanted` gets this text."""
        return wanted if wanted in LANGUAGES and getattr(self, wanted).strip() else "nl"

    def in_(self, language: str) -> str:
        """Return the text in `language`, or else in Dutch."""
        text: str = getattr(self, self.language(language))
        return text
