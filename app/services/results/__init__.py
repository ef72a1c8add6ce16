"""Use cases of results: clocks, publications, public copies, the calendar of working days."""
