"""What an LMS tells of a course on its own: who is in it, and that it was copied."""
