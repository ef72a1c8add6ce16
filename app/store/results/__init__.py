"""Results in the database."""
