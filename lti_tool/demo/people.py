"""Everyone on the campus. The names, employers and addresses are invented."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from lti_tool.demo.institutions import KU_LEUVEN, LUCA, ODISEE, THOMAS_MORE, UCLL, VIVES, Institution


class Kind(Enum):
    """What someone is at an institution; it decides who is in which course, and as what."""

    ADMINISTRATOR = "administrator"
    TEACHER = "teacher"
    ASSISTANT = "assistant"
    OBSERVER = "observer"
    MANAGER = "manager"
    LEARNER = "learner"

    @property
    def studies(self) -> bool:
        return self in (Kind.MANAGER, Kind.LEARNER)

    @property
    def edits(self) -> bool:
        """Return whether someone may change a course."""
        return self in (Kind.ADMINISTRATOR, Kind.TEACHER)

    @property
    def sees_everyone(self) -> bool:
        """Return whether someone may see all participants of a course and their marks."""
        return self.edits or self is Kind.ASSISTANT


class Privacy(Enum):
    """What an institution tells the tool about a person."""

    SHARED = "shared"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Person:
    """One account. `sub` is unique within its institution only, as it is between real platforms.

    `observes` are the accounts whose work an observer may see, and nobody else's.
    """

    institution: Institution
    sub: str
    kind: Kind
    given_name: str
    family_name: str
    employer: str = ""
    privacy: Privacy = Privacy.SHARED
    observes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.kind is Kind.MANAGER) != bool(self.employer):
            raise ValueError("managers, and they alone, have an employer")
        if (self.kind is Kind.OBSERVER) != bool(self.observes):
            raise ValueError("observers, and they alone, observe somebody")

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def slug(self) -> str:
        """Return the name in ASCII, unique on the campus."""
        ascii_name = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        return re.sub(r"[^a-z]+", "-", ascii_name.lower())

    @property
    def email(self) -> str:
        return f"{self.slug}@example.test"

    @property
    def has_agenda(self) -> bool:
        return self.kind in (Kind.MANAGER, Kind.TEACHER)


SCHELDEKANT = "Ziekenhuis Scheldekant"
LINDEHOEVE = "AZ Lindehoeve"
MEERKOET = "Woonzorgcentrum De Meerkoet"
AVONDGLOED = "Woonzorggroep Avondgloed"
HEUVELRAND = "Thuiszorg Heuvelrand"
NABIJ = "Thuisverpleging Nabij"
NOORDSTER = "Welzijnshuis Noordster"
WENDE = "Psychiatrisch Centrum De Wende"
KOUTER = "Revalidatiecentrum Hoge Kouter"
KADE = "Begeleid Wonen De Kade"

_MANAGERS = (
    Person(KU_LEUVEN, "11", Kind.MANAGER, "Nadia", "El Amrani", SCHELDEKANT),
    Person(KU_LEUVEN, "12", Kind.MANAGER, "Wim", "Vandeputte", LINDEHOEVE),
    Person(KU_LEUVEN, "13", Kind.MANAGER, "Griet", "Hoornaert", WENDE),
    Person(KU_LEUVEN, "14", Kind.MANAGER, "Tomasz", "Kowalczyk", KOUTER),
    Person(UCLL, "11", Kind.MANAGER, "Ilse", "Degroote", SCHELDEKANT),
    Person(UCLL, "12", Kind.MANAGER, "Yusuf", "Demir", HEUVELRAND),
    Person(UCLL, "13", Kind.MANAGER, "Marleen", "Coppieters", AVONDGLOED),
    Person(UCLL, "14", Kind.MANAGER, "Pieter-Jan", "Roose", KADE),
    Person(ODISEE, "11", Kind.MANAGER, "Fatoumata", "Diallo", NABIJ),
    Person(ODISEE, "12", Kind.MANAGER, "Koen", "Ver Elst", SCHELDEKANT),
    Person(ODISEE, "13", Kind.MANAGER, "Sofie", "Lauwers", MEERKOET),
    Person(ODISEE, "14", Kind.MANAGER, "Bart", "D'hulst", LINDEHOEVE),
    Person(THOMAS_MORE, "11", Kind.MANAGER, "Annelies", "Boeckx", AVONDGLOED),
    Person(THOMAS_MORE, "12", Kind.MANAGER, "Rachid", "Bouzid", WENDE),
    Person(THOMAS_MORE, "13", Kind.MANAGER, "Chantal", "Mbuyi", SCHELDEKANT),
    Person(THOMAS_MORE, "14", Kind.MANAGER, "Joris", "Wuyts", NOORDSTER),
    Person(VIVES, "11", Kind.MANAGER, "Lieselot", "Verhaeghe", MEERKOET),
    Person(VIVES, "12", Kind.MANAGER, "Stijn", "Casteleyn", LINDEHOEVE),
    Person(VIVES, "13", Kind.MANAGER, "Elif", "Şahin", HEUVELRAND),
    Person(VIVES, "14", Kind.MANAGER, "Hendrik", "Pauwelyn", NABIJ),
    Person(LUCA, "11", Kind.MANAGER, "Zoë", "Meulemans", NOORDSTER),
    Person(LUCA, "12", Kind.MANAGER, "Dirk", "Van Hoecke", KOUTER),
    Person(LUCA, "13", Kind.MANAGER, "Samira", "Haddad", KADE),
    Person(LUCA, "14", Kind.MANAGER, "Ruben", "Goossenaerts", SCHELDEKANT),
)

_STAFF = (
    Person(KU_LEUVEN, "2", Kind.ADMINISTRATOR, "Filip", "Lenaerts"),
    Person(KU_LEUVEN, "3", Kind.TEACHER, "Katrien", "Van Aerschot"),
    Person(KU_LEUVEN, "4", Kind.TEACHER, "Emeka", "Okafor"),
    Person(KU_LEUVEN, "5", Kind.ASSISTANT, "Silke", "Daems"),
    Person(UCLL, "2", Kind.ADMINISTRATOR, "Sabine", "Vrancken"),
    Person(UCLL, "3", Kind.TEACHER, "Geert", "Claessens"),
    Person(UCLL, "6", Kind.OBSERVER, "Peter", "Maenhout", observes=("11", "12")),
    Person(ODISEE, "2", Kind.ADMINISTRATOR, "Mehdi", "Tahiri"),
    Person(ODISEE, "3", Kind.TEACHER, "Hilde", "Schepens"),
    Person(ODISEE, "4", Kind.TEACHER, "Laurens", "De Winne"),
    Person(THOMAS_MORE, "2", Kind.ADMINISTRATOR, "Tine", "Hermans"),
    Person(THOMAS_MORE, "3", Kind.TEACHER, "Luc", "Geerts"),
    Person(VIVES, "2", Kind.ADMINISTRATOR, "Jelle", "Vanneste"),
    Person(VIVES, "3", Kind.TEACHER, "Carine", "Deprez"),
    Person(VIVES, "4", Kind.TEACHER, "Amina", "Benali"),
    Person(LUCA, "2", Kind.ADMINISTRATOR, "Nele", "Rombouts"),
    Person(LUCA, "3", Kind.TEACHER, "Matthias", "Poppe"),
)

_LEARNERS = (
    Person(KU_LEUVEN, "21", Kind.LEARNER, "Hanne", "Swinnen"),
    Person(KU_LEUVEN, "22", Kind.LEARNER, "Ibrahim", "Conteh"),
    Person(UCLL, "21", Kind.LEARNER, "Lotte", "Bellemans"),
    Person(UCLL, "22", Kind.LEARNER, "Aleksandra", "Nowak"),
    Person(UCLL, "23", Kind.LEARNER, "Kevin", "Stroobants"),
    Person(ODISEE, "21", Kind.LEARNER, "Noor", "Vermeiren"),
    Person(ODISEE, "22", Kind.LEARNER, "Charlotte", "Temmerman", privacy=Privacy.WITHHELD),
    Person(THOMAS_MORE, "21", Kind.LEARNER, "Bilal", "Ouali"),
    Person(THOMAS_MORE, "22", Kind.LEARNER, "Eva", "Kerremans"),
    Person(THOMAS_MORE, "23", Kind.LEARNER, "Grace", "Mensah"),
    Person(VIVES, "21", Kind.LEARNER, "Dries", "Vanhoutte"),
    Person(VIVES, "22", Kind.LEARNER, "Maaike", "Lefever"),
    Person(LUCA, "21", Kind.LEARNER, "Oona", "Segers"),
    Person(LUCA, "22", Kind.LEARNER, "Tariq", "Rahimi"),
)

PEOPLE = tuple(
    sorted(_STAFF + _MANAGERS + _LEARNERS, key=lambda person: (person.institution.slug, int(person.sub)))
)
AGENDA_OWNERS = tuple(person for person in PEOPLE if person.has_agenda)
