"""The course of a draw at one desk: read the registers, commit, take the random value, draw, keep records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.cli import draw_words, offline_draw
from app.cli.ceremony import (
    ValuesKept,
    collect,
    drand_proof,
    parse_values,
    read_entropy,
    refuse_silence,
)
from app.cli.offline_draw import Places, Sealed
from app.cli.offline_plan import OfflinePlan, read_plan
from app.cli.progress import Steps, steps
from app.cli.refusals import UNREADABLE, Lang, RefusalError, field_line, row_line, warn
from app.cli.register_files import RegisterRows, check_references, read_register, refuse_bad_rows
from app.domain.draw.entropy import (
    CeremonyEntropy,
    CeremonyValues,
    DrandEntropy,
    Given,
    parse_entropy,
)
from app.domain.errors import FieldError
from app.domain.findings import Finding
from app.domain.freezing import FreezeInput, RegisterFacts, freeze_input
from app.domain.register_facts import declared_recusal, officer, premises_from
from app.domain.registers import ENTITIES, INSPECTORS, RECUSALS, REGISTERS, RISK_EVENTS, VISITS
from app.services.ports import Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the command line says of the random value."""

    values: tuple[str, ...] = ()
    entropy: Path | None = None
    signature: str | None = None

    @property
    def anything(self) -> bool:
        """Whether it says anything."""
        return bool(self.values) or self.entropy is not None or self.signature is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a draw is held with: chance and the clock, how far ahead a drand round lies (seconds), options.

    `policy` is a policy file in place of the policy that comes with the application.
    """

    chance: Chance
    now: datetime
    lead_s: int
    lang: Lang = "zh"
    force: bool = False
    policy: Path | None = None


def hold_new(
    plan_path: Path, files: Mapping[str, Path], out: Path, told: Told, *, desk: Desk, commit_only: bool
) -> None:
    """Commit to a new draw and, unless its random value cannot be known yet, hold it.

    Raises:
        RefusalError: with what to mend; nothing was committed then.
        DomainError: a rule of planning that is broken.
        Refused: something that DR1 refuses.
    """
    places = Places.beside(out)
    places.check_free(force=desk.force)
    file = read_plan(plan_path, desk.lang)
    plan = OfflinePlan.of(file, now=desk.now, lang=desk.lang, policy=desk.policy)
    later = commit_only or plan.draft.entropy["kind"] == "drand"
    if later and told.anything:
        raise RefusalError(
            "随机值在承诺之后才产生：请先提交承诺，再用 --resume 给出",
            "the random value comes after the commitment: commit first, then give it with --resume",
            code=UNREADABLE,
        )
    if not later:
        _check_values_first(parse_entropy(dict(plan.draft.entropy)), told)
    sealed = _committed(plan, files, places, desk=desk)
    if later:
        draw_words.tell_how_to_go_on(sealed.prepared.plan.entropy, places, chains=desk.chance.chains)
        return
    if told.anything:
        warn(
            "随机值与承诺在同一命令中给出：记录可以核验计算，但不能证明承诺在先",
            "the values came with the command that committed: the record proves the result, not the order",
        )
    _finish(sealed, places, told, desk=desk)


def _committed(plan: OfflinePlan, files: Mapping[str, Path], places: Places, *, desk: Desk) -> Sealed:
    with steps() as bars:
        lists = _lists(plan, files, desk=desk, bars=bars)
        sealed = offline_draw.commit_plan(
            plan, lists, chance=desk.chance, now=desk.now, lead_s=desk.lead_s, steps=bars
        )
        offline_draw.seal(sealed, places, force=desk.force)
    draw_words.tell_commitment(sealed.prepared, places)
    return sealed


def hold_sealed(sealed_path: Path, out: Path | None, told: Told, *, desk: Desk) -> None:
    """Hold a draw that was committed before.

    Raises:
        RefusalError: with what to mend; the sealed draw stays as it is.
        Refused: not the randomness that the plan declared.
    """
    places = Places.of_sealed(sealed_path, out)
    places.check_records_free(force=desk.force)
    with steps() as bars:
        sealed = offline_draw.reopen(sealed_path, chance=desk.chance, steps=bars)
    if not places.commitment.exists():
        offline_draw.publish(sealed.prepared, places, force=True)
    draw_words.tell_commitment(sealed.prepared, places)
    _finish(sealed, places, told, desk=desk)


def _finish(sealed: Sealed, places: Places, told: Told, *, desk: Desk) -> None:
    declared = sealed.prepared.plan.entropy
    if isinstance(declared, DrandEntropy):
        given = _drand(declared, told, desk=desk)
    else:
        given = collect(declared, _ceremony_values(declared, told), ValuesKept(places.values))
    with steps() as bars:
        held = offline_draw.hold(sealed, given, chance=desk.chance, steps=bars)
        offline_draw.keep_records(sealed, held, places, force=desk.force)
    draw_words.tell_result(sealed.prepared, held, places)


def _check_values_first(declared: object, told: Told) -> None:
    """See, before anything is committed, that the values given are usable and the rest can be asked for."""
    if isinstance(declared, CeremonyEntropy):
        values = _ceremony_values(declared, told)
        refuse_silence([source for source in declared.sources if source.name not in values])


def _ceremony_values(declared: CeremonyEntropy, told: Told) -> dict[str, str]:
    if told.signature is not None:
        raise _other_kind("ceremony")
    if told.entropy is None:
        return parse_values(told.values, declared)
    given = read_entropy(told.entropy)
    if not isinstance(given, CeremonyValues):
        raise _other_kind("ceremony")
    return parse_values([*(f"{source}={value}" for source, value in given.values), *told.values], declared)


def _drand(declared: DrandEntropy, told: Told, *, desk: Desk) -> Given:
    if told.values:
        raise _other_kind("drand")
    if told.signature is not None:
        return drand_proof(declared, told.signature)
    if told.entropy is not None:
        return read_entropy(told.entropy)
    at = draw_words.published_at(declared, desk.chance.chains)
    raise RefusalError(
        f"drand 第 {declared.round} 轮于 {at:%Y-%m-%d %H:%M:%S}Z 产生：请用 --entropy 或 --signature 给出",
        f"drand round {declared.round} is published at {at:%Y-%m-%d %H:%M:%S}Z: "
        "give it with --entropy or --signature",
    )


def _other_kind(kind: str) -> RefusalError:
    return RefusalError(
        f"计划约定的随机源是 {kind}，与给出的不符",
        f"the plan's randomness is of the kind {kind}; another was given",
        code=UNREADABLE,
    )


def _lists(plan: OfflinePlan, files: Mapping[str, Path], *, desk: Desk, bars: Steps) -> FreezeInput:
    """Read the registers and build the lists of the draw, or refuse with all that stands in the way."""
    found = {
        name: read_register(REGISTERS[name], path, steps=bars, lang=desk.lang) for name, path in files.items()
    }
    check_references(found.values())
    refuse_bad_rows(found.values(), desk.lang)
    for read in found.values():
        for header in read.unknown:
            warn(row_line(read.file, header, "zh"), row_line(read.file, header, "en"))
    lists = freeze_input(
        plan.draft,
        register_facts(found, region=plan.draft.region, known_since=plan.known_since),
        slots=plan.slots,
        item=plan.item,
        policy=plan.policy,
        policy_digest=plan.policy_digest,
        on=plan.on,
        draw_ends=plan.draw_ends,
        items=plan.items,
    )
    for warning in lists.preflight.warnings:
        warn(_finding(warning, "zh"), _finding(warning, "en"))
    if errors := lists.preflight.errors:
        raise RefusalError(
            f"预检发现 {len(errors)} 个问题，没有抽取",
            f"the preflight found {len(errors)} errors; nothing was drawn",
            details=[_finding(error, desk.lang) for error in errors],
        )
    return lists


def register_facts(
    found: Mapping[str, RegisterRows], *, region: str, known_since: date | None = None
) -> RegisterFacts:
    """What the files say, as facts of a region whose registers began to be kept on a day."""

    def rows(name: str) -> Iterable[Any]:
        return found[name].records if name in found else ()

    return RegisterFacts(
        premises=premises_from(
            rows(ENTITIES.name),
            risk_events=rows(RISK_EVENTS.name),
            visits=rows(VISITS.name),
            known_since=known_since,
        ),
        officers=[officer(row, region=region) for row in rows(INSPECTORS.name)],
        recusals=[declared_recusal(row) for row in rows(RECUSALS.name)],
    )


def _finding(finding: Finding, lang: Lang) -> str:
    return field_line(FieldError("", finding.code, finding.words()), lang)


def with_premises(facts: RegisterFacts, region: str) -> RegisterFacts:
    """The registers, if they have anything to visit: tables of zeros would look like a county kept well.

    Raises:
        RefusalError: they have nothing.
    """
    premises = [*facts.premises]
    if not premises:
        raise RefusalError(
            f"{region} 没有登记所选事项的检查对象：请核对 --region 和 --item，或先导入检查对象名录",
            f"no premises of these items are registered in {region}: check --region and --item, or import "
            "the entities first",
        )
    return replace(facts, premises=premises)
