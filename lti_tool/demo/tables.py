"""What the campus's SQLite file holds."""

from pathlib import Path

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    Text,
    create_engine,
)
from sqlalchemy.dialects.sqlite import insert

FIRST_NUMBER = 100

metadata = MetaData()
secrets = Table("secret", metadata, Column("name", String, primary_key=True), Column("value", Text))
tokens = Table(
    "token",
    metadata,
    Column("digest", String, primary_key=True),
    Column("lms", String),
    Column("scopes", Text),
    Column("expires", Integer),
)
assertions = Table(
    "assertion",
    metadata,
    Column("lms", String, primary_key=True),
    Column("jti", String, primary_key=True),
    Column("expires", Integer),
)
scores = Table(
    "score",
    metadata,
    Column("lms", String, primary_key=True),
    Column("line_item", String, primary_key=True),
    Column("sub", String, primary_key=True),
    Column("given", Float),
    Column("maximum", Float),
    Column("comment", Text),
    Column("moment", Integer),
)
# What a teacher wrote over a mark, out of the column's maximum.
overrides = Table(
    "override",
    metadata,
    Column("lms", String, primary_key=True),
    Column("line_item", String, primary_key=True),
    Column("sub", String, primary_key=True),
    Column("mark", Float),
)
closures = Table("closure", metadata, Column("lms", String, primary_key=True))
# Ids are numbers that are never given out twice.
numbers = Table("number", metadata, Column("number", Integer, primary_key=True), sqlite_autoincrement=True)
courses = Table(
    "course",
    metadata,
    Column("lms", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("label", String),
    Column("title", String),
    Column("audience", JSON),
    Column("history", JSON),
)
links = Table(
    "link",
    metadata,
    Column("lms", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("course", String),
    Column("title", String),
    Column("custom", JSON),
    Column("text", Text),
    Column("url", Text),
    Column("icon", Text),
    Column("target", String),
    Column("client_id", String),
)
line_items = Table(
    "line_item",
    metadata,
    Column("lms", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("course", String),
    Column("label", String),
    Column("maximum", Float),
    Column("link_id", String),
    Column("tag", String),
    Column("resource_id", String),
    Column("is_tools", Boolean),
)
# Who came into a course or left it; the number of the latest change is a point in time.
changes = Table(
    "membership_change",
    metadata,
    Column("lms", String, primary_key=True),
    Column("course", String, primary_key=True),
    Column("sub", String, primary_key=True),
    Column("status", String),
    Column("number", Integer),
)
registrations = Table(
    "registration",
    metadata,
    Column("lms", String, primary_key=True),
    Column("client_id", String, primary_key=True),
    Column("number", Integer),
    Column("details", JSON),
)
handlers = Table(
    "notice_handler",
    metadata,
    Column("lms", String, primary_key=True),
    Column("client_id", String, primary_key=True),
    Column("notice_type", String, primary_key=True),
    Column("handler", Text),
)


def open_file(path: Path) -> Engine:
    """Return the campus's file with its tables, new or as it was left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without a pool nothing stays open, so the file can be deleted to start over.
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.begin() as db:
        metadata.create_all(db)
    return engine


def new_number(db: Connection) -> int:
    """Return a number that was never given out in this file; ids that are there from the start are lower."""
    return FIRST_NUMBER + int(db.execute(insert(numbers).values()).lastrowid)
