"""How weeks go for people in care: shifts, standing meetings and what comes between."""

from dataclasses import dataclass
from datetime import time, timedelta


@dataclass(frozen=True)
class Shift:
    """One kind of shift; it may end the day after."""

    title: str
    start: time
    length: timedelta


@dataclass(frozen=True)
class Meeting:
    """A standing meeting: every so many `weeks` on a `weekday` (Monday is 0)."""

    title: str
    weekday: int
    start: time
    length: timedelta
    weeks: int = 1


@dataclass(frozen=True)
class Rhythm:
    """`rota` has a letter of `SHIFTS` for each day of a week, or a dash; its weeks repeat."""

    rota: tuple[str, ...]
    meetings: tuple[Meeting, ...]
    occasions: tuple[str, ...]

    def __post_init__(self) -> None:
        if any(len(week) != 7 or set(week) - set(SHIFTS) - {"-"} for week in self.rota):
            raise ValueError("a week of a rota has seven known letters")


SHIFTS = {
    "V": Shift("Vroege dienst", time(6, 45), timedelta(hours=8)),
    "L": Shift("Late dienst", time(13, 45), timedelta(hours=8)),
    "N": Shift("Nachtdienst", time(21, 15), timedelta(hours=10)),
    "S": Shift("Slapen na de nacht", time(8), timedelta(hours=5)),
    "D": Shift("Dagdienst", time(8, 30), timedelta(hours=7, minutes=36)),
}
HOUR = timedelta(hours=1)
PRIVATE = ("Tandarts", "Kinesist", "Oudercontact op school", "Auto naar de garage", "Huisarts")
MANAGING = (
    "Sollicitatiegesprek",
    "Functioneringsgesprek",
    "Gesprek met familie",
    "Begroting doornemen",
    "Werkgroep valpreventie",
    "Opleiding tiltechnieken",
    "Rondgang kwaliteit",
    "Overleg met de vakbond",
    "Uurrooster maken",
    "Intervisie",
)
WARD_MEETINGS = (
    Meeting("Teamoverleg afdeling", 1, time(13, 30), HOUR),
    Meeting("Overleg hoofdverpleegkundigen", 3, time(10), 2 * HOUR, weeks=2),
)

# A night from the evening before ends in a morning of sleep, which people put in their agenda too.
WARDS = (
    Rhythm(("VV-LL--", "-DDD---", "NNN----", "---VVVV"), WARD_MEETINGS, MANAGING),
    Rhythm(("D-DV---", "LL--DLL", "-VVD---", "NN---NN"), WARD_MEETINGS, MANAGING),
    Rhythm(("DD-D---", "VVV--LL", "--LL---"), WARD_MEETINGS, MANAGING),
)
OFFICE = Rhythm(
    ("-------",),
    (
        Meeting("Teamstart", 0, time(9), HOUR),
        Meeting("Overleg directie", 1, time(14), 2 * HOUR, weeks=2),
        Meeting("Cliëntenbespreking", 2, time(10, 30), HOUR + HOUR / 2),
        Meeting("Kwaliteitsoverleg", 3, time(13), 2 * HOUR, weeks=4),
    ),
    MANAGING,
)
TEACHING = Rhythm(
    ("-------",),
    (
        Meeting("Hoorcollege", 0, time(10, 30), 2 * HOUR),
        Meeting("Werkcollege groep A", 2, time(8, 30), 3 * HOUR),
        Meeting("Departementsraad", 3, time(14), 2 * HOUR, weeks=4),
    ),
    (
        "Begeleiding bachelorproef",
        "Stagebezoek",
        "Examencommissie",
        "Spreekuur studenten",
        "Vakgroepoverleg",
    ),
)
