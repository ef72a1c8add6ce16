"""Wire forms only."""
