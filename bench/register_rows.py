"""Made-up register rows for benchmarks: premises of four regimes, one in five in two of them."""

from collections.abc import Iterator

from stdnum.cn import uscc

from app.domain.registers import ENTITIES, EntityRow, headers, row_cells

_KINDS = (
    ("entertainment", "ktv"),
    ("special_industry", "hotel"),
    ("fire_unit", "general"),
    ("internet_cafe", None),
)
_SECOND_EVERY = 5
STATIONS = 12


def entity_rows(count: int) -> Iterator[EntityRow]:
    """So many registrations."""
    made = number = 0
    while made < count:
        number += 1
        body = f"91410928{number:09d}"
        code = body + uscc.calc_check_digit(body)
        for turn in range(2 if number % _SECOND_EVERY == 0 else 1):
            if made < count:
                made += 1
                yield _row(number, code, *_KINDS[(number + turn) % len(_KINDS)])


def _row(number: int, code: str, regime: str, subtype: str | None) -> EntityRow:
    return EntityRow(
        uscc=code,
        premises=1,
        source=None,
        source_key=None,
        name=f"样例场所{number}有限公司",
        regime=regime,
        subtype=subtype,
        level=number % 3 + 1,
        status="operating",
        address=f"某县某镇某路{number % 997}号",
        region="410928",
        station=f"{number % STATIONS + 1:03d}",
        legal_rep="某某某",
        licence_no=f"证字第{number:07d}号",
        licence_to=None,
        registered_on=None,
        key_area=number % 9 == 0,
    )


def entity_csv(count: int) -> bytes:
    """The same as a CSV file with English headers."""
    lines = [",".join(headers(ENTITIES, "en"))]
    lines += [
        ",".join("" if cell is None else str(cell) for cell in row_cells(ENTITIES, row, "en"))
        for row in entity_rows(count)
    ]
    return "\n".join(lines).encode()
