"""The courses of every platform, with their links and columns, as its people leave them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from lti_tool.demo.courses import COURSES, Course, LineItem, Link, Target, only, placed_link
from lti_tool.demo.people import Kind
from lti_tool.demo.tables import courses, line_items, links, new_number, overrides, scores


@dataclass(frozen=True)
class Column:
    """What a column of the gradebook is, before it has an id."""

    label: str
    maximum: float
    tag: str = ""
    resource_id: str = ""

    def __post_init__(self) -> None:
        if not self.label or self.maximum <= 0:
            raise ValueError("a column has a name and a maximum above 0")


class Catalogue:
    """The courses in the campus's file. Every method is one transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, lms: str) -> None:
        """Give a platform that has no courses those that it has from the start."""
        with self._engine.begin() as db:
            if db.scalar(select(courses.c.id).filter_by(lms=lms).limit(1)) is None:
                for course in COURSES:
                    _add_course(db, lms, course)

    def courses(self, lms: str) -> tuple[Course, ...]:
        """Return a platform's courses, the oldest first."""
        with self._engine.begin() as db:
            return _courses(db, lms)

    def course(self, lms: str, course_id: str) -> Course:
        """Return one course; raise `LookupError` where there is none."""
        return only((course for course in self.courses(lms) if course.id == course_id), course_id)

    def placed(self, lms: str, link_id: str) -> tuple[Course, Link]:
        """Return a link with its course; raise `LookupError` where there is none."""
        return placed_link(self.courses(lms), link_id)

    def copy(self, lms: str, course: Course, title: str) -> Course:
        """Return a copy with ids of its own; columns that the tool made stay behind, as in real life."""
        with self._engine.begin() as db:
            ids = {link.id: str(new_number(db)) for link in course.links}
            copied = replace(
                course,
                id=str(new_number(db)),
                title=title,
                audience=(),
                links=tuple(replace(link, id=ids[link.id]) for link in course.links),
                line_items=tuple(
                    replace(item, id=str(new_number(db)), link_id=ids[item.link_id])
                    for item in course.line_items
                    if not item.is_tools
                ),
                history=(course.id, *course.history),
            )
            _add_course(db, lms, copied)
            return copied

    def place(self, lms: str, course_id: str, link: Link, column: Column | None) -> Link:
        """Put a link in a course, whatever id it has, with a column where it brings one."""
        with self._engine.begin() as db:
            placed = replace(link, id=str(new_number(db)))
            _add_link(db, lms, course_id, placed)
            if column is not None:
                _add_line_item(db, lms, course_id, column, link_id=placed.id, is_tools=False)
            return placed

    def remove_link(self, lms: str, link_id: str) -> None:
        """Take a link out of its course, with its columns and their marks."""
        with self._engine.begin() as db:
            db.execute(delete(links).filter_by(lms=lms, id=link_id))
            for item_id in db.scalars(select(line_items.c.id).filter_by(lms=lms, link_id=link_id)).all():
                _remove_line_item(db, lms, item_id)

    def add_line_item(self, lms: str, course_id: str, column: Column, link_id: str) -> LineItem:
        """Make a column for the tool, of a link or of none."""
        with self._engine.begin() as db:
            return _add_line_item(db, lms, course_id, column, link_id=link_id, is_tools=True)

    def change_line_item(self, lms: str, item_id: str, column: Column) -> None:
        """Say anew what a column is."""
        with self._engine.begin() as db:
            db.execute(update(line_items).filter_by(lms=lms, id=item_id).values(**vars(column)))

    def remove_line_item(self, lms: str, item_id: str) -> None:
        """Take a column out of the gradebook, with its marks."""
        with self._engine.begin() as db:
            _remove_line_item(db, lms, item_id)


def _courses(db: Connection, lms: str) -> tuple[Course, ...]:
    placed: dict[str, list[Link]] = {}
    for row in _rows(db, select(links).filter_by(lms=lms)):
        placed.setdefault(row.pop("course"), []).append(_link(row))
    columns: dict[str, list[LineItem]] = {}
    for row in _rows(db, select(line_items).filter_by(lms=lms)):
        columns.setdefault(row.pop("course"), []).append(LineItem(**row))
    return tuple(
        Course(
            **row
            | {
                "audience": tuple(map(Kind, row["audience"])),
                "history": tuple(row["history"]),
                "links": tuple(placed.get(row["id"], ())),
                "line_items": tuple(columns.get(row["id"], ())),
            }
        )
        for row in _rows(db, select(courses).filter_by(lms=lms))
    )


def _rows(db: Connection, query: Any) -> list[dict[str, Any]]:
    """Return rows without the platform's name, in the order of their ids."""
    rows = [dict(row) for row in db.execute(query).mappings()]
    for row in rows:
        del row["lms"]
    return sorted(rows, key=lambda row: int(row["id"]))


def _link(row: Mapping[str, Any]) -> Link:
    custom = tuple((name, value) for name, value in row["custom"])
    return Link(**{**row, "custom": custom, "target": Target(row["target"])})


def _add_course(db: Connection, lms: str, course: Course) -> None:
    db.execute(
        insert(courses).values(
            lms=lms,
            id=course.id,
            label=course.label,
            title=course.title,
            audience=[kind.value for kind in course.audience],
            history=list(course.history),
        )
    )
    for link in course.links:
        _add_link(db, lms, course.id, link)
    for item in course.line_items:
        db.execute(insert(line_items).values(lms=lms, course=course.id, **vars(item)))


def _add_link(db: Connection, lms: str, course_id: str, link: Link) -> None:
    written = vars(link) | {"custom": [list(pair) for pair in link.custom], "target": link.target.value}
    db.execute(insert(links).values(lms=lms, course=course_id, **written))


def _add_line_item(
    db: Connection, lms: str, course_id: str, column: Column, *, link_id: str, is_tools: bool
) -> LineItem:
    item = LineItem(**vars(column), id=str(new_number(db)), link_id=link_id, is_tools=is_tools)
    db.execute(insert(line_items).values(lms=lms, course=course_id, **vars(item)))
    return item


def _remove_line_item(db: Connection, lms: str, item_id: str) -> None:
    db.execute(delete(line_items).filter_by(lms=lms, id=item_id))
    for marks in (scores, overrides):
        db.execute(delete(marks).filter_by(lms=lms, line_item=item_id))
