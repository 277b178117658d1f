"""Modules, activities, quizzes and progress rules: pure functions over values."""
