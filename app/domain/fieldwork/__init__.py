"""Fieldwork 现场检查: visits, the records that officers make of them, and what follows from a record."""
