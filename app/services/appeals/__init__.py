"""Appeals 申诉: filed by anybody, handled and decided by two officers, and what follows for the result."""
