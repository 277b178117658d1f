"""Time, agendas, the planner and calendars: pure functions over values, free of Flask, LTI and the database."""
