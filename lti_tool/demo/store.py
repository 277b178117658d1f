"""What the campus remembers between two starts: keys, tokens, marks and switches, in one SQLite file."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from lti_tool.demo.scores import OlderScoreError, Score
from lti_tool.demo.tables import (
    assertions,
    closures,
    new_number,
    open_file,
    overrides,
    scores,
    secrets,
    tokens,
)


class Store:
    """The campus's file. Every method is one transaction of its own."""

    def __init__(self, path: Path) -> None:
        self.engine = open_file(path)

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """Return the value kept under `name`; it is made the first time."""
        with self.engine.begin() as db:
            kept = db.scalar(select(secrets.c.value).where(secrets.c.name == name))
            if kept is not None:
                return str(kept)
            db.execute(insert(secrets).values(name=name, value=make()).on_conflict_do_nothing())
            return str(db.scalar(select(secrets.c.value).where(secrets.c.name == name)))

    def key_pems(self, lms: str, make: Callable[[], str]) -> tuple[str, ...]:
        """Return a platform's private keys, the one that signs last; the first is made the first time."""
        self.secret(f"key:{lms}", make)
        name = secrets.c.name
        query = select(secrets.c.value).where(or_(name == f"key:{lms}", name.like(f"key:{lms}:%")))
        with self.engine.begin() as db:
            return tuple(db.scalars(query.order_by(func.length(name), name)))

    def add_key(self, lms: str, pem: str) -> None:
        """Let a platform sign with another key from now on."""
        with self.engine.begin() as db:
            name = f"key:{lms}:{new_number(db)}"
            db.execute(insert(secrets).values(name=name, value=pem))

    def keep_token(self, lms: str, token: str, *, scopes: frozenset[str], expires: datetime) -> None:
        """Remember a token by its digest."""
        row = {"digest": _digest(token), "lms": lms, "scopes": " ".join(sorted(scopes))}
        with self.engine.begin() as db:
            db.execute(insert(tokens).values(**row, expires=int(expires.timestamp())))

    def token_scopes(self, lms: str, token: str, *, now: datetime) -> frozenset[str]:
        """Return what a token allows at `now`: nothing if it is unknown, expired or another platform's."""
        query = select(tokens.c.scopes).where(
            tokens.c.digest == _digest(token), tokens.c.lms == lms, tokens.c.expires > int(now.timestamp())
        )
        with self.engine.begin() as db:
            return frozenset((db.scalar(query) or "").split())

    def use_assertion(self, lms: str, jti: str, *, expires: datetime, now: datetime) -> bool:
        """Return whether this is the first use of `jti`; those that expired before `now` are forgotten."""
        with self.engine.begin() as db:
            db.execute(delete(assertions).where(assertions.c.expires < int(now.timestamp())))
            row = insert(assertions).values(lms=lms, jti=jti, expires=int(expires.timestamp()))
            return db.execute(row.on_conflict_do_nothing()).rowcount == 1

    def keep_score(self, lms: str, line_item: str, score: Score) -> None:
        """Put a score in the place of an older one; raise `OlderScoreError` where it is not a second newer.

        Moments are compared in whole seconds, as Moodle does.
        """
        moment = int(score.moment.timestamp())
        row = insert(scores).values(
            lms=lms,
            line_item=line_item,
            sub=score.sub,
            given=score.given,
            maximum=score.maximum,
            comment=score.comment,
            moment=moment,
        )
        # The UPDATE's own condition decides, so two scores at once cannot both win.
        newer = row.on_conflict_do_update(
            index_elements=["lms", "line_item", "sub"],
            set_={name: row.excluded[name] for name in ("given", "maximum", "comment", "moment")},
            where=scores.c.moment < moment,
        )
        with self.engine.begin() as db:
            if db.execute(newer).rowcount == 0:
                raise OlderScoreError(_scores(db, lms, line_item)[score.sub].moment)

    def scores(self, lms: str, line_item: str) -> Mapping[str, Score]:
        """Return the kept scores of one column by `sub`, in the order of `sub`."""
        with self.engine.begin() as db:
            return _scores(db, lms, line_item)

    def override(self, lms: str, line_item: str, sub: str, mark: float | None) -> None:
        """Write a teacher's mark, out of the column's maximum, over what is sent; None takes it away."""
        keys = {"lms": lms, "line_item": line_item, "sub": sub}
        with self.engine.begin() as db:
            db.execute(delete(overrides).filter_by(**keys))
            if mark is not None:
                db.execute(insert(overrides).values(**keys, mark=mark))

    def overrides(self, lms: str, line_item: str) -> Mapping[str, float]:
        """Return the marks that a teacher wrote in one column, by `sub`."""
        query = select(overrides.c.sub, overrides.c.mark).filter_by(lms=lms, line_item=line_item)
        with self.engine.begin() as db:
            return {row.sub: row.mark for row in db.execute(query.order_by(overrides.c.sub))}

    def close_services(self, lms: str) -> None:
        """Put a platform's services down for maintenance."""
        with self.engine.begin() as db:
            db.execute(insert(closures).values(lms=lms).on_conflict_do_nothing())

    def open_services(self, lms: str) -> None:
        """Bring a platform's services back."""
        with self.engine.begin() as db:
            db.execute(delete(closures).where(closures.c.lms == lms))

    def is_closed(self, lms: str) -> bool:
        """Return whether a platform's services are down."""
        with self.engine.begin() as db:
            return db.scalar(select(closures.c.lms).where(closures.c.lms == lms)) is not None


def _scores(db: Connection, lms: str, line_item: str) -> dict[str, Score]:
    here = (scores.c.lms == lms, scores.c.line_item == line_item)
    rows = db.execute(select(scores).where(*here).order_by(scores.c.sub))
    return {
        row.sub: Score(
            sub=row.sub,
            given=row.given,
            maximum=row.maximum,
            comment=row.comment,
            moment=datetime.fromtimestamp(row.moment, UTC),
        )
        for row in rows
    }


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
