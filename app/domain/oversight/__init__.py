"""Oversight 监督: what each unit owed, did in time, did late or missed."""
