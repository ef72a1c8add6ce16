"""Forgeries that only an audit shows: of secret, inspectors, recusals, teams and amendments."""

import json
from collections.abc import Callable
from typing import Any

from tests.domain.draw.forgery import (
    ZEROS,
    Files,
    Forgery,
    add,
    drop,
    edit,
    edit_json,
    flip,
    flipped,
    in_plan,
    plan_with,
    recommit,
    reseal,
    rows,
    sample,
    set_in,
    swap,
)


def foreign_seed(files: Files) -> None:
    """An E searched for instead of derived from the secret, in a draw that is consistent otherwise."""
    edit("lines.ndjson", flip(5, "E"))(files)
    recommit(files)


def foreign_opening(files: Files) -> None:
    """An N that does not follow from the secret, sealed before the commitment."""
    identities = rows(files, "identities.ndjson")
    reseal(files, 5, N=flipped(identities[5]["N"]))
    recommit(files)


def unknown_inspector(files: Files) -> None:
    """A recusal of an inspector whom nobody knows, committed."""
    edit("recusals.ndjson", lambda v: v[-1].update(inspector="P999"))(files)
    recommit(files)


def unknown_entity(files: Files) -> None:
    """A recusal of an entity that nobody knows, committed."""
    edit("recusals.ndjson", lambda v: v[-1].update(entity="龥无此店"))(files)
    recommit(files)


def someone_else(values: list[Any]) -> None:
    """Another inspector, who is not on this team, takes a place."""
    team = {row["inspector"] for row in values if row["entity"] == values[0]["entity"]}
    values[0]["inspector"] = next(f"P{n:03d}" for n in range(26) if f"P{n:03d}" not in team)


def exchange(values: list[Any]) -> None:
    """Two inspectors of different teams trade places."""
    other = next(row for row in values if row["entity"] != values[0]["entity"])
    values[0]["inspector"], other["inspector"] = other["inspector"], values[0]["inspector"]


STAFF: dict[str, Forgery] = {
    "secret: another": Forgery(
        "audit", edit_json("secret.json", lambda v: v.update(secret=ZEROS)), ("secret",)
    ),
    "plan: another secret": Forgery("audit", plan_with(secret_commit=ZEROS), ("selection", "secret")),
    "secret: a seed that does not follow": Forgery("audit", foreign_seed, ("secret",)),
    "secret: an opening that does not follow": Forgery("audit", foreign_opening, ("secret",)),
    "inspectors: another cap": Forgery("audit", edit("inspectors.ndjson", set_in(0, cap=9)), ("inspectors",)),
    "inspectors: a tag less": Forgery(
        "audit", edit("inspectors.ndjson", lambda v: v[0]["tags"].pop()), ("inspectors",)
    ),
    "inspectors: one more": Forgery(
        "audit",
        edit("inspectors.ndjson", lambda v: v.append({"id": "P999", "cap": 1, "tags": []})),
        ("inspectors",),
    ),
    "inspectors: one left out": Forgery(
        "audit", edit("inspectors.ndjson", lambda v: v.pop(0)), ("inspectors",)
    ),
    "plan: another root of the inspectors": Forgery(
        "audit", in_plan(lambda plan: plan["inspectors"].update(root=ZEROS)), ("selection", "inspectors")
    ),
    "inspectors: one left out who is recused": Forgery(
        "audit", edit("inspectors.ndjson", lambda v: v.pop(2)), ("inspectors", "recusals")
    ),
    "recusals: one left out": Forgery("audit", edit("recusals.ndjson", lambda v: v.pop()), ("recusals",)),
    "recusals: one invented": Forgery(
        "audit",
        edit("recusals.ndjson", lambda v: v.insert(0, {"inspector": "P000", "entity": "91410928MA00000294"})),
        ("recusals",),
    ),
    "recusals: another entity": Forgery(
        "audit", edit("recusals.ndjson", set_in(0, entity="91410928MA0000026F")), ("recusals",)
    ),
    "recusals: of an unknown inspector": Forgery("audit", unknown_inspector, ("recusals",)),
    "recusals: of an unknown entity": Forgery("audit", unknown_entity, ("recusals",)),
    "teams: someone else": Forgery("audit", edit("teams.ndjson", someone_else), ("teams",)),
    "teams: two exchanged": Forgery("audit", edit("teams.ndjson", exchange), ("teams",)),
    "teams: a place emptied": Forgery("audit", edit("teams.ndjson", lambda v: v.pop()), ("teams",)),
    "teams: a fourth place": Forgery(
        "audit", edit("teams.ndjson", lambda v: v.append({**v[-1], "slot": 3})), ("teams",)
    ),
    "teams: lines swapped": Forgery("audit", edit("teams.ndjson", lambda v: swap(v, 2, 3)), ("teams",)),
    "teams: places swapped": Forgery("audit", edit("teams.ndjson", lambda v: swap(v, 0, 1)), ("teams",)),
    "teams: an unknown inspector": Forgery(
        "audit", edit("teams.ndjson", set_in(0, inspector="P999")), ("teams",)
    ),
    "shortage: invented": Forgery(
        "audit", add("shortage.json", b'{"short":[],"slots":[],"inspectors":[]}'), ("teams",)
    ),
    "shortage: concealed": Forgery("audit-infeasible", drop("shortage.json"), ("teams",)),
    "shortage: one short less": Forgery(
        "audit-infeasible", edit_json("shortage.json", lambda v: v["short"].pop()), ("teams",)
    ),
    "shortage: another order": Forgery(
        "audit-infeasible", edit_json("shortage.json", lambda v: swap(v["short"], 0, 1)), ("teams",)
    ),
    "shortage: one slot less": Forgery(
        "audit-infeasible", edit_json("shortage.json", lambda v: v["slots"].pop()), ("teams",)
    ),
    "shortage: one inspector less": Forgery(
        "audit-infeasible", edit_json("shortage.json", lambda v: v["inspectors"].pop()), ("teams",)
    ),
    "shortage: one inspector more": Forgery(
        "audit-infeasible", edit_json("shortage.json", lambda v: v["inspectors"].append("P999")), ("teams",)
    ),
    "teams: an empty place filled": Forgery(
        "audit-infeasible",
        edit("teams.ndjson", lambda v: v.insert(0, {**v[0], "slot": 0, "inspector": "P001"})),
        ("teams",),
    ),
}


def value(row: int, text: str, *, source: str = "amendment") -> Callable[[Files], None]:
    """Another throw for an amendment."""
    given = {"kind": "ceremony", "values": [{"source": source, "value": text}]}
    return edit("amendments.ndjson", set_in(row, entropy=given))


def without_the_second(values: list[Any]) -> None:
    """A recusal disappears, and the numbers close up."""
    del values[1]
    for n, amendment in enumerate(values, start=1):
        amendment["n"] = n


AMENDED: dict[str, Forgery] = {
    name: Forgery("amended-sm3", forge, ("amendments",))
    for name, forge in {
        "amendments: 19 digits": value(0, "6481373513343393402"),
        "amendments: 65 digits": value(0, "1" * 65),
        "amendments: letters": value(0, "abcdefghijabcdefghij"),
        "amendments: another source": value(0, "64813735133433934022", source="dice-1"),
        "amendments: another kind": edit(
            "amendments.ndjson",
            lambda v: v[0].update(entropy=json.loads(sample("audit-infeasible")["entropy.json"])),
        ),
        "amendments: an unknown inspector": edit("amendments.ndjson", set_in(2, inspector="P999")),
        "amendments: an unknown entity": edit("amendments.ndjson", set_in(0, entity="无此店")),
        "amendments: a visit that nobody drew": edit(
            "amendments.ndjson", set_in(3, started=["东区000", "东区005", "中区029"])
        ),
        "amendments: an inspector lent twice": edit(
            "amendments.ndjson", lambda v: v[3]["inspectors"][0].update(id="P000")
        ),
        "amendments: one left out": edit("amendments.ndjson", without_the_second),
        "final teams: someone else": edit("teams-final.ndjson", someone_else),
        "final teams: two exchanged": edit("teams-final.ndjson", exchange),
        "final teams: a place emptied": edit("teams-final.ndjson", lambda v: v.pop()),
        "final teams: lines swapped": edit("teams-final.ndjson", lambda v: swap(v, 0, 2)),
        "final teams: those of the deal": lambda files: files.update(
            {"teams-final.ndjson": files["teams.ndjson"]}
        ),
    }.items()
} | {
    "teams: those after the amendments": Forgery(
        "amended-sm3", lambda files: files.update({"teams.ndjson": files["teams-final.ndjson"]}), ("teams",)
    ),
}
