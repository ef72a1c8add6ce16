"""The checks of what was frozen before the draw: format, plan, lines, ids, identities (DR1 section 11)."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import zip_longest

from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.findings import Place, show
from app.domain.draw.basics.text import Refused, note_text, tag_text
from app.domain.draw.packed import DIGEST, lines_root
from app.domain.draw.plan import Root, check_strata, commitment, parse_plan
from app.domain.draw.record.reading import Record, read_record
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.roots import ids_root


def check_format(work: Recomputed) -> None:
    """Everything that one file shows by itself.

    Raises:
        DifferenceError: at the first difference; so do all checks.
    """
    work.record = read_record(work.source, limits=work.limits)


def check_plan(work: Recomputed) -> None:
    """Canonical bytes, shape, strata exactly those of the lines, enough outcomes."""
    record = work.record
    place = Place("plan.json")
    try:
        canonical = canonical_json(record.plan)
        if canonical != record.plan_bytes:
            at = next(i for i, (a, b) in enumerate(zip_longest(canonical, record.plan_bytes)) if a != b)
            raise place.wrong(
                f"第 {at + 1} 字节起不是 RFC 8785 规范形式",
                f"not RFC 8785 canonical JSON from byte {at + 1} on",
            )
        plan = parse_plan(record.plan)
        work.plan = plan
        work.commitment = commitment(record.plan_bytes, plan.alg)
        check_strata(plan, record.lines.strata.index)
    except Refused as refusal:
        raise place.refused(refusal) from refusal


def check_lines(work: Recomputed) -> None:
    """Size, K order, root, no E twice."""
    place, committed = Place("lines.ndjson"), work.plan.lines
    check_size(place.file, committed, len(work.record.lines))
    lines = work.record.lines.pack(alg=work.plan.alg, mapper=work.mapper)
    row = _first_not_rising(lines.commitments)
    if row is not None:
        raise place.at(row).wrong(
            "K 没有排在前一行之后（行序错误或重复）", "K does not come after that of the line before"
        )
    check_root(place.file, committed, lines_root(lines, alg=work.plan.alg, mapper=work.mapper))
    row = _first_repeated(lines.seeds)
    if row is not None:
        seed = show(lines.line(row).seed)
        raise place.at(row).of("E").wrong(f"{seed} 已在前面的行出现", f"{seed} stands in an earlier line too")
    work.lines = lines


def check_ids(work: Recomputed) -> None:
    """Size, root; contains every identity."""
    ids, committed = work.record.ids, work.plan.ids
    check_size("ids.ndjson", committed, len(ids))
    check_root("ids.ndjson", committed, ids_root(ids, alg=work.plan.alg, mapper=work.mapper))
    for row, entity in enumerate(work.record.identities.ids):
        if not _contains(ids, entity):
            raise Place("identities.ndjson", row, "id").wrong(
                f"{show(entity)} 不在 ids.ndjson 中", f"{show(entity)} is not in ids.ndjson"
            )


def check_identities(work: Recomputed) -> None:
    """Each X opens; a note exactly where tickets are 0; exactly the lines that this kind of record opens."""
    _check_opened_lines(work.record)
    lines, identities = work.lines, work.record.identities
    h = hasher(work.plan.alg)
    for row, identity in enumerate(identities):
        place, line = Place("identities.ndjson", row), lines.line(identity.line)
        if (identity.note is None) != (line.tickets > 0):
            raise place.of("note").wrong(
                f"{show(identity.note)}，而该行有 {line.tickets} 签：恰在无签时须有说明",
                f"{show(identity.note)}, but the line has {line.tickets} tickets: "
                "a note stands exactly where there are none",
            )
        opened = f"{tag_text(identity.needs)}|{note_text(identity.note)}|{identity.id}"
        seal = h(f"dr1|ex|{identity.opening}|{opened}")
        if seal != line.seal:
            raise place.of("X").differs(expected=line.seal, found=seal)


def _check_opened_lines(record: Record) -> None:
    wanted = range(len(record.lines)) if record.holdings.audit else sorted(record.selection.lines)
    for row, (expected, found) in enumerate(zip_longest(wanted, record.identities.lines)):
        place = Place("identities.ndjson", row, "line")
        if expected != found:
            raise place.differs(expected=expected, found=found)
        # The selection, which is checked later, may name a line that is not there.
        if expected >= len(record.lines):
            raise place.wrong(f"没有第 {expected} 行", f"there is no line {expected}")


def check_size(file: str, committed: Root, size: int) -> None:
    """See that a list is as long as the plan says."""
    if size != committed.size:
        raise Place(file).wrong(
            f"计划承诺 {committed.size} 项，实有 {size} 项",
            f"the plan commits to {committed.size} entries, found {size}",
        )


def check_root(file: str, committed: Root, found: Root) -> None:
    """See that a list has the Merkle root of the plan."""
    if found.root != committed.root:
        raise Place(file, None, "root").differs(expected=committed.root, found=found.root)


def _contains(ids: Sequence[str], entity: str) -> bool:
    """Tell whether the sorted ids have one."""
    at = bisect_left(ids, entity)
    return at < len(ids) and ids[at] == entity


def _first_not_rising(digests: bytes) -> int | None:
    """Give the row of the first digest that is not greater than the one before."""
    last = b""
    for row, at in enumerate(range(0, len(digests), DIGEST)):
        this = digests[at : at + DIGEST]
        if this <= last:
            return row
        last = this
    return None


def _first_repeated(digests: bytes) -> int | None:
    """Give the row of the first digest that stood before."""
    seen: set[bytes] = set()
    for row, at in enumerate(range(0, len(digests), DIGEST)):
        seen.add(digests[at : at + DIGEST])
        if len(seen) == row:
            return row
    return None
