"""Appeals 申诉 against published results: who handles and decides them, by when, and what the public sees."""
