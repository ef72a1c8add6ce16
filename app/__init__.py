"""Double Random: random administrative inspections 双随机、一公开, as a REST service."""
