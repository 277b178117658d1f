"""The best times for everyone: what is asked (`problem`), what is best (`goals`), `plan`, and `explain`."""
