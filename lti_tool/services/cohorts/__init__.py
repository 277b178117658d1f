"""Cohorts: started, arranged, followed and ended."""
