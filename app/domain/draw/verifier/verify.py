"""The verifier (DR1 section 11): recomputes everything, needs no network, trusts nothing it can compute."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal

from app.domain.draw.basics.chunks import Mapper
from app.domain.draw.basics.findings import DifferenceError, Place
from app.domain.draw.entropy import QUICKNET, BlsCheck, Chain
from app.domain.draw.record.reading import Holdings, holdings_of
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.record.source import LIMITS, Limits, RecordSource
from app.domain.draw.verifier.checks_audit import (
    check_amendments,
    check_inspectors,
    check_recusals,
    check_secret,
    check_teams,
)
from app.domain.draw.verifier.checks_drawn import check_entropy, check_selection
from app.domain.draw.verifier.checks_frozen import (
    check_format,
    check_identities,
    check_ids,
    check_lines,
    check_plan,
)
from app.domain.draw.verifier.warnings import warnings_of

Status = Literal["ok", "failed", "withheld", "skipped"]

CHECKS: Final = (
    *("format", "plan", "lines", "ids", "identities", "entropy", "selection"),
    *("secret", "inspectors", "recusals", "teams", "amendments", "log"),
)
"""The checks in their order."""

WITNESS: Final = "witness"
"""What can be required besides the checks: a cosignature dated before the round."""

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "format": (),
    "plan": ("format",),
    "lines": ("format", "plan"),
    "ids": ("format", "plan"),
    "identities": ("lines",),
    "entropy": ("format", "plan"),
    "selection": ("lines", "identities", "entropy"),
    "secret": ("lines", "identities"),
    "inspectors": ("secret",),
    "recusals": ("secret",),
    "teams": ("selection", "inspectors", "recusals"),
    "amendments": ("teams",),
    "log": ("format", "plan"),
}
"""A check is skipped when one of these failed or was skipped."""

_RECOMPUTE: Final[Mapping[str, Callable[[Recomputed], None]]] = {
    "format": check_format,
    "plan": check_plan,
    "lines": check_lines,
    "ids": check_ids,
    "identities": check_identities,
    "entropy": check_entropy,
    "selection": check_selection,
    "secret": check_secret,
    "inspectors": check_inspectors,
    "recusals": check_recusals,
    "teams": check_teams,
    "amendments": check_amendments,
}
_LOG_UNCHECKED: Final = "此版本不核验日志 | this version does not check logs"
_OF_A_DRAW: Final = frozenset({"entropy", "selection"})
_OF_AN_AUDIT: Final = frozenset({"secret", "inspectors", "recusals", "teams", "amendments"})


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found; `detail` is empty when it is ok, else says why, in Chinese and English."""

    check: str
    status: Status
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the verifier found.

    Attributes:
        ok: nothing failed.
        complete: nothing was withheld.
        C: the plan's commitment, or None when the plan cannot be read.
        checks: in the order of section 11.
        warnings: what is not wrong, but weak; in Chinese and English.
    """

    ok: bool
    complete: bool
    C: str | None
    checks: tuple[Check, ...]
    warnings: tuple[str, ...]

    def meets(self, require: Iterable[str]) -> bool:
        """Tell whether nothing failed and each required check (or `witness`) is there and ok."""
        passed = {check.check for check in self.checks if check.status == "ok"}
        return self.ok and passed.issuperset(require)


def verify(
    source: RecordSource,
    *,
    bls: BlsCheck,
    chains: Iterable[Chain] = (QUICKNET,),
    commitment: str | None = None,
    keys: Iterable[str] = (),
    limits: Limits = LIMITS,
    mapper: Mapper = map,
) -> Report:
    """Verify a record; whatever its bytes are, this answers a report.

    Args:
        source: the record.
        bls: checks a drand signature.
        chains: the pinned chains.
        commitment: C as it was published before the draw; the record's plan must have it.
        keys: C2SP verifier keys of the log and its witnesses; this version verifies no signature with them.
        limits: how much is read.
        mapper: applies a picklable function to chunks, in order: `map`, or that of a process pool.
    """
    work = Recomputed(source=source, limits=limits, bls=bls, chains=tuple(chains), mapper=mapper)
    return recompute(work, commitment=commitment, signed=bool(tuple(keys)))


def recompute(work: Recomputed, *, commitment: str | None = None, signed: bool = False) -> Report:
    """Run every check, leaving in `work` what was read and recomputed.

    Args:
        work: fresh.
        commitment: as of `verify`.
        signed: whether a key was given for the log's signatures.
    """
    holdings = holdings_of(work.source.names())
    found: dict[str, Check] = {}
    blocking: set[str] = set()
    for name in CHECKS:
        check = _withheld(name, holdings) or _skipped(name, blocking) or _recomputed(name, work)
        found[name] = check
        if check.status in {"failed", "skipped"}:
            blocking.add(name)
    # A commitment that is another's fails the plan, but what the record says of itself is still recomputed.
    if commitment is not None and work.commitment != commitment and "plan" not in blocking:
        other = Place("plan.json", None, "C").differs(expected=commitment, found=work.commitment)
        found["plan"] = Check("plan", "failed", str(other))
    statuses = {check.status for check in found.values()}
    passed = frozenset(check.check for check in found.values() if check.status == "ok")
    return Report(
        ok="failed" not in statuses,
        complete="withheld" not in statuses,
        C=work.commitment or None,
        checks=tuple(found.values()),
        warnings=tuple(warnings_of(work, passed=passed, signed=signed)),
    )


def _withheld(name: str, holdings: Holdings) -> Check | None:
    if name == "log":
        detail = _LOG_UNCHECKED if holdings.logged else "记录中没有 log.json | no log.json in this record"
        return Check(name, "withheld", detail)
    if name in _OF_A_DRAW and not holdings.drawn:
        return Check(name, "withheld", "随机值产生前已作废 | voided before its random value")
    if name in _OF_AN_AUDIT and not holdings.audit:
        return Check(name, "withheld", "公开记录不含此项 | only an audit record has this")
    return None


def _skipped(name: str, blocking: AbstractSet[str]) -> Check | None:
    causes = [need for need in NEEDS[name] if need in blocking]
    if not causes:
        return None
    listed = ", ".join(causes)
    return Check(name, "skipped", f"因 {listed} 未通过而跳过 | skipped because {listed} did not pass")


def _recomputed(name: str, work: Recomputed) -> Check:
    try:
        _RECOMPUTE[name](work)
    except DifferenceError as difference:
        return Check(name, "failed", str(difference))
    return Check(name, "ok", "")
