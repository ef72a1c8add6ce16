"""The county's inspectors, and with whom they may not deal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.domain.registers import EntityRow, InspectorRow, RecusalRow
from samples.county.words import REGION, STATIONS, person

_CODE_ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: so many inspectors, of whom the first `leads` may lead and the last `auxiliaries` only help."""

    agency: str
    name: str
    size: int
    leads: int
    auxiliaries: int
    regimes: tuple[str, ...]
    cap: int


_UNITS = (
    Unit("psb", "治安管理大队", 14, 7, 1, ("entertainment", "special_industry"), 30),
    Unit("psb", "网络安全保卫大队", 8, 4, 1, ("internet_cafe",), 20),
    Unit("fire", "消防救援大队", 14, 7, 2, ("fire_unit",), 40),
    Unit("culture", "文化市场综合执法大队", 8, 4, 0, ("entertainment", "internet_cafe"), 15),
)
_AT_STATIONS = 20
_STATION_REGIMES = ("entertainment", "special_industry", "internet_cafe")


_RELATIONS = ("spouse", "lineal", "collateral", "in_law", "interest", "former_employment", "other")


def make_inspectors(rng: Random, *, today: date) -> list[InspectorRow]:
    """Make 64 inspectors of three agencies: county brigades, and officers of the twelve police stations."""
    codes = _codes(rng)
    rows = [row for unit in _UNITS for row in _brigade(rng, unit, codes, today=today)]
    stations = tuple(STATIONS)
    for n in range(_AT_STATIONS):
        own = stations[n % len(stations)]
        town = f"{STATIONS[own]}派出所"
        unit = Unit("psb", town, size=1, leads=int(n < 12), auxiliaries=0, regimes=_STATION_REGIMES, cap=10)
        # The second officer of a station also serves the next one.
        beat = (own,) if n < len(stations) else (own, stations[(n + 1) % len(stations)])
        rows += _brigade(rng, unit, codes, today=today, station=own, districts=beat)
    return rows


def _codes(rng: Random) -> Iterator[str]:
    given: set[str] = set()
    while True:
        code = "".join(rng.choice(_CODE_ALPHABET) for _ in range(7))
        if code not in given:
            given.add(code)
            yield code


def _brigade(
    rng: Random,
    unit: Unit,
    codes: Iterator[str],
    *,
    today: date,
    station: str | None = None,
    districts: tuple[str, ...] = (REGION,),
) -> Iterator[InspectorRow]:
    for n in range(unit.size):
        # The member before the auxiliaries lets the certificate lapse, the one before that the training.
        place_from_end = unit.size - unit.auxiliaries - n
        lapsed = unit.size > 1 and place_from_end == 1
        untrained = unit.size > 1 and place_from_end == 2
        yield InspectorRow(
            code=next(codes),
            name=person(rng),
            certificate_no=f"示例-{unit.agency.upper()}-{rng.randint(1, 999999):06d}",
            certificate_to=_day(rng, today, years=-1 if lapsed else rng.randint(5, 9)),
            kind="auxiliary" if n >= unit.size - unit.auxiliaries else "officer",
            agency=unit.agency,
            unit=unit.name,
            station=station,
            lead=n < unit.leads,
            regimes=unit.regimes,
            districts=districts,
            cap=unit.cap,
            training_to=_day(rng, today, years=-1 if untrained else rng.randint(5, 9)),
        )


def _day(rng: Random, today: date, *, years: int) -> date:
    return today + timedelta(days=365 * years + rng.randint(0, 300))


def make_recusals(
    rng: Random, inspectors: list[InspectorRow], entities: list[EntityRow], *, today: date
) -> list[RecusalRow]:
    """Make grounds for recusal: at most one at each premises, so that none runs short of inspectors."""
    premises = sorted({row.entity_id for row in entities})
    rows = []
    chosen = rng.sample(premises, min(30, len(premises)))
    for entity, inspector in zip(chosen, rng.choices(inspectors, k=len(chosen)), strict=True):
        relation = rng.choice(_RELATIONS)
        left = relation == "former_employment"
        rows.append(
            RecusalRow(
                inspector=inspector.code,
                entity=entity,
                relation=relation,
                starts_on=today - timedelta(days=rng.randint(30, 900)),
                ends_on=today + timedelta(days=rng.randint(60, 700)) if left else None,
            )
        )
    return rows + _station_officers(rng, inspectors, entities, taken={row.entity for row in rows})


def _station_officers(
    rng: Random, inspectors: list[InspectorRow], entities: list[EntityRow], *, taken: set[str]
) -> list[RecusalRow]:
    """The officer who looks after a venue day by day does not inspect it."""
    rows = []
    for inspector in (row for row in inspectors if row.station):
        venues = sorted({row.entity_id for row in entities if row.station == inspector.station} - taken)
        for entity in rng.sample(venues, min(1, len(venues))):
            taken.add(entity)
            rows.append(
                RecusalRow(
                    inspector=inspector.code,
                    entity=entity,
                    relation="station_officer",
                    starts_on=None,
                    ends_on=None,
                )
            )
    return rows
