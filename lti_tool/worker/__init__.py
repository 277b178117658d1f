"""The worker: APScheduler wakes it; what there is to do are rows in the database."""
