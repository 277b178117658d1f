"""The pages of a cohort's teachers."""
