"""Importing a whole course: what writes across courses, rubrics, assignments and files."""
