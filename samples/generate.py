"""Make the sample county anew: `python samples/generate.py [--seed N] [--entities N] [--today DAY]`.

The same arguments give the same files. Nothing in them is real: see README.md.
"""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from app.adapters.tabular import write_csv, write_xlsx
from app.domain.registers import REGISTERS, headers, row_cells
from app.domain.registers.render import Language
from samples.county import make_county
from samples.county.bad_rows import bad_rows

SEED = 20261101
ENTITIES = 1200
TODAY = date(2026, 11, 1)

_LANGUAGES: dict[str, Language] = {
    "entities": "zh",
    "inspectors": "zh",
    "recusals": "en",
    "risk-events": "en",
    "visits": "zh",
    "credit-classes": "zh",
}


def generate(out: Path, *, seed: int = SEED, entities: int = ENTITIES, today: date = TODAY) -> dict[str, int]:
    """Write the county's files into a folder; give the number of rows by register."""
    (out / "xlsx").mkdir(parents=True, exist_ok=True)
    county = make_county(seed=seed, entities=entities, today=today).registers()
    for name, records in county.items():
        register, language = REGISTERS[name], _LANGUAGES[name]
        header = headers(register, language)
        rows = [row_cells(register, record, language) for record in records]
        (out / f"{name}.csv").write_bytes(b"".join(write_csv(header, rows)))
        with (out / "xlsx" / f"{name}.xlsx").open("wb") as workbook:
            write_xlsx(workbook, header, rows, sheet=register.zh)
    (out / "entities-bad-rows.csv").write_bytes(b"".join(write_csv(*bad_rows())))
    return {name: len(records) for name, records in county.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="make the sample county")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--entities", type=int, default=ENTITIES, help="about how many premises")
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY, help="the day the history ends")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    asked = parser.parse_args(arguments)
    written = generate(asked.out, seed=asked.seed, entities=asked.entities, today=asked.today)
    for name, rows in written.items():
        print(f"{name:12} {rows:6}")


if __name__ == "__main__":
    main()
