"""Oversight 监督: the league table and the list for criticism by name."""
