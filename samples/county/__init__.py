"""A made-up county: premises, inspectors and a year of history, from a seed."""

from samples.county.county import County, make_county

__all__ = ["County", "make_county"]
