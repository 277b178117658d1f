"""Live sessions: work agendas, plans, and the calendars that people subscribe to."""
