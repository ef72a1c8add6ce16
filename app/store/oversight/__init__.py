"""Oversight in the database: what was owed and when it was done."""
