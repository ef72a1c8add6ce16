"""Fieldwork 现场检查: visits opened, carried out at the door, recorded, and what followed from them."""
