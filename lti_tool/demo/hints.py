"""What travels through the tool and comes back: who does what, signed so that nobody can change it."""

from dataclasses import dataclass
from enum import Enum

from itsdangerous import BadData, URLSafeTimedSerializer

from lti_tool.demo.courses import Target
from lti_tool.demo.current import campus, lms

HINT_SECONDS = 300
CHOOSING_SECONDS = 3600


class Message(Enum):
    """What a launch is for."""

    LINK = "link"
    CONTENT = "content"


class BadHintError(Exception):
    """What came back is not what was sent, or too old."""


@dataclass(frozen=True)
class Opening:
    """Who opens what with which client: a link, or the choice of content for a course (`place` is its id)."""

    sub: str
    client_id: str
    message: Message
    place: str
    target: Target

    def written(self) -> str:
        """Return this, signed."""
        fields = [self.sub, self.client_id, self.message.value, self.place, self.target.value]
        return str(_signer("opening").dumps(fields))

    @classmethod
    def read(cls, signed: str) -> "Opening":
        """Return what was `written`; raise `BadHintError` for anything else."""
        try:
            sub, client_id, message, place, target = _signer("opening").loads(signed, max_age=HINT_SECONDS)
        except BadData:
            raise BadHintError from None
        return cls(sub, client_id, Message(message), place, Target(target))


@dataclass(frozen=True)
class Choosing:
    """Who chooses content for which course with which client; the `data` of a deep linking request."""

    sub: str
    client_id: str
    course_id: str

    def written(self) -> str:
        """Return this, signed."""
        return str(_signer("choosing").dumps([self.sub, self.client_id, self.course_id]))

    @classmethod
    def read(cls, signed: str) -> "Choosing":
        """Return what was `written`; raise `BadHintError` for anything else."""
        try:
            return cls(*_signer("choosing").loads(signed, max_age=CHOOSING_SECONDS))
        except BadData:
            raise BadHintError from None


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(campus().secret_key), salt=f"{lms().slug}:{purpose}")
