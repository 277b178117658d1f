"""Coming in: from a verified launch to a visit, a person and her place in a cohort."""
