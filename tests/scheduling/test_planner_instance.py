"""The planner on an instance of the size of a cohort: 25 managers, 12 weeks, 5 sessions."""

import numpy as np
import pytest

from scheduling.planner.goals import Goal
from scheduling.planner.plan import plan
from tests.scheduling.instances import INSTANCES, instance


@pytest.mark.skipif(not INSTANCES.exists(), reason="the instances lie beside the checkout")
def test_a_cohort_of_25_gets_two_sessions_each_and_every_step_is_proven() -> None:
    found = plan(instance(25, 5, 1), seconds=60, seed=1)
    attended = np.zeros(25, dtype=int)
    for groups in found.seats:
        attended[list(groups[0])] += 1
    assert attended.min() >= 2
    assert found.is_optimal
    assert {(step.goal, step.level): step.value for step in found.steps[:-1]} == {
        (Goal.WORST_SHORTFALL, 0): 3,
        (Goal.PEOPLE_SHORT, 3): 8,
        (Goal.PEOPLE_SHORT, 2): 19,
        (Goal.PEOPLE_SHORT, 1): 25,
        (Goal.ATTENDANCE, 0): 73,
        (Goal.TENTATIVE, 0): 0,
    }
