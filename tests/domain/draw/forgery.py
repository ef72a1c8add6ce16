"""Records in memory, the sample records, and the means to forge them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.adapters import drand_bls
from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.lines import parse_identity, parse_inspector, parse_line, parse_recusal
from app.domain.draw.entropy import beacon, parse_given
from app.domain.draw.packed import lines_root, pack_lines
from app.domain.draw.plan import commitment, parse_plan, secret_commitment
from app.domain.draw.record.record import drawn_object, seat_object, shortage_object, stratum_object
from app.domain.draw.record.source import LIMITS, Limits
from app.domain.draw.roots import ids_root, inspectors_root, recusals_root
from app.domain.draw.selection import draw_digest, select
from app.domain.draw.teams.teams import deal, deal_secret
from app.domain.draw.verifier.verify import Report, verify

VECTORS = Path(__file__).parents[2] / "vectors"

Files = dict[str, bytes]
Rows = list[Any]


class MemoryRecord:
    """A record source over a mapping; `more` are names that occur besides, as a zip can have them."""

    def __init__(self, files: Mapping[str, bytes], *, more: Iterable[str] = (), piece: int = 1 << 20) -> None:
        self._files = files
        self._more = list(more)
        self._piece = piece

    def names(self) -> list[str]:
        return [*self._files, *self._more]

    def pieces(self, name: str) -> Iterator[bytes]:
        content = self._files.get(name, b"")
        return (content[at : at + self._piece] for at in range(0, len(content), self._piece))


@cache
def bls(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Check a drand signature as the application does; it takes a second, so each one is checked once."""
    return drand_bls.verify(public_key, message, signature)


def verified(files: Mapping[str, bytes], *, commitment: str | None = None, limits: Limits = LIMITS) -> Report:
    """Verify files in memory."""
    return verify(MemoryRecord(files), bls=bls, commitment=commitment, limits=limits)


@cache
def _sample(name: str) -> tuple[tuple[str, bytes], ...]:
    return tuple((path.name, path.read_bytes()) for path in sorted((VECTORS / name).iterdir()))


def sample(name: str) -> Files:
    """Give a fresh copy of the sample record `record-<name>`."""
    return dict(_sample(f"record-{name}"))


def rows(files: Files, name: str) -> Rows:
    """Parse an NDJSON file."""
    return [json.loads(line) for line in files[name].splitlines()]


def put(files: Files, name: str, values: Iterable[object]) -> None:
    """Write an NDJSON file."""
    files[name] = "".join(f"{json.dumps(value, ensure_ascii=False)}\n" for value in values).encode()


def edit(name: str, change: Callable[[Rows], object]) -> Callable[[Files], None]:
    """Make a forgery that changes the parsed lines of a file in place."""

    def forge(files: Files) -> None:
        values = rows(files, name)
        change(values)
        put(files, name, values)

    return forge


def edit_json(name: str, change: Callable[[Any], object]) -> Callable[[Files], None]:
    """Make a forgery that changes the object of a JSON file in place; a plan stays canonical."""

    def forge(files: Files) -> None:
        value = json.loads(files[name])
        change(value)
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        files[name] = text.encode()

    return forge


def raw(name: str, change: Callable[[bytes], bytes]) -> Callable[[Files], None]:
    """Make a forgery that changes the bytes of a file."""

    def forge(files: Files) -> None:
        files[name] = change(files[name])

    return forge


def recommit(files: Files) -> None:
    """Draw an audit record anew from its lists as they stand: a bureau that cheats before it commits.

    Lines come into K order, roots, plan, selection and teams fit. What does not follow from the secret, and
    names that nobody knows, stay as they are.
    """
    plan = json.loads(files["plan.json"])
    alg, secret = parse_plan(plan).alg, json.loads(files["secret.json"])["secret"]
    h = hasher(alg)
    pairs = sorted(
        zip(rows(files, "lines.ndjson"), rows(files, "identities.ndjson"), strict=True),
        key=lambda pair: h(f"dr1|ec|{pair[0]['E']}|{pair[0]['draws_left']}"),
    )
    put(files, "lines.ndjson", [line for line, _ in pairs])
    put(files, "identities.ndjson", [{**who, "line": at} for at, (_, who) in enumerate(pairs)])
    lines = pack_lines(map(parse_line, rows(files, "lines.ndjson")), alg=alg)
    identities = [parse_identity(row) for row in rows(files, "identities.ndjson")]
    inspectors = [parse_inspector(row) for row in rows(files, "inspectors.ndjson")]
    recusals = [parse_recusal(row) for row in rows(files, "recusals.ndjson")]
    roots = {
        "lines": lines_root(lines, alg=alg),
        "ids": ids_root(rows(files, "ids.ndjson"), alg=alg),
        "inspectors": inspectors_root(inspectors, secret=secret, alg=alg),
        "recusals": recusals_root(recusals, secret=secret, alg=alg),
    }
    plan |= {name: {"size": root.size, "root": root.root} for name, root in roots.items()}
    plan["secret_commit"] = secret_commitment(secret, alg)
    files["plan.json"] = canonical_json(plan)
    committed = parse_plan(plan)
    given = parse_given(json.loads(files["entropy.json"]))
    value = beacon(committed.entropy, given, alg=alg, bls=bls)
    digest = draw_digest(commitment(files["plan.json"], alg), value, h)
    selection = select(lines, committed.strata, draw=digest, alg=alg, id_of=lambda line: identities[line].id)
    put(files, "strata.ndjson", map(stratum_object, selection.strata))
    put(files, "selection.ndjson", map(drawn_object, selection.drawn))
    known = {inspector.id for inspector in inspectors}
    dealt = deal(
        drawn=[(drawn.id, identities[drawn.line].needs) for drawn in selection.drawn],
        slots=committed.slots,
        inspectors=inspectors,
        recusals=[recusal for recusal in recusals if recusal.inspector in known],
        a=deal_secret(digest, secret, h),
        h=h,
    )
    put(files, "teams.ndjson", map(seat_object, dealt.teams))
    files.pop("shortage.json", None)
    if dealt.shortage is not None:
        files["shortage.json"] = json.dumps(shortage_object(dealt.shortage)).encode()


def reseal(files: Files, at: int, **changes: object) -> None:
    """Change an identity and the X of its line with it."""
    identities, lines = rows(files, "identities.ndjson"), rows(files, "lines.ndjson")
    identities[at] |= changes
    who = parse_identity(identities[at])
    h = hasher(parse_plan(json.loads(files["plan.json"])).alg)
    needs = ",".join(who.needs) or "-"
    lines[at]["X"] = h(f"dr1|ex|{who.opening}|{needs}|{who.note or '-'}|{who.id}")
    put(files, "identities.ndjson", identities)
    put(files, "lines.ndjson", lines)


ZEROS = "0" * 64


@dataclass(frozen=True)
class Forgery:
    """A change to a sample record, and the checks that see it."""

    base: str
    forge: Callable[[Files], object]
    fails: tuple[str, ...]
    public: bool | None = None


def swap(values: list[Any], one: int, other: int) -> None:
    """Exchange two lines."""
    values[one], values[other] = values[other], values[one]


def drop(name: str) -> Callable[[Files], object]:
    """Leave a file out."""
    return lambda files: files.pop(name)


def add(name: str, content: bytes) -> Callable[[Files], object]:
    """Put a file in, or another in its place."""
    return lambda files: files.update({name: content})


def set_in(row: int, **members: object) -> Callable[[list[Any]], object]:
    """Change members of one line."""
    return lambda values: values[row].update(members)


def flipped(text: str) -> str:
    """Change the last hex digit."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def flip(row: int, member: str) -> Callable[[list[Any]], object]:
    """Change one hex digit of one line."""
    return lambda values: values[row].update({member: flipped(values[row][member])})


def undrawn(files: Files) -> int:
    """Give the first line that was not drawn."""
    return min(set(range(40)) - {row["line"] for row in rows(files, "selection.ndjson")})


def plan_with(**members: object) -> Callable[[Files], None]:
    """Change members of the plan."""
    return edit_json("plan.json", lambda plan: plan.update(members))


def in_plan(change: Callable[[Any], object]) -> Callable[[Files], None]:
    """Change the plan in place."""
    return edit_json("plan.json", change)
