"""What a launch costs when it changes nothing but that somebody came in."""

from tests.benchmarks.asked import asked_by_launch
from tests.benchmarks.launching import Tool, within_process
from tests.lti_tool.web.world import MODULE, World


def test_a_launch_that_changes_nothing_takes_two_statements_and_no_network(world: World) -> None:
    klimop = Tool("Klimop", within_process(world.tool), world.lms("ku-leuven"))
    person = klimop.lms.person("11")
    klimop.launch(person, MODULE)
    asked = asked_by_launch(world.tool, klimop, person, MODULE)
    assert [
        statement.split()[:3] for statement in asked.statements if not statement.startswith("SELECT")
    ] == [
        ["INSERT", "INTO", "visit"],
    ]
    assert (len(asked.statements), asked.transactions, asked.connections) == (2, 1, 0)
