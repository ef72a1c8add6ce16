"""Suspected grounds for recusal 疑似回避, found by comparing registers: somebody confirms them or does not.

An officer who bears the name of a premises' legal representative 法定代表人 may be the same person, and one
posted at the premises' police station may be the officer in charge there 管片 (行政处罚法 art. 43; the latter
by the bureau's own choice). Neither excludes anybody before a person has looked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.domain.eligibility import Place, serves
from app.domain.regions import covers

SAME_NAME: Final = "same-name"
STATION_OFFICER: Final = "station-officer"
GROUNDS: Final = (SAME_NAME, STATION_OFFICER)

CONFIRMED_AS: Final = "station_officer"
"""The relation that a confirmed station officer has; of a same name the person who confirms it says which."""

PASSED_OVER: Final = " ·•・"
"""Characters of a name that registers write or leave out as they like."""

KIN: Final = frozenset({"self", "spouse", "lineal", "collateral", "in_law"})
"""Relations that may not run an entertainment venue, officers of `KIN_AGENCIES` themselves included."""

KIN_AGENCIES: Final = frozenset({"psb", "culture"})
KIN_REGIME: Final = "entertainment"
"""娱乐场所管理条例 art. 4: neither staff of public security and culture nor their kin run such venues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """An officer of whom something may be found.

    Attributes:
        id: of the row.
        name: as registered.
        home: the region of the record.
        lent_to: regions of approved assignments that are not over.
        station: where posted, if at a police station.
        districts: as registered.
    """

    id: str
    name: str
    home: str
    lent_to: tuple[str, ...] = ()
    station: str | None = None
    districts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented:
    """A premises and who represents it."""

    id: str
    region: str
    legal_rep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """Something found: of one entity, or of every premises at a station.

    Attributes:
        inspector: id of the officer's row.
        ground: `same-name` or `station-officer`.
        region: of the premises or the station.
        entity: id of the entity's row.
        station: the station.
        matched: what agreed: the name, or region and station.
    """

    inspector: str
    ground: str
    region: str
    entity: str | None = None
    station: str | None = None
    matched: str

    @property
    def key(self) -> str:
        """What makes two findings the same."""
        return "\t".join((self.inspector, self.ground, self.entity or "", self.matched))


def plain_name(name: str) -> str:
    """Give a name without what registers write or leave out as they like."""
    return name.translate(dict.fromkeys(map(ord, PASSED_OVER)))


def same_names(suspects: Iterable[Suspect], premises: Iterable[Represented]) -> Iterator[Suspicion]:
    """Find officers with the name of the legal representative of a premises where they could be sent."""
    by_name: dict[str, list[Suspect]] = defaultdict(list)
    for suspect in suspects:
        by_name[plain_name(suspect.name)].append(suspect)
    for one in premises:
        name = plain_name(one.legal_rep)
        for suspect in by_name.get(name, ()):
            if any(covers(region, one.region) for region in (suspect.home, *suspect.lent_to)):
                yield Suspicion(
                    inspector=suspect.id, ground=SAME_NAME, region=one.region, entity=one.id, matched=name
                )


def station_officers(suspects: Iterable[Suspect], places: Iterable[Place]) -> Iterator[Suspicion]:
    """Find officers posted at a station that has premises, within their districts."""
    stations: dict[str, list[str]] = defaultdict(list)
    for region, station in places:
        if station is not None:
            stations[station].append(region)
    for suspect in suspects:
        for region in stations.get(suspect.station or "", ()):
            if serves((region, suspect.station), home=suspect.home, districts=suspect.districts):
                yield Suspicion(
                    inspector=suspect.id,
                    ground=STATION_OFFICER,
                    region=region,
                    station=suspect.station,
                    matched=f"{region}{suspect.station}",
                )
