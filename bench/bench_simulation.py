"""Ten years of a county, and a year's forecast, beside the same draws by `random.sample`.

The peer does what a script without rules would do: for each draw that was simulated it samples as many
premises and two officers for each. It knows no duties, tickets, qualifications or proofs; it is the floor of
the time that drawing itself takes.

    python -m bench.bench_simulation [--entities 1200] [--years 10]
"""

import argparse
import platform
import random
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.domain.simulation.chance import Chance
from app.domain.simulation.course import Setting, simulate
from app.domain.simulation.report import report
from app.domain.simulation.tally import Tally
from app.domain.simulation.weeks import forecast_weeks
from app.services.planning import simulating
from app.services.planning.simulating import Assumed

FIRST = date(2027, 1, 1)


def setting(years: int, *, still: bool) -> Setting:
    """The default policy for some years."""
    law = simulating.law_in_force(None, region=simulating.county_recipe().region, on=FIRST)
    working = simulating.working_years(range(2027, 2028 + years), simulating.known_years())
    return Setting(
        law=law,
        calendar=working.calendar,
        first=FIRST,
        last=date(2026 + years, 12, 31),
        course=simulating.course_of(Assumed(still=still)),
        chance=Chance("bench"),
    )


def sampled(tally: Tally, premises: int, officers: int) -> None:
    """The peer."""
    chance = random.Random(1)
    for draw in tally.draws:
        for _ in chance.sample(range(premises), min(draw.drawn, premises)):
            chance.sample(range(officers), 2)


def main() -> None:
    """Print one row for each."""
    parser = argparse.ArgumentParser(description="A simulation and a forecast.")
    parser.add_argument("--entities", type=int, default=1200)
    parser.add_argument("--years", type=int, default=10)
    given = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    print(
        f"{'what':<26}{'draws':>7}{'visits':>9}{'missed':>8}{'s':>8}{'limit, s':>10}{'random.sample, s':>18}"
    )
    for what, years, still, limit in (
        (f"simulate, {given.years} years", given.years, False, 60),
        ("forecast, 1 year", 1, True, 10),
    ):
        asked = setting(years, still=still)
        county = simulating.made_up_county(asked.chance, entities=given.entities, on=FIRST)
        facts = replace(county.facts, premises=list(county.facts.premises))
        begin = time.perf_counter()
        tally = simulate(facts, asked, windows=simulating.windows_of(asked.law))
        forecast_weeks(tally, units=county.units, first=asked.first, last=asked.last)
        found = report(tally, asked, facts.officers)
        took = time.perf_counter() - begin
        begin = time.perf_counter()
        sampled(tally, given.entities, len(facts.officers))
        peer = time.perf_counter() - begin
        row = f"{len(tally.draws):>7}{found.visits:>9}{found.missed:>8}{took:>8.1f}{limit:>10}{peer:>18.2f}"
        print(f"{what:<26}{row}")


if __name__ == "__main__":
    main()
