"""What units 单位 are called: regions by GB/T 2260, stations by the units of their own officers."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.adapters.region_names import region_name
from app.services.context import Look
from app.store.oversight.stations import station_names


@dataclass(frozen=True, slots=True)
class UnitNames:
    """The names of stations, by region and station code."""

    stations: Mapping[tuple[str, str], str]

    def region(self, region: str) -> str | None:
        """The name of a region; None where GB/T 2260 has none."""
        return region_name(region)

    def station(self, region: str, station: str) -> str | None:
        """The name of a station 派出所; None where none of its officers says it."""
        return self.stations.get((region, station))


def unit_names(look: Look, region: str) -> UnitNames:
    """The names of the units within a region prefix."""
    return UnitNames(station_names(look.connection, region=region))
