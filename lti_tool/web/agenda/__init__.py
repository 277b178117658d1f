"""A person's work agendas: connecting them, what Klimop understood of them, and what else she wishes."""
