"""Whose agendas are being changed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.storage.models import Person


def hold(db: Session, person_id: int) -> None:
    """Let one transaction at a time change what we hold of a person's agendas."""
    db.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
