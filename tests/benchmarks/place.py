"""Klimop and the campus in a temporary folder, and the platforms' keys served from a process of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lti_tool.demo.lms import Lms
from lti_tool.demo.people import Kind, Person
from lti_tool.storage.database import Database
from lti_tool.storage.schema import upgrade
from tests.benchmarks.programs import serving_keys
from tests.lti_tool.web.world import World, running_world

LMS = "ku-leuven"


@dataclass(frozen=True)
class Place:
    """`keys_url` is for tools that fetch keys at each launch: the campus would answer slower than it need."""

    world: World
    folder: Path
    database_url: str
    keys_url: str

    @property
    def lms(self) -> Lms:
        return self.world.lms(LMS)

    @property
    def people(self) -> list[Person]:
        return [person for person in self.lms.people if person.kind is Kind.MANAGER]


@contextmanager
def benchmark_place() -> Iterator[Place]:
    """Klimop on a SQLite file, as `klimop serve` has it."""
    with TemporaryDirectory(prefix="klimop-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/klimop.sqlite3"
        database = Database(url)
        upgrade(database.engine)
        database.close()
        with (
            running_world(url, folder / "world") as world,
            serving_keys(world.campus.lmses, folder / "keys") as keys_url,
        ):
            yield Place(world, folder, url, keys_url)
