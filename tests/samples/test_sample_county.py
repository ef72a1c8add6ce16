"""The sample county: reproducible, accepted by the import, and large enough in people for its own draws."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import uscc

from app.adapters.tabular import read_rows
from app.domain.registers import (
    REGISTERS,
    Binding,
    EntityRow,
    Fault,
    InspectorRow,
    RowErrorCode,
    bind_headers,
    parse_rows,
)
from samples.county.holders import organisation_check
from samples.generate import TODAY, generate, main

FOLDER = Path(__file__).parents[2] / "samples"


def results(path: Path, name: str) -> Iterator[tuple[int, Any]]:
    """Read a register file: records and errors by row."""
    table = read_rows(path.read_bytes(), path.name)
    row, header = next(table)
    assert not isinstance(header, Fault)
    binding = bind_headers(header, REGISTERS[name], row_number=row)
    assert isinstance(binding, Binding)
    yield from ((error.row, [error]) for error in binding.unknown)
    yield from parse_rows(REGISTERS[name], binding, table)


def records(name: str) -> list[Any]:
    """Read a register of the checked-in county, which has no errors."""
    found = [record for _, record in results(FOLDER / f"{name}.csv", name)]
    assert not [record for record in found if isinstance(record, list)]
    return found


def test_the_checked_in_files_are_what_the_generator_makes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """CSV byte for byte; workbooks row by row, because compression differs between machines."""
    main(["--out", str(tmp_path)])
    assert "inspectors       64" in capsys.readouterr().out
    for made in sorted(tmp_path.glob("*.csv")):
        assert made.read_bytes() == (FOLDER / made.name).read_bytes(), made.name
    for made in sorted(tmp_path.glob("xlsx/*.xlsx")):
        kept = (FOLDER / "xlsx" / made.name).read_bytes()
        assert list(read_rows(made.read_bytes(), made.name)) == list(read_rows(kept, made.name)), made.name


def test_another_seed_or_day_is_another_county(tmp_path: Path) -> None:
    """The arguments matter."""
    generate(tmp_path / "seed", seed=7, entities=60)
    generate(tmp_path / "day", entities=60, today=date(2027, 3, 1))
    assert (tmp_path / "seed" / "entities.csv").read_bytes() != (
        tmp_path / "day" / "entities.csv"
    ).read_bytes()
    visits = [visit.on for _, visit in results(tmp_path / "day" / "visits.csv", "visits")]
    assert date(2027, 2, 1) < max(visits) < date(2027, 3, 1)


@pytest.mark.parametrize("name", REGISTERS)
def test_both_forms_of_each_register_are_accepted_and_say_the_same(name: str) -> None:
    """CSV and XLSX import to the same records, without an error."""
    assert [record for _, record in results(FOLDER / "xlsx" / f"{name}.xlsx", name)] == records(name)


def test_the_county_has_what_a_county_has() -> None:
    """About 1,200 premises of every kind, in several regimes, of one holder, without USCC, closed."""
    entities: list[EntityRow] = records("entities")
    regimes = Counter(len(regimes) for regimes in _regimes_by_premises(entities).values())
    assert 1150 <= regimes.total() <= 1250
    assert regimes[2] > 100
    assert regimes[3] > 0
    assert {row.subtype for row in entities} >= {
        "hotel",
        "ktv",
        "arcade",
        "pawn",
        "seal",
        "scrap",
        "repair",
        "key",
    }
    assert {row.status for row in entities} == {"operating", "suspended", "closed", "moved"}
    assert {row.level for row in entities if row.regime == "entertainment"} == {1, 2, 3}
    assert sum(row.premises > 1 for row in entities) > 10
    assert sum(row.uscc is None for row in entities) > 30
    inspectors: list[InspectorRow] = records("inspectors")
    assert Counter(row.agency for row in inspectors) == {"psb": 42, "fire": 14, "culture": 8}
    assert any(row.kind == "auxiliary" for row in inspectors)
    assert any(row.certificate_to < TODAY for row in inspectors)


def _regimes_by_premises(entities: list[EntityRow]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in entities:
        found.setdefault(row.entity_id, set()).add(row.regime)
    return found


def test_rows_refer_only_to_what_the_county_has() -> None:
    """Recusals, risk events and visits name known premises and inspectors."""
    entities = {row.entity_id for row in records("entities")}
    inspectors = {row.code for row in records("inspectors")}
    for name in ("recusals", "risk-events", "visits"):
        assert {row.entity for row in records(name)} <= entities
    assert {row.inspector for row in records("recusals")} <= inspectors
    assert {code for row in records("visits") for code in row.inspectors} <= inspectors


@pytest.mark.parametrize(
    ("regime", "agency"),
    [("entertainment", "psb"), ("special_industry", "psb"), ("internet_cafe", "psb"), ("fire_unit", "fire")],
)
def test_every_premises_has_inspectors_enough_for_its_draw(regime: str, agency: str) -> None:
    """At least four eligible officers, two of them leads, and caps for a quarter of all premises at once."""
    recused = {(row.inspector, row.entity) for row in records("recusals")}
    able = [
        row
        for row in records("inspectors")
        if row.agency == agency
        and row.training_to > TODAY
        and row.kind == "officer"
        and regime in row.regimes
        and row.certificate_to > TODAY
    ]
    premises = [row for row in records("entities") if row.regime == regime and row.status == "operating"]
    for entity in premises:
        eligible = [
            row
            for row in able
            if {entity.region, entity.station} & set(row.districts)
            and (row.code, entity.entity_id) not in recused
        ]
        assert len(eligible) >= 4
        assert sum(row.lead for row in eligible) >= 2
    assert sum(row.cap for row in able if row.lead) >= len(premises) / 4
    assert sum(row.cap for row in able) >= len(premises) / 2


def test_no_code_can_belong_to_anybody() -> None:
    """Each USCC passes GB 32100 while the organisation code inside it fails GB 11714."""
    # GB 11714's own worked example: the code D2143569-X.
    assert organisation_check("D2143569") == "X"
    codes = [row.uscc for row in records("entities") if row.uscc]
    assert all(uscc.is_valid(code) for code in codes)
    assert not [code for code in codes if organisation_check(code[8:16]) == code[16]]


def test_the_file_of_bad_rows_shows_every_mistake_an_entities_file_can_have() -> None:
    """Two good rows; each other row has its error, in the order of the file."""
    found = dict(results(FOLDER / "entities-bad-rows.csv", "entities"))
    codes = {error.code for errors in found.values() if isinstance(errors, list) for error in errors}
    of_other_files = {
        "broken-json",
        "missing-column",
        "duplicate-column",
        "bad-entity",
        "bad-place",
        "conflicting-codes",
        "date-order",
        # found when a row lands, on the day on which it does
        "in-the-future",
        "too-early",
    }
    assert codes == set(RowErrorCode) - of_other_files
    assert [row for row, record in found.items() if not isinstance(record, list)] == [2, 3]
    assert all(len(errors) == 1 for errors in found.values() if isinstance(errors, list))
