"""The pages of a module's learners."""
