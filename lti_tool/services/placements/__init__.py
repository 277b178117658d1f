"""What teachers place in their courses, and where its links lead."""
