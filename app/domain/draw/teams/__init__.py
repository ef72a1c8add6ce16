"""Who goes: eligibility, the dealing of teams, its certificate, amendments and their replay."""
