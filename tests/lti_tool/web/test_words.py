"""Every kind of trouble has words of its own."""

from pathlib import Path

import pytest

from lti_tool.app import create_app
from lti_tool.lti.refusals import LaunchRefusedError, RefusalReason
from lti_tool.services.agendas.fetching import FetchFailure
from lti_tool.services.live.proposal import Impossible, Proposal
from lti_tool.settings import DEMO_SECRET, Settings
from lti_tool.web.agenda.words import agenda_words, problem_words
from lti_tool.web.refusals import explain
from lti_tool.web.words import impossible_words, step_rows
from scheduling.agenda import ProblemKind, UnreadableKind
from scheduling.planner.goals import Goal, Step
from scheduling.planner.problem import Rule


@pytest.fixture(scope="module", autouse=True)
def in_a_request(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder: Path = tmp_path_factory.mktemp("words")
    settings = Settings(
        secret_key=DEMO_SECRET,
        base_url="http://127.0.0.1:8000",
        database_url=f"sqlite:///{folder}/words.sqlite3",
        data_dir=folder,
        demo=True,
    )
    with create_app(settings).test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize("kind", [*FetchFailure, *UnreadableKind])
def test_each_failure_of_an_agenda_says_what_to_do(kind: FetchFailure | UnreadableKind) -> None:
    assert agenda_words(kind.value).count(".") >= 1


@pytest.mark.parametrize("kind", ProblemKind)
def test_each_problem_in_an_agenda_is_counted(kind: ProblemKind) -> None:
    assert "3" in problem_words({"kind": kind.value, "count": 3})


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_in_the_way_says_what_to_change(rule: Rule) -> None:
    assert impossible_words(Impossible(rule.value, session=0, needed=5, found=2))


@pytest.mark.parametrize("goal", Goal)
def test_each_aim_of_a_plan_has_a_name(goal: Goal) -> None:
    proposal = Proposal(sessions=(), steps=(Step(goal, 1, 3, 4),), learners=5, without_agenda=0)
    [[aim, value, bound]] = step_rows(proposal)
    assert (bool(aim), value, bound) == (True, "3", "4")


@pytest.mark.parametrize("reason", RefusalReason)
def test_each_refused_launch_has_a_title_a_text_and_a_status(reason: RefusalReason) -> None:
    refusal = explain(LaunchRefusedError(reason))
    assert refusal.title
    assert refusal.text
    assert refusal.status in (400, 502)
