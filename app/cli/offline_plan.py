"""The plan file of a draw without a server: what `POST /v1/draw-plans` takes, and the place in the log."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Self

from pydantic import StrictInt, ValidationError

from app.cli.offline_policy import read_policy
from app.cli.refusals import REFUSED, UNREADABLE, Lang, RefusalError, dr1_zh, field_line
from app.domain.calendar.coming import Slot, ends_to_come
from app.domain.calendar.draws import planned_draws
from app.domain.calendar.fitting import window_months
from app.domain.calendar.spans import Span
from app.domain.days import shanghai_day
from app.domain.drafts import Draft, broken, malformed
from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.text import Refused, is_hex, is_token
from app.domain.draw.conduct import Terms
from app.domain.draw.entropy import Entropy
from app.domain.draw.plan import Stratum
from app.domain.errors import FieldError
from app.domain.items import Item
from app.domain.policy import Policy
from app.domain.registers import REGIMES
from app.messages.payload import payload_words
from app.schemas.planning import PlanWrite
from app.services.planning import law

_HASH_DIGITS = 64


class PlanFile(PlanWrite):
    """A plan file; of the first draw of a log `seq` and `prev` may be left out.

    `draw_ends` are the last visit days of the item's other draws to come, which its duties can count on; left
    out, those that the policy foresees on the plain week. `known_since` is the day on which these registers
    began to be kept; left out, today: what was missed before is not overdue.
    """

    origin: str | None = None
    seq: StrictInt = 1
    prev: str = ""
    draw_ends: list[date] | None = None
    known_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePlan:
    """A plan that every rule of planning accepts, with what the law in force on the day adds.

    Attributes:
        draft: what is asked for.
        slots: tags of each place in a team.
        origin, seq, prev: the place in the log of draws.
        item: what is inspected.
        policy: the numbers.
        policy_digest: of the policy's document, in the draw's algorithm.
        on: the day.
        items: every item in force.
        draw_ends: last days of the visits of the item's draws still to come, this one included.
        known_since: the day on which the registers began to be kept.
    """

    draft: Draft
    slots: tuple[tuple[str, ...], ...]
    origin: str
    seq: int
    prev: str
    item: Item
    policy: Policy
    policy_digest: str
    on: date
    items: tuple[Item, ...]
    draw_ends: tuple[date, ...]
    known_since: date

    @classmethod
    def of(cls, file: PlanFile, *, now: datetime, lang: Lang, policy: Path | None = None) -> Self:
        """Check a plan file against the rules: the seeded policy's, or those of a policy file.

        Raises:
            RefusalError: with a line for each rule that is broken.
        """
        draft, on = file.draft(), shanghai_day(now)
        origin = file.origin or f"{draft.region}.offline"
        items = law.items(on)
        _refuse([*malformed(draft, regimes=[r.value for r in REGIMES]), *_log_faults(file, origin)], lang)
        if draft.item not in items:
            allowed = (("value", draft.item), ("allowed", ", ".join(items)))
            _refuse([FieldError("/item", "unknown-value", allowed)], lang)
        item = items[draft.item]
        slots = item.slots if draft.slots is None else draft.slots
        published = (
            law.policy_for(None, draft.region, on)
            if policy is None
            else read_policy(policy, region=draft.region, on=on, lang=lang)
        )
        _refuse(broken(draft, slots=slots, item=item, policy=published.policy), lang)
        return cls(
            draft=replace(draft, slots=slots),
            slots=tuple(tuple(sorted(set(slot))) for slot in slots),
            origin=origin,
            seq=file.seq,
            prev=file.prev,
            item=item,
            policy=published.policy,
            policy_digest=published.digests[draft.alg],
            on=on,
            items=tuple(items.values()),
            draw_ends=_draw_ends(file, draft, item, published.policy, on),
            known_since=file.known_since or on,
        )

    def terms(self, *, strata: tuple[Stratum, ...], entropy: Entropy) -> Terms:
        """What DR1's plan says besides the frozen lists."""
        return Terms(
            alg=self.draft.alg,
            origin=self.origin,
            seq=self.seq,
            prev=self.prev,
            item=f"{self.draft.region}:{self.draft.item}",
            period=self.draft.period,
            policy=self.policy_digest,
            strata=strata,
            slots=self.slots,
            entropy=entropy,
            reveal_by=self.draft.reveal_by,
        )


def _draw_ends(file: PlanFile, draft: Draft, item: Item, policy: Policy, on: date) -> tuple[date, ...]:
    """The last visit days of the item's draws to come: as the file says, or as the policy foresees them."""
    if file.draw_ends is not None:
        return tuple(sorted({*file.draw_ends, draft.visit_to}))
    foreseen = [
        Slot(period=draw.period, visits=draw.visits)
        for year in (on.year, on.year + 1)
        for draw in planned_draws(
            policy,
            item=draft.item,
            regimes=item.regimes,
            region=draft.region,
            year=year,
            working=None,
        )
    ]
    this = Slot(period=draft.period, visits=Span(first=draft.visit_from, last=draft.visit_to))
    return ends_to_come(foreseen, this=this, on=on, months=window_months(policy, regimes=item.regimes))


def _log_faults(file: PlanFile, origin: str) -> list[FieldError]:
    faults = []
    if not is_token(origin):
        faults.append(FieldError("/origin", "bad-token", (("value", origin),)))
    if file.seq < 1:
        faults.append(FieldError("/seq", "bad-value", (("format", "1, 2, 3 …"),)))
    if file.seq > 1 and not is_hex(file.prev, digits=_HASH_DIGITS):
        form = "上一次抽取的承诺 C（64 位十六进制） | C of the draw before, 64 hex digits"
        faults.append(FieldError("/prev", "bad-value", (("format", form),)))
    if file.seq == 1 and file.prev:
        faults.append(FieldError("/prev", "bad-value", (("format", 'seq 为 1 时留空 | "" where seq is 1'),)))
    return faults


def read_plan(path: Path, lang: Lang) -> PlanFile:
    """Read a plan file.

    Raises:
        RefusalError: it is no JSON, or has other members than a plan.
        OSError: it cannot be read.
    """
    try:
        # Editors on Windows put a byte order mark before UTF-8.
        value = strict_json(path.read_bytes().decode("utf-8-sig"))
        return PlanFile.model_validate(value)
    except UnicodeDecodeError:
        raise RefusalError(
            f"{path} 不是 UTF-8 文本，请另存为 UTF-8",
            f"{path} is not UTF-8; save it as such",
            code=UNREADABLE,
        ) from None
    except Refused as refused:
        raise RefusalError(
            f"{path} 不是有效的 JSON：{dr1_zh(refused)}",
            f"{path} is not valid JSON: {refused.detail}",
            code=UNREADABLE,
        ) from refused
    except ValidationError as error:
        lines = [_pydantic_line(dict(bad), lang) for bad in error.errors()]
        raise _refusal(lines) from error


def _pydantic_line(bad: dict[str, object], lang: Lang) -> str:
    where = bad["loc"]
    pointer = "".join(f"/{step}" for step in where) if isinstance(where, tuple) else ""
    return f"{pointer} {payload_words(bad, lang)}"


def _refuse(faults: list[FieldError] | tuple[FieldError, ...], lang: Lang) -> None:
    if faults:
        raise _refusal([field_line(fault, lang) for fault in faults])


def _refusal(lines: list[str]) -> RefusalError:
    return RefusalError(
        f"计划文件有 {len(lines)} 处需要更正，没有抽取",
        f"{len(lines)} things to mend in the plan file; nothing was drawn",
        code=REFUSED,
        details=lines,
    )
