"""Whether a record holds: every check that a stranger makes, and the warnings beside them."""
