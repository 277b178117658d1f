"""Marks on their way to the gradebooks of LMSs, and the columns that they go to."""
