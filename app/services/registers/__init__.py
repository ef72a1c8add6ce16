"""The registers 名录库: what lands in them, how it is read, and who changed it."""
