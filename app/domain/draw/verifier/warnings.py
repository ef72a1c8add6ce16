"""What in a verified record is not wrong, but weak (DR1 section 11, warnings), in Chinese and English."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from app.domain.draw.entropy import DrandEntropy, round_time
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.teams.certificate import FEW_ELIGIBLE, narrow_slots
from app.domain.draw.teams.replay import FEW_FREE
from app.domain.draw.verifier.checks_audit import drawn_needs

FEW_LINES: Final = 10
MOST_DAYS_TO_REVEAL: Final = 180
_NAMED: Final = 5
_SHANGHAI_SECONDS: Final = 8 * 3600
_DAY_SECONDS: Final = 86_400
_EPOCH: Final = date(1970, 1, 1).toordinal()


def warnings_of(work: Recomputed, *, passed: frozenset[str], signed: bool) -> Iterator[str]:
    """Yield the warnings that the checks which passed allow.

    Args:
        work: what was read and recomputed.
        passed: the checks that were ok.
        signed: whether a key was given for the log's signatures.
    """
    yield "没有见证方证明承诺的时间 | no witness proves the time of the commitment"
    if "format" not in passed:
        return
    if work.record.holdings.logged and not signed:
        yield "未给公钥，未核验日志签名 | the log's signature was not checked: no key was given"
    if work.commitment:
        yield from _of_strata(work)
        yield from _of_reveal(work)
    if "teams" in passed and work.record.holdings.drawn:
        yield from _of_slots(work)
    if "amendments" in passed:
        narrow = [f"{one.entity} {one.slot}" for one in work.narrow_lending]
        if narrow:
            yield (
                f"借调范围过窄，可选人数不足 {FEW_FREE}：{_some(narrow)} | "
                f"narrow lending, fewer than {FEW_FREE} were free: {_some(narrow)}"
            )


def _of_strata(work: Recomputed) -> Iterator[str]:
    sizes = Counter(work.record.lines.strata)
    small = sorted(name for name, size in sizes.items() if size < FEW_LINES)
    if small:
        yield f"分层不足 {FEW_LINES} 行：{_some(small)} | strata under {FEW_LINES} lines: {_some(small)}"
    extreme = [stratum.name for stratum in work.plan.strata if stratum.rate_p in {0, stratum.rate_q}]
    if extreme:
        yield f"分层比例为 0 或 1：{_some(extreme)} | strata with rate 0 or 1: {_some(extreme)}"


def _of_reveal(work: Recomputed) -> Iterator[str]:
    plan, declared = work.plan, work.plan.entropy
    if not isinstance(declared, DrandEntropy):
        return
    for chain in work.chains:
        if chain.hash != declared.chain:
            continue
        days = plan.reveal_by.toordinal() - _shanghai_day(round_time(declared.round, chain))
        if days > MOST_DAYS_TO_REVEAL:
            yield (
                f"公开期限晚于随机轮次 {days} 天，超过 {MOST_DAYS_TO_REVEAL} 天 | "
                f"reveal_by is {days} days after the drand round, more than {MOST_DAYS_TO_REVEAL}"
            )


def _shanghai_day(unix: int) -> int:
    """Give the number of a Unix time's day in Asia/Shanghai, as `date.toordinal` counts, however far away."""
    return _EPOCH + (unix + _SHANGHAI_SECONDS) // _DAY_SECONDS


def _of_slots(work: Recomputed) -> Iterator[str]:
    record = work.record
    found = narrow_slots(
        drawn=drawn_needs(work), slots=work.plan.slots, inspectors=record.inspectors, recusals=record.recusals
    )
    narrow = [f"{one.entity} {one.slot}" for one in found]
    if narrow:
        yield (
            f"可选检查人员不足 {FEW_ELIGIBLE} 人的岗位 {len(narrow)} 个：{_some(narrow)} | "
            f"{len(narrow)} slots with fewer than {FEW_ELIGIBLE} eligible inspectors: {_some(narrow)}"
        )


def _some(names: Sequence[str]) -> str:
    more = "" if len(names) <= _NAMED else f" … ({len(names)})"
    return ", ".join(names[:_NAMED]) + more
