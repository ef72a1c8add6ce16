"""DR1, a draw that anyone can check: a pure function of registers, plan, secret and public randomness.

Only the standard library is imported: whoever doubts a draw can lift this package out whole and read it.
"""
