"""Time, agendas, the planner and calendars: pure functions, free of Flask, LTI and the database."""
