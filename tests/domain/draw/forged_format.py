"""Forgeries that one file shows by itself: they fail at `format`."""

import json

from tests.domain.draw.forgery import ZEROS, Forgery, add, drop, edit, edit_json, raw, set_in, swap

FORMAT: dict[str, Forgery] = {
    **{
        f"{name} is missing": Forgery(base, drop(name), ("format",))
        for base, names in {
            "public": ("plan.json", "lines.ndjson", "ids.ndjson", "identities.ndjson"),
            "audit": ("entropy.json", "strata.ndjson", "selection.ndjson"),
            "audit-infeasible": ("secret.json", "inspectors.ndjson", "recusals.ndjson", "teams.ndjson"),
            "amended-sm3": ("amendments.ndjson", "teams-final.ndjson"),
        }.items()
        for name in names
    },
    "a public record with a secret": Forgery(
        "public", add("secret.json", json.dumps({"secret": ZEROS}).encode()), ("format",), public=False
    ),
    "a public record with a shortage": Forgery(
        "public", add("shortage.json", b'{"short":[],"slots":[],"inspectors":[]}'), ("format",), public=False
    ),
    "an unknown file": Forgery("public", add("notes.txt", b""), ("format",)),
    "a file in capitals": Forgery("public", add("PLAN.JSON", b"{}"), ("format",)),
    "a path": Forgery("public", add("record/plan.json", b"{}"), ("format",)),
    "an absolute path": Forgery("public", add("/plan.json", b"{}"), ("format",)),
    "a path upwards": Forgery("public", add("../plan.json", b"{}"), ("format",)),
    "CR before LF": Forgery("public", raw("lines.ndjson", lambda b: b.replace(b"\n", b"\r\n")), ("format",)),
    "no LF at the end": Forgery("public", raw("lines.ndjson", lambda b: b[:-1]), ("format",)),
    "a blank line": Forgery(
        "public", raw("lines.ndjson", lambda b: b.replace(b"\n", b"\n\n", 1)), ("format",)
    ),
    "a blank last line": Forgery("public", raw("ids.ndjson", lambda b: b + b"\n"), ("format",)),
    "a line of spaces": Forgery("public", raw("ids.ndjson", lambda b: b + b"  \n"), ("format",)),
    "a BOM before lines": Forgery("public", raw("lines.ndjson", lambda b: b"\xef\xbb\xbf" + b), ("format",)),
    "a BOM before ids": Forgery("public", raw("ids.ndjson", lambda b: b"\xef\xbb\xbf" + b), ("format",)),
    "a BOM before JSON": Forgery("public", raw("entropy.json", lambda b: b"\xef\xbb\xbf" + b), ("format",)),
    "UTF-16": Forgery("public", raw("ids.ndjson", lambda b: b.decode().encode("utf-16")), ("format",)),
    "invalid UTF-8 in an id": Forgery(
        "public", raw("ids.ndjson", lambda b: b.replace("云".encode(), b"\xff\xfe\xfd", 1)), ("format",)
    ),
    "a line over 64 KiB": Forgery(
        "public", raw("lines.ndjson", lambda b: b.replace(b"{", b"{" + b" " * 65536, 1)), ("format",)
    ),
    "an array in NDJSON": Forgery("public", edit("strata.ndjson", lambda v: v.append([])), ("format",)),
    "lines: an unknown member": Forgery("public", edit("lines.ndjson", set_in(0, K=ZEROS)), ("format",)),
    "lines: a missing member": Forgery("public", edit("lines.ndjson", lambda v: v[3].pop("X")), ("format",)),
    "lines: a repeated member": Forgery(
        "public",
        raw("lines.ndjson", lambda b: b.replace(b'{"stratum"', b'{"tickets":1,"stratum"', 1)),
        ("format",),
    ),
    "lines: tickets as float": Forgery(
        "public",
        raw("lines.ndjson", lambda b: b.replace(b'"tickets": 10', b'"tickets": 10.0', 1)),
        ("format",),
    ),
    "lines: tickets with exponent": Forgery(
        "public",
        raw("lines.ndjson", lambda b: b.replace(b'"tickets": 10', b'"tickets": 1e1', 1)),
        ("format",),
    ),
    "lines: tickets with a leading zero": Forgery(
        "public",
        raw("lines.ndjson", lambda b: b.replace(b'"tickets": 10', b'"tickets": 010', 1)),
        ("format",),
    ),
    "lines: tickets true": Forgery("public", edit("lines.ndjson", set_in(0, tickets=True)), ("format",)),
    "lines: tickets as text": Forgery("public", edit("lines.ndjson", set_in(0, tickets="10")), ("format",)),
    "lines: 65 tickets": Forgery("public", edit("lines.ndjson", set_in(0, tickets=65)), ("format",)),
    "lines: -1 tickets": Forgery("public", edit("lines.ndjson", set_in(0, tickets=-1)), ("format",)),
    "lines: 1000 draws left": Forgery(
        "public", edit("lines.ndjson", set_in(0, draws_left=1000)), ("format",)
    ),
    "lines: a huge integer": Forgery(
        "public",
        raw("lines.ndjson", lambda b: b.replace(b'"tickets": 10', b'"tickets": 1' + b"0" * 5000, 1)),
        ("format",),
    ),
    "lines: owing without tickets": Forgery(
        "public", edit("lines.ndjson", set_in(0, tickets=0, draws_left=3)), ("format",)
    ),
    "lines: E in capitals": Forgery(
        "public", edit("lines.ndjson", lambda v: v[0].update(E=v[0]["E"].upper())), ("format",)
    ),
    "lines: E of 63 digits": Forgery("public", edit("lines.ndjson", set_in(0, E="0" * 63)), ("format",)),
    "lines: X null": Forgery("public", edit("lines.ndjson", set_in(0, X=None)), ("format",)),
    "lines: stratum -": Forgery("public", edit("lines.ndjson", set_in(0, stratum="-")), ("format",)),
    "lines: stratum with a bar": Forgery(
        "public", edit("lines.ndjson", set_in(0, stratum="a|b")), ("format",)
    ),
    "ids: swapped": Forgery("public", edit("ids.ndjson", lambda v: swap(v, 3, 4)), ("format",)),
    "ids: repeated": Forgery("public", edit("ids.ndjson", lambda v: v.insert(3, v[3])), ("format",)),
    "ids: a number": Forgery("public", edit("ids.ndjson", lambda v: v.append(1)), ("format",)),
    "ids: not NFC": Forgery("public", edit("ids.ndjson", lambda v: v.insert(18, "Cafe\u0301")), ("format",)),
    "ids: white space first": Forgery("public", edit("ids.ndjson", lambda v: v.insert(0, " 9")), ("format",)),
    "ids: empty": Forgery("public", edit("ids.ndjson", lambda v: v.insert(0, "")), ("format",)),
    "ids: 129 bytes": Forgery("public", edit("ids.ndjson", lambda v: v.insert(18, "A" * 129)), ("format",)),
    "ids: a zero-width space": Forgery(
        "public", edit("ids.ndjson", lambda v: v.insert(18, "A\u200b")), ("format",)
    ),
    "ids: a lone surrogate": Forgery("public", raw("ids.ndjson", lambda b: b + b'"\\ud800"\n'), ("format",)),
    "identities: swapped": Forgery("audit", edit("identities.ndjson", lambda v: swap(v, 3, 4)), ("format",)),
    "identities: a line twice": Forgery(
        "public", edit("identities.ndjson", lambda v: v.insert(3, v[3])), ("format",)
    ),
    "identities: an id twice": Forgery(
        "public", edit("identities.ndjson", lambda v: v[4].update(id=v[3]["id"])), ("format",)
    ),
    "identities: needs unsorted": Forgery(
        "public", edit("identities.ndjson", lambda v: v[0]["needs"].reverse()), ("format",)
    ),
    "identities: needs repeated": Forgery(
        "public", edit("identities.ndjson", set_in(0, needs=["a", "a"])), ("format",)
    ),
    "identities: needs as text": Forgery(
        "public", edit("identities.ndjson", set_in(0, needs="-")), ("format",)
    ),
    "identities: note -": Forgery("public", edit("identities.ndjson", set_in(0, note="-")), ("format",)),
    "identities: note empty": Forgery("public", edit("identities.ndjson", set_in(0, note="")), ("format",)),
    "identities: N null": Forgery("public", edit("identities.ndjson", set_in(0, N=None)), ("format",)),
    "identities: line as text": Forgery(
        "public", edit("identities.ndjson", set_in(0, line="0")), ("format",)
    ),
    "entropy: unknown kind": Forgery(
        "public", edit_json("entropy.json", lambda v: v.update(kind="lottery")), ("format",)
    ),
    "entropy: an array": Forgery("public", raw("entropy.json", lambda b: b"[" + b + b"]"), ("format",)),
    "entropy: two objects": Forgery("public", raw("entropy.json", lambda b: b + b), ("format",)),
    "entropy: an unknown member": Forgery(
        "public", edit_json("entropy.json", lambda v: v.update(B=ZEROS)), ("format",)
    ),
    "entropy: a value as number": Forgery(
        "public", edit_json("entropy.json", lambda v: v["values"][0].update(value=1)), ("format",)
    ),
    "entropy: nested deeper than 8": Forgery(
        "public", edit_json("entropy.json", lambda v: v.update(values=[[[[[[[[1]]]]]]]])), ("format",)
    ),
    "entropy: signature in capitals": Forgery(
        "audit-infeasible",
        edit_json("entropy.json", lambda v: v.update(signature=v["signature"].upper())),
        ("format",),
    ),
    "entropy: short randomness": Forgery(
        "audit-infeasible", edit_json("entropy.json", lambda v: v.update(randomness="ab")), ("format",)
    ),
    "entropy: round 0": Forgery(
        "audit-infeasible", edit_json("entropy.json", lambda v: v.update(round=0)), ("format",)
    ),
    "entropy: round true": Forgery(
        "audit-infeasible", edit_json("entropy.json", lambda v: v.update(round=True)), ("format",)
    ),
    "strata: swapped": Forgery("public", edit("strata.ndjson", lambda v: swap(v, 0, 1)), ("format",)),
    "strata: repeated": Forgery("public", edit("strata.ndjson", lambda v: v.append(v[-1])), ("format",)),
    "strata: drawn true": Forgery("public", edit("strata.ndjson", set_in(0, drawn=True)), ("format",)),
    "strata: cover as float": Forgery(
        "public", raw("strata.ndjson", lambda b: b.replace(b'"cover": 1', b'"cover": 1.5', 1)), ("format",)
    ),
    "selection: unknown reason": Forgery(
        "public", edit("selection.ndjson", set_in(0, reason="luck")), ("format",)
    ),
    "selection: reason null": Forgery(
        "public", edit("selection.ndjson", set_in(0, reason=None)), ("format",)
    ),
    "selection: a line twice": Forgery(
        "public", edit("selection.ndjson", lambda v: v[1].update(line=v[0]["line"])), ("format",)
    ),
    "selection: an id twice": Forgery(
        "public", edit("selection.ndjson", lambda v: v[1].update(id=v[0]["id"])), ("format",)
    ),
    "selection: a short key": Forgery("public", edit("selection.ndjson", set_in(0, key="00")), ("format",)),
    "secret: in capitals": Forgery(
        "audit", edit_json("secret.json", lambda v: v.update(secret=v["secret"].upper())), ("format",)
    ),
    "secret: an unknown member": Forgery(
        "audit", edit_json("secret.json", lambda v: v.update(s="")), ("format",)
    ),
    "inspectors: swapped": Forgery("audit", edit("inspectors.ndjson", lambda v: swap(v, 0, 1)), ("format",)),
    "inspectors: repeated": Forgery(
        "audit", edit("inspectors.ndjson", lambda v: v.insert(0, v[0])), ("format",)
    ),
    "inspectors: cap 1000": Forgery("audit", edit("inspectors.ndjson", set_in(0, cap=1000)), ("format",)),
    "inspectors: tags unsorted": Forgery(
        "audit", edit("inspectors.ndjson", lambda v: v[0]["tags"].reverse()), ("format",)
    ),
    "inspectors: a real name": Forgery("audit", edit("inspectors.ndjson", set_in(0, id="甲")), ("format",)),
    "recusals: swapped": Forgery("audit", edit("recusals.ndjson", lambda v: swap(v, 0, 1)), ("format",)),
    "recusals: repeated": Forgery("audit", edit("recusals.ndjson", lambda v: v.insert(0, v[0])), ("format",)),
    "teams: slot 16": Forgery("audit", edit("teams.ndjson", set_in(0, slot=16)), ("format",)),
    "teams: a place twice": Forgery("audit", edit("teams.ndjson", set_in(1, slot=0)), ("format",)),
    "final teams: slot true": Forgery(
        "amended-sm3", edit("teams-final.ndjson", set_in(1, slot=True)), ("format",)
    ),
    "shortage: inspectors unsorted": Forgery(
        "audit-infeasible", edit_json("shortage.json", lambda v: v["inspectors"].reverse()), ("format",)
    ),
    "shortage: a slot twice": Forgery(
        "audit-infeasible",
        edit_json("shortage.json", lambda v: v["slots"].append(v["slots"][0])),
        ("format",),
    ),
    "shortage: a slot of three": Forgery(
        "audit-infeasible", edit_json("shortage.json", lambda v: v["short"][0].append(0)), ("format",)
    ),
    "amendments: a gap": Forgery("amended-sm3", edit("amendments.ndjson", lambda v: v.pop(1)), ("format",)),
    "amendments: swapped": Forgery(
        "amended-sm3", edit("amendments.ndjson", lambda v: swap(v, 0, 1)), ("format",)
    ),
    "amendments: unknown kind": Forgery(
        "amended-sm3", edit("amendments.ndjson", set_in(0, kind="swap")), ("format",)
    ),
    "amendments: another's member": Forgery(
        "amended-sm3", edit("amendments.ndjson", set_in(0, inspectors=[])), ("format",)
    ),
    "amendments: a visit unbegun": Forgery(
        "amended-sm3", edit("amendments.ndjson", set_in(1, started=[])), ("format",)
    ),
    "amendments: started unsorted": Forgery(
        "amended-sm3", edit("amendments.ndjson", lambda v: v[-1]["started"].reverse()), ("format",)
    ),
    "amendments: none": Forgery("amended-sm3", add("amendments.ndjson", b""), ("format",)),
    "plan: a repeated member": Forgery(
        "public", raw("plan.json", lambda b: b.replace(b"{", b'{"v":"dr1",', 1)), ("format",)
    ),
    "plan: a float": Forgery(
        "public", raw("plan.json", lambda b: b.replace(b'"seq":1', b'"seq":1.0')), ("format",)
    ),
    "plan: NaN": Forgery(
        "public", raw("plan.json", lambda b: b.replace(b'"seq":1', b'"seq":NaN')), ("format",)
    ),
    "plan: 2^53": Forgery(
        "public", raw("plan.json", lambda b: b.replace(b'"seq":1', b'"seq":9007199254740992')), ("format",)
    ),
    "plan: cut off": Forgery("public", raw("plan.json", lambda b: b[:-1]), ("format",)),
    "plan: empty": Forgery("public", add("plan.json", b""), ("format",)),
}
