"""What someone fills in of one agenda: where it is, her name for it, and how it counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from lti_tool.services.agendas.fetching import is_calendar_address
from lti_tool.services.agendas.sources import Handling, Source
from lti_tool.web.agenda.words import agenda_words
from lti_tool.web.fields import BadFieldError, mail_address
from lti_tool.web.translate import _

LONGEST_LABEL = 60


@dataclass(frozen=True)
class SourceForm:
    """The fields as typed, and `errors` by field name; `handling` is what they say of how it counts."""

    address: str = field(default="", repr=False)
    handling: Handling = field(default_factory=Handling)
    mail: str = field(default="", repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source) -> "SourceForm":
        return cls(handling=source.handling)

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> "SourceForm":
        """Return what was filled in; its address is not looked at."""
        handling = Handling(
            label=" ".join(given.get("label", "").split()),
            treat_all_as_busy=given.get("treat_all_as_busy") == "1",
            ignore_all_day=given.get("ignore_all_day") == "1",
        )
        form = cls(given.get("address", "").strip(), handling, given.get("mail", "").strip())
        if len(handling.label) > LONGEST_LABEL:
            form = form.wrong("label", _("Give a name of at most %(most)s characters.", most=LONGEST_LABEL))
        try:
            mail_address(form.mail)
        except BadFieldError as error:
            form = form.wrong("mail", error.sentence)
        return form

    def with_address(self, trusted_hosts: frozenset[str]) -> "SourceForm":
        """Return the form with an error where its address is not worth trying."""
        if is_calendar_address(self.address, trusted_hosts):
            return self
        return self.wrong("address", agenda_words("bad_address"))

    def wrong(self, name: str, sentence: str) -> "SourceForm":
        return replace(self, errors={**self.errors, name: sentence})
