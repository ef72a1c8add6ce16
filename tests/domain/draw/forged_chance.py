"""Forgeries of the random value and of the selection: they fail at `entropy` or `selection`."""

import hashlib
import json
from collections.abc import Callable

from tests.domain.draw.forgery import (
    ZEROS,
    Files,
    Forgery,
    edit,
    edit_json,
    flip,
    flipped,
    in_plan,
    plan_with,
    put,
    rows,
    sample,
    set_in,
    swap,
    undrawn,
)


def steered(files: Files) -> None:
    """An undrawn venue takes the place of a drawn one."""
    identities = {row["line"]: row for row in rows(sample("audit"), "identities.ndjson")}
    favoured = undrawn(files)
    selection = rows(files, "selection.ndjson")
    spared = selection[0]["line"]
    selection[0] |= {"line": favoured, "id": identities[favoured]["id"]}
    put(files, "selection.ndjson", selection)
    opened = {row["line"] for row in rows(files, "identities.ndjson")} - {spared} | {favoured}
    put(files, "identities.ndjson", [identities[line] for line in sorted(opened)])


def spare(files: Files) -> None:
    """A drawn venue disappears from the selection and from the identities."""
    selection = rows(files, "selection.ndjson")
    gone = selection.pop()
    put(files, "selection.ndjson", selection)
    put(
        files, "identities.ndjson", [r for r in rows(files, "identities.ndjson") if r["line"] != gone["line"]]
    )


def signed_by_nobody(files: Files) -> None:
    """Another signature with its own hash: only the curve tells."""
    value = json.loads(files["entropy.json"])
    signature = flipped(value["signature"])
    value |= {"signature": signature, "randomness": hashlib.sha256(bytes.fromhex(signature)).hexdigest()}
    files["entropy.json"] = json.dumps(value).encode()


def ceremony(*values: tuple[str, str]) -> Callable[[Files], None]:
    """Other values of the public sample's ceremony."""
    given = {"kind": "ceremony", "values": [{"source": s, "value": v} for s, v in values]}
    return lambda files: files.update({"entropy.json": json.dumps(given).encode()})


DICE, LOTTO = ("dice-1", "31415926535897"), ("ssq-2026133", "03,09,17,21,28,33+06")

CHANCE: dict[str, Forgery] = {
    "entropy: another throw": Forgery(
        "public", ceremony(("dice-1", "31415926535898"), LOTTO), ("selection",)
    ),
    "entropy: a letter": Forgery("public", ceremony(("dice-1", "3141592653589x"), LOTTO), ("entropy",)),
    "entropy: one digit more": Forgery(
        "public", ceremony(("dice-1", "314159265358979"), LOTTO), ("entropy",)
    ),
    "entropy: full-width digits": Forgery(
        "public", ceremony(("dice-1", "3141592653589７"), LOTTO), ("entropy",)
    ),
    "entropy: balls unsorted": Forgery(
        "public", ceremony(DICE, ("ssq-2026133", "09,03,17,21,28,33+06")), ("entropy",)
    ),
    "entropy: ball 34": Forgery(
        "public", ceremony(DICE, ("ssq-2026133", "03,09,17,21,28,34+06")), ("entropy",)
    ),
    "entropy: another source": Forgery("public", ceremony(("dice-2", DICE[1]), LOTTO), ("entropy",)),
    "entropy: another order": Forgery("public", ceremony(LOTTO, DICE), ("entropy",)),
    "entropy: a source left out": Forgery("public", ceremony(DICE), ("entropy",)),
    "entropy: a source too many": Forgery("public", ceremony(DICE, LOTTO, ("dice-3", "1")), ("entropy",)),
    "entropy: another kind": Forgery(
        "public",
        lambda files: files.update({"entropy.json": sample("audit-infeasible")["entropy.json"]}),
        ("entropy",),
    ),
    "entropy: another round": Forgery(
        "audit-infeasible", edit_json("entropy.json", lambda v: v.update(round=v["round"] + 1)), ("entropy",)
    ),
    "entropy: another randomness": Forgery(
        "audit-infeasible",
        edit_json("entropy.json", lambda v: v.update(randomness=flipped(v["randomness"]))),
        ("entropy",),
    ),
    "entropy: another signature": Forgery(
        "audit-infeasible",
        edit_json("entropy.json", lambda v: v.update(signature=flipped(v["signature"]))),
        ("entropy",),
    ),
    "entropy: a signature of nobody": Forgery("audit-infeasible", signed_by_nobody, ("entropy",)),
    "plan: another chain": Forgery(
        "audit-infeasible", in_plan(lambda plan: plan["entropy"].update(chain=ZEROS)), ("entropy",)
    ),
    "plan: another round": Forgery(
        "audit-infeasible", in_plan(lambda plan: plan["entropy"].update(round=657414)), ("entropy",)
    ),
    "plan: a smaller quota": Forgery(
        "public", in_plan(lambda plan: plan["strata"][0].update(rate=[0, 1])), ("selection",)
    ),
    "plan: less surprise": Forgery(
        "public", in_plan(lambda plan: plan["strata"][1].update(surprise=0, min=0)), ("selection",)
    ),
    "plan: a later day": Forgery("public", plan_with(reveal_by="2027-01-01"), ("selection",)),
    "strata: a smaller quota": Forgery("public", edit("strata.ndjson", set_in(0, quota=1)), ("selection",)),
    "strata: fewer lines": Forgery("public", edit("strata.ndjson", set_in(0, size=2)), ("selection",)),
    "strata: more drawn": Forgery("public", edit("strata.ndjson", set_in(0, drawn=4)), ("selection",)),
    "strata: one left out": Forgery("public", edit("strata.ndjson", lambda v: v.pop()), ("selection",)),
    "strata: one too many": Forgery(
        "public", edit("strata.ndjson", lambda v: v.append({**v[-1], "stratum": "zzz"})), ("selection",)
    ),
    "selection: another key": Forgery("public", edit("selection.ndjson", flip(0, "key")), ("selection",)),
    "selection: another reason": Forgery(
        "public", edit("selection.ndjson", set_in(0, reason="open")), ("selection",)
    ),
    "selection: another stratum": Forgery(
        "public", edit("selection.ndjson", set_in(0, stratum="cafe-2")), ("selection",)
    ),
    "selection: swapped": Forgery(
        "public", edit("selection.ndjson", lambda v: swap(v, 1, 2)), ("selection",)
    ),
    "selection: strata swapped": Forgery(
        "public", edit("selection.ndjson", lambda v: v.reverse()), ("selection",)
    ),
    "selection: ids exchanged": Forgery(
        "public",
        edit("selection.ndjson", lambda v: (a := v[0]["id"], v[0].update(id=v[1]["id"]), v[1].update(id=a))),
        ("selection",),
    ),
    "selection: steered": Forgery("public", steered, ("selection",)),
    "selection: a venue spared": Forgery("public", spare, ("selection",)),
    "selection: one left out of an audit": Forgery(
        "audit", edit("selection.ndjson", lambda v: v.pop()), ("selection",)
    ),
}
