"""Visits and what was found at them, in the database."""
