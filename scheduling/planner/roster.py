"""Who people are, as far as a plan heeds it."""

from dataclasses import dataclass

import numpy as np

from scheduling.grid import Ints, Mask

NOBODY = -1  # in the place of an employer or institution that is not known
ROUNDING = 1e-9  # a share of a number of people is a whole number where it is this near to one


@dataclass(frozen=True, eq=False)
class Roster:
    """Of each person her employer and her institution, numbered from 0, and whether she must attend.

    All have shape (people,). Someone without an employer is NOBODY's, and no cap holds for her.
    """

    employers: Ints
    institutions: Ints
    must_attend: Mask

    def __post_init__(self) -> None:
        if not self.employers.shape == self.institutions.shape == self.must_attend.shape:
            raise ValueError("a roster tells the same of everyone")
        if min(self.employers.min(initial=0), self.institutions.min(initial=0)) < NOBODY:
            raise ValueError("employers and institutions are numbered from 0")

    @classmethod
    def unknown(cls, people: int) -> "Roster":
        nobody = np.full(people, NOBODY)
        return cls(nobody, nobody, np.zeros(people, dtype=np.bool_))

    @property
    def origins(self) -> tuple[Mask, ...]:
        """For each employer and then for each institution a mask of its people, of shape (people,)."""
        return tuple(
            kind == number
            for kind in (self.employers, self.institutions)
            for number in np.unique(kind[kind >= 0])
        )

    def most_away(self, share: float) -> Ints:
        """Return how many people of each employer may be away together, of shape (employers,)."""
        staff = np.bincount(self.employers[self.employers != NOBODY])
        most: Ints = np.ceil(share * staff - ROUNDING).astype(np.int64)
        return most
