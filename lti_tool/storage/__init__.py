"""The database: tables, the queries that turn rows into values, and migrations."""
