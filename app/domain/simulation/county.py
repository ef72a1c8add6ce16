"""A made-up county: premises, inspectors and recusals from a seed, in the shares that its recipe names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.facts import DeclaredRecusal, Officer, Premises, Registration
from app.domain.freezing import RegisterFacts
from app.domain.simulation.chance import Chance
from app.domain.simulation.recipe import THOUSAND, CountyRecipe, PremisesKind, StaffUnit

_OLDEST_DAYS: Final = 6000
_CERTIFICATE_DAYS: Final = (30, 1800)
_OTHER: Final = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """The registers, and the unit 单位 of each inspector by code."""

    facts: RegisterFacts
    units: dict[str, str]


def make_county(recipe: CountyRecipe, chance: Chance, *, entities: int, on: date) -> County:
    """Make a county of about so many premises, as its registers stand on a day.

    Args:
        recipe: what it consists of.
        chance: the seed.
        entities: premises; each kind gets its share, rounded.
        on: the day; every registration is older.
    """
    premises = [
        _premises(recipe, chance, kind, f"sim:{number:05}-{n:05}", on=on)
        for number, kind in enumerate(recipe.kinds)
        for n in range(round(entities * kind.weight / sum(kind.weight for kind in recipe.kinds)))
    ]
    staff = [
        pair
        for number, unit in enumerate(recipe.units)
        for pair in _unit(recipe, chance, unit, number, on=on)
    ]
    officers = [officer for officer, _ in staff]
    facts = RegisterFacts(
        premises=premises,
        officers=officers,
        recusals=_recusals(recipe, chance, premises, officers),
    )
    return County(facts=facts, units={officer.code: unit for officer, unit in staff})


def _premises(
    recipe: CountyRecipe, chance: Chance, kind: PremisesKind, identity: str, *, on: date
) -> Premises:
    station = chance.weighted(recipe.stations, identity, "station")
    key = recipe.key_there if station in recipe.key_stations else recipe.key_elsewhere
    since = on - timedelta(days=chance.between(1, _OLDEST_DAYS, identity, "registered"))
    kinds = [(kind.regime, kind.subtype)]
    for also in kind.also:
        # A premises is a fire unit once, key or general: the first that applies.
        if also.regime not in {regime for regime, _ in kinds} and chance.happens(
            also.per_thousand / THOUSAND, identity, "also", also.regime, also.subtype
        ):
            kinds.append((also.regime, also.subtype))
    return Premises(
        id=identity,
        region=recipe.region,
        station=station,
        key_area=chance.happens(key / THOUSAND, identity, "key area"),
        registrations=tuple(
            Registration(
                regime=regime,
                subtype=subtype,
                level=chance.weighted(recipe.levels, identity, "level", regime)
                if regime in recipe.graded
                else None,
                registered_on=since,
                known_since=on,
            )
            for regime, subtype in kinds
        ),
    )


def _unit(
    recipe: CountyRecipe, chance: Chance, unit: StaffUnit, number: int, *, on: date
) -> Iterator[tuple[Officer, str]]:
    """Make the inspectors of a unit; those at stations serve their own, in later rounds also the next."""
    stations = [station for station, _ in recipe.stations]
    for n in range(unit.size):
        own = n % len(stations)
        beat = [stations[own]] if n < len(stations) else [stations[own], stations[(own + 1) % len(stations)]]
        code = f"u{number}-{n:02}"
        officer = Officer(
            code=code,
            region=recipe.region,
            kind="auxiliary" if n >= unit.size - unit.auxiliaries else "officer",
            agency=unit.agency,
            lead=n < unit.leads,
            certificate_to=on + timedelta(days=chance.between(*_CERTIFICATE_DAYS, code, "certificate")),
            regimes=unit.regimes,
            districts=tuple(beat) if unit.at_stations else (recipe.region,),
            cap=unit.cap,
        )
        yield officer, f"{unit.unit}{stations[own]}" if unit.at_stations else unit.unit


def _recusals(
    recipe: CountyRecipe, chance: Chance, premises: Sequence[Premises], officers: Sequence[Officer]
) -> list[DeclaredRecusal]:
    return [
        DeclaredRecusal(
            inspector=chance.one_of(officers, one.id, "recused from").code, entity=one.id, relation=_OTHER
        )
        for one in premises
        if chance.happens(recipe.recused / THOUSAND, one.id, "recused")
    ]
