"""A county over years through the rules that the service draws by: draws, teams, visits, duties.

Nothing here draws by rules of its own: roster, tickets, duties, inspectors, freeze, selection and teams are
the functions that a real draw calls. Only what happens outside the service is made up: who closes, who is
away, whom nobody meets at the door. That comes from a seed, so the same seed gives the same years.
"""
