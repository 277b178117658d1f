"""LTI 1.3 over PyLTI1p3: logins, launches, keys and platform services; free of Flask and the database."""
