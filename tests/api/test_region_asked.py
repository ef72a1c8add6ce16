"""A question that names a region outside the caller's is answered alike everywhere: 404 (spec/api.md)."""

from app.services.access import create_key
from tests.api.journey import Journey

NOVEMBER = "from=2026-11&to=2026-11"
ASKED = (
    "/v1/duties?",
    "/v1/duties/forecast?year=2026&",
    "/v1/duties/forecast.svg?year=2026&",
    "/v1/reports/visits-per-entity?year=2026&",
    "/v1/exports/visits-per-entity.csv?year=2026&",
    "/v1/statistics?",
    "/v1/statistics/single-random?year=2026&",
    f"/v1/league-table?{NOVEMBER}&",
    f"/v1/league-table.xlsx?{NOVEMBER}&",
    f"/v1/league-table/rows?{NOVEMBER}&kind=visit&",
    f"/v1/league-table/criticism?{NOVEMBER}&",
    "/v1/calendar?",
    "/v1/calendar/ad-hoc?",
    "/v1/entities?",
    "/v1/exports/entities.csv?",
)


def test_an_unseen_jurisdiction_is_not_found(journey: Journey) -> None:
    """A sister county, another province, and the city above, of which a county sees only a part."""
    house = journey.client.app.state.house  # type: ignore[attr-defined]  # the application, not any ASGI callable
    with house.database.unit_of_work() as session:
        journey.keys["city"], _ = create_key(
            session, new_id=house.new_id(), role="supervisor", region="410900", name="city", now=house.clock()
        )

    def statuses(who: str, *regions: str) -> dict[tuple[str, str], int]:
        return {
            (path, region): journey.call(who, "GET", f"{path}region={region}").status_code
            for path in ASKED
            for region in regions
        }

    for who, inside, outside in (
        ("supervisor", ("410928",), ("410922", "3201", "4109", "410900", "41")),
        ("city", ("410928", "410922", "4109", "410900"), ("41", "320102")),
    ):
        seen, unseen = statuses(who, *inside), statuses(who, *outside)
        assert seen == dict.fromkeys(seen, 200)
        assert unseen == dict.fromkeys(unseen, 404)
    for path in ASKED:
        told = journey.call("supervisor", "GET", f"{path}region=410922").json()
        assert told["type"] == "/problems/not-found"
