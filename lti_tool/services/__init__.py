"""Use cases, named by verbs. They take `db` and `now`, and never commit: the edge owns the transaction."""
