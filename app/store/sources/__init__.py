"""Source systems in the database: sources, runs, records, pairs to decide, alarms."""
