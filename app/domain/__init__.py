"""The rules, pure: no framework, no clock, no I/O and no randomness of their own."""
