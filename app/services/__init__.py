"""Use cases, one package per area."""
