"""Frequency duties 频次义务: windows, what counts, what a draw owes, what was missed (mission/rules.md)."""
