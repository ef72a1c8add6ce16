"""Forgeries of what was frozen and committed: they fail at `plan`, `lines`, `ids` or `identities`."""

import json

from tests.domain.draw.forgery import (
    ZEROS,
    Files,
    Forgery,
    Rows,
    edit,
    flip,
    in_plan,
    plan_with,
    put,
    raw,
    recommit,
    reseal,
    rows,
    sample,
    set_in,
    swap,
    undrawn,
)

PLAN: dict[str, Forgery] = {
    name: Forgery("audit", forge, ("plan",))
    for name, forge in {
        "plan: a final LF": raw("plan.json", lambda b: b + b"\n"),
        "plan: spaces": raw("plan.json", lambda b: json.dumps(json.loads(b)).encode()),
        "plan: another order": raw(
            "plan.json", lambda b: b[:-1].replace(b'{"alg":"sha256",', b"{", 1) + b',"alg":"sha256"}'
        ),
        "plan: an escape": raw("plan.json", lambda b: b.replace(b'"dr1"', b'"dr\\u0031"')),
        "plan: an array": raw("plan.json", lambda b: b"[" + b + b"]"),
        "plan: a text": raw("plan.json", lambda _: b'"dr1"'),
        "plan: an unknown member": plan_with(note="x"),
        "plan: a missing member": in_plan(lambda plan: plan.pop("policy")),
        "plan: v dr2": plan_with(v="dr2"),
        "plan: alg md5": plan_with(alg="md5"),
        "plan: seq 0": plan_with(seq=0),
        "plan: seq true": plan_with(seq=True),
        "plan: prev of the first": plan_with(prev=ZEROS),
        "plan: no prev of the second": plan_with(seq=2),
        "plan: item without a region": plan_with(item="psb.check"),
        "plan: period with a space": plan_with(period="2026 11"),
        "plan: a month 13": plan_with(reveal_by="2026-13-01"),
        "plan: a day of another form": plan_with(reveal_by="20261231"),
        "plan: 17 slots": plan_with(slots=[[]] * 17),
        "plan: slot tags unsorted": plan_with(slots=[["b", "a"]]),
        "plan: more drawn than there are": in_plan(lambda plan: plan["strata"][0].update(rate=[2, 1])),
        "plan: rate over zero": in_plan(lambda plan: plan["strata"][0].update(rate=[0, 0])),
        "plan: rate q 10001": in_plan(lambda plan: plan["strata"][0].update(rate=[1, 10001])),
        "plan: min 1000001": in_plan(lambda plan: plan["strata"][0].update(min=1_000_001)),
        "plan: surprise null": in_plan(lambda plan: plan["strata"][0].update(surprise=None)),
        "plan: strata unsorted": in_plan(lambda plan: plan["strata"].reverse()),
        "plan: a stratum twice": in_plan(lambda plan: plan["strata"].insert(0, plan["strata"][0])),
        "plan: a stratum without lines": in_plan(
            lambda plan: plan["strata"].append({"name": "zzz", "rate": [1, 2], "min": 0, "surprise": 0})
        ),
        "plan: a stratum left out": in_plan(lambda plan: plan["strata"].pop()),
        "plan: fewer ids than lines": in_plan(lambda plan: plan["ids"].update(size=39)),
        "plan: a root in capitals": in_plan(
            lambda plan: plan["ids"].update(root=plan["ids"]["root"].upper())
        ),
        "plan: few outcomes": in_plan(lambda plan: plan["entropy"]["sources"].pop()),
        "plan: two sources of one name": in_plan(
            lambda plan: plan["entropy"]["sources"].append(plan["entropy"]["sources"][0])
        ),
        "plan: an unknown format": in_plan(
            lambda plan: plan["entropy"]["sources"][0].update(format="digits:014")
        ),
        "plan: entropy null": plan_with(entropy=None),
    }.items()
}


def with_a_repeated_seed(files: Files) -> None:
    """Two lines have one E under other draws_left: the same tickets twice, committed in order."""
    lines = rows(files, "lines.ndjson")
    owing = next(line for line in lines if line["draws_left"] > 1)
    next(line for line in lines if line["draws_left"] == 0 and line["tickets"])["E"] = owing["E"]
    put(files, "lines.ndjson", lines)
    recommit(files)


def replace_id(files: Files) -> None:
    """A ghost in the place of a venue that was not drawn."""
    drawn = {row["id"] for row in rows(files, "selection.ndjson")}
    ids = rows(files, "ids.ndjson")
    gone = next(entity for entity in ids if entity not in drawn)
    put(files, "ids.ndjson", sorted({*ids, "幽灵"} - {gone}))


def foreign_identity(files: Files) -> None:
    """An identity that opens its line but is not among the ids: the roots of the ids still fit."""
    reseal(files, 5, id="幽灵")
    recommit(files)


def note_with_tickets(files: Files) -> None:
    """A line with tickets gets a note before the commitment."""
    at = next(at for at, line in enumerate(rows(files, "lines.ndjson")) if line["tickets"] > 0)
    reseal(files, at, note="cooldown")
    recommit(files)


def no_note_without_tickets(files: Files) -> None:
    """A line without tickets loses its note before the commitment."""
    at = next(at for at, line in enumerate(rows(files, "lines.ndjson")) if line["tickets"] == 0)
    reseal(files, at, note=None)
    recommit(files)


def publish_undrawn(files: Files) -> None:
    """A venue that was not drawn is named in public."""
    everyone = rows(sample("audit"), "identities.ndjson")
    drawn = [row["line"] for row in rows(files, "identities.ndjson")]
    put(files, "identities.ndjson", [everyone[line] for line in sorted([*drawn, undrawn(files)])])


def beyond_the_lines(files: Files) -> None:
    """Selection and identities agree on a line that the roster does not have."""
    for name in ("selection.ndjson", "identities.ndjson"):
        values = rows(files, name)
        max(values, key=lambda row: row["line"])["line"] = 40
        put(files, name, values)


def exchange_identities(values: Rows) -> None:
    """Two venues trade their lines."""
    swap(values, 3, 4)
    for line in (3, 4):
        values[line]["line"] = line


FROZEN: dict[str, Forgery] = {
    "lines: a ticket more": Forgery("public", edit("lines.ndjson", set_in(0, tickets=11)), ("lines",)),
    "lines: a tip-off": Forgery("public", edit("lines.ndjson", set_in(0, draws_left=2)), ("lines",)),
    "lines: another E": Forgery("public", edit("lines.ndjson", flip(7, "E")), ("lines",)),
    "lines: another X": Forgery("public", edit("lines.ndjson", flip(7, "X")), ("lines",)),
    "lines: another stratum": Forgery(
        "public", edit("lines.ndjson", lambda v: v[0].update(stratum=v[1]["stratum"])), ("lines",)
    ),
    "lines: swapped": Forgery("audit", edit("lines.ndjson", lambda v: swap(v, 5, 6)), ("lines",)),
    "lines: one left out": Forgery(
        "audit", edit("lines.ndjson", lambda v: v.pop(undrawn(sample("audit")))), ("lines",)
    ),
    "lines: one twice": Forgery("audit", edit("lines.ndjson", lambda v: v.insert(1, v[0])), ("lines",)),
    "lines: one E for two": Forgery("audit", with_a_repeated_seed, ("lines",)),
    "plan: another root of the lines": Forgery(
        "audit", in_plan(lambda plan: plan["lines"].update(root=ZEROS)), ("lines",)
    ),
    "plan: more lines and ids": Forgery(
        "audit", in_plan(lambda p: (p["lines"].update(size=41), p["ids"].update(size=41))), ("lines", "ids")
    ),
    "plan: the other hash": Forgery("audit", plan_with(alg="sm3"), ("lines", "ids")),
    "ids: a ghost more": Forgery("public", edit("ids.ndjson", lambda v: v.append("龥幽灵")), ("ids",)),
    "ids: one left out": Forgery("audit", edit("ids.ndjson", lambda v: v.pop(4)), ("ids",)),
    "ids: a ghost for a venue": Forgery("public", replace_id, ("ids",)),
    "plan: another root of the ids": Forgery(
        "public", in_plan(lambda plan: plan["ids"].update(root=ZEROS)), ("ids", "selection")
    ),
    "identities: one that is no id": Forgery("audit", foreign_identity, ("ids", "secret")),
    "identities: other needs": Forgery(
        "public", edit("identities.ndjson", set_in(0, needs=[])), ("identities",)
    ),
    "identities: a note": Forgery(
        "public", edit("identities.ndjson", set_in(0, note="cooldown")), ("identities",)
    ),
    "identities: another note": Forgery(
        "audit",
        edit("identities.ndjson", lambda v: next(r for r in v if r["note"]).update(note="merged-not")),
        ("identities",),
    ),
    "identities: another N": Forgery("public", edit("identities.ndjson", flip(0, "N")), ("identities",)),
    "identities: exchanged": Forgery(
        "audit",
        edit("identities.ndjson", exchange_identities),
        ("identities",),
    ),
    "identities: a drawn one left out": Forgery(
        "public", edit("identities.ndjson", lambda v: v.pop(2)), ("identities",)
    ),
    "identities: an undrawn one published": Forgery("public", publish_undrawn, ("identities",)),
    "identities: one left out of an audit": Forgery(
        "audit", edit("identities.ndjson", lambda v: v.pop(undrawn(sample("audit")))), ("identities",)
    ),
    "identities: beyond the lines": Forgery(
        "public", edit("identities.ndjson", lambda v: v[-1].update(line=40)), ("identities",)
    ),
    "identities: of a line that is not there": Forgery("public", beyond_the_lines, ("identities",)),
    "identities: a note beside tickets": Forgery("audit", note_with_tickets, ("identities",)),
    "identities: no note without tickets": Forgery("audit", no_note_without_tickets, ("identities",)),
}
