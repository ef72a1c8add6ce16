"""The published vectors of DR1 for teams and amendments, byte for byte."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.domain.draw.basics.digest import Alg, hasher
from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.entropy import CeremonyEntropy, Source
from app.domain.draw.teams.amendments import Amendment, amendment_beacons, parse_amendment
from app.domain.draw.teams.certificate import check_certificate
from app.domain.draw.teams.replay import Replay
from app.domain.draw.teams.teams import Deal, Seat, deal, deal_secret

VECTORS = Path(__file__).parents[3] / "vectors"
RECORDS = ("record-audit", "record-audit-infeasible", "record-amended-sm3")


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every vector that has teams."""
    for name in ("worked-sha256", "worked-sm3"):
        yield name, read(VECTORS / f"{name}.json")
    for name in ("random-ample", "random-tight", "random-scarce", "amended"):
        for number, case in enumerate(read(VECTORS / f"{name}.json")):
            yield f"{name}-{number}", case
    yield from read(VECTORS / "special.json").items()


def read(path: Path) -> Any:
    """Read a JSON file, or the lines of an NDJSON file."""
    if path.suffix == ".ndjson":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return json.loads(path.read_text(encoding="utf-8"))


def material(case: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a deal is made from."""
    alg: Alg = case["alg"]
    h = hasher(alg)
    needs = {line["id"]: tuple(line["needs"]) for line in case["roster"]}
    return {
        "drawn": [(row["id"], needs[row["id"]]) for row in case["selection"]],
        "slots": [tuple(tags) for tags in json.loads(case["plan_jcs"])["slots"]],
        "inspectors": [Inspector(i["id"], i["cap"], tuple(i["tags"])) for i in case["inspectors"]],
        "recusals": [Recusal(*pair) for pair in case["recusals"]],
        "a": deal_secret(case["D"], case["secret"], h),
        "h": h,
    }


def record(name: str) -> dict[str, Any]:
    """Give a record in the shape of a case; D comes from its plan and its random value."""
    folder = VECTORS / name
    plan = folder / "plan.json"
    alg: Alg = read(plan)["alg"]
    h = hasher(alg)
    entropy = read(folder / "entropy.json")
    given = json.dumps(entropy.get("values"), separators=(",", ":"), sort_keys=True)
    beacon = entropy["randomness"] if entropy["kind"] == "drand" else h(given)
    shortage = folder / "shortage.json"
    return {
        "alg": alg,
        "secret": read(folder / "secret.json")["secret"],
        "plan_jcs": plan.read_text(encoding="utf-8"),
        "D": h(f"dr1|draw|{h(plan.read_text(encoding='utf-8'))}|{beacon}"),
        "roster": read(folder / "identities.ndjson"),
        "selection": read(folder / "selection.ndjson"),
        "inspectors": read(folder / "inspectors.ndjson"),
        "recusals": [(row["inspector"], row["entity"]) for row in read(folder / "recusals.ndjson")],
        "teams": read(folder / "teams.ndjson"),
        "shortage": read(shortage) if shortage.exists() else None,
    }


def shown(found: Deal) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Give a deal as a record's files have it."""
    if found.shortage is None:
        return rows(found.teams), None
    return rows(found.teams), {
        "short": [list(slot) for slot in found.shortage.short],
        "slots": [list(slot) for slot in found.shortage.slots],
        "inspectors": list(found.shortage.inspectors),
    }


def rows(teams: tuple[Seat, ...]) -> list[dict[str, Any]]:
    """Give seats as `teams.ndjson` has them."""
    return [{"entity": seat.entity, "slot": seat.slot, "inspector": seat.inspector} for seat in teams]


def beacons(alg: Alg, amendments: list[Amendment]) -> Iterator[str]:
    """Give B_n of each amendment of a ceremony."""
    declared = CeremonyEntropy((Source("dice-1", "digits:20"),))
    return amendment_beacons(amendments, declared=declared, alg=alg, bls=lambda *_: False)


@pytest.mark.parametrize(("name", "case"), [*cases(), *((name, record(name)) for name in RECORDS)])
def test_deals_equal_the_vectors(name: str, case: dict[str, Any]) -> None:
    """A, teams and certificate; the certificate checks out by itself."""
    made = material(case)
    assert case.get("A", made["a"]) == made["a"], name
    found = deal(**made)
    assert shown(found) == (case["teams"], case["shortage"])
    check_certificate(**made, teams=found.teams, shortage=found.shortage)


@pytest.mark.parametrize("case", read(VECTORS / "amended.json"))
def test_amendments_equal_the_vectors_after_each(case: dict[str, Any]) -> None:
    """Recuse, recuse, withdraw, lend, in both algorithms: teams and empty slots after each."""
    made = material(case)
    replay = Replay(
        **made, dealt=deal(**made).teams, entities=frozenset(line["id"] for line in case["roster"])
    )
    amendments = [parse_amendment(value) for value in case["amendments"]]
    steps = zip(amendments, beacons(case["alg"], amendments), case["after_each"], strict=True)
    for amendment, beacon, after in steps:
        replay.amend(amendment, beacon=beacon)
        assert rows(replay.teams()) == after["teams"]
        assert [list(slot) for slot in replay.short()] == after["short"]


def test_the_amended_record_ends_in_its_final_teams() -> None:
    """`teams-final.ndjson` follows from `teams.ndjson` and `amendments.ndjson`."""
    case = record("record-amended-sm3")
    folder = VECTORS / "record-amended-sm3"
    made = material(case)
    amendments = [parse_amendment(value) for value in read(folder / "amendments.ndjson")]
    replay = Replay(
        **made,
        dealt=[Seat(**row) for row in case["teams"]],
        entities=frozenset(line["id"] for line in case["roster"]),
    )
    for amendment, beacon in zip(amendments, beacons(case["alg"], amendments), strict=True):
        replay.amend(amendment, beacon=beacon)
    assert rows(replay.teams()) == read(folder / "teams-final.ndjson")
    assert rows(replay.teams()) != case["teams"]
