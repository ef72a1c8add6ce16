"""A draw without a server, in two steps: commit and seal, then draw with the random value that came after.

The sealed draw is an audit record before its random value: `double-random verify` checks it as it stands, and
a process that dies between the steps loses nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from app.adapters.record_files import open_record, write_folder, write_zip
from app.adapters.whole_files import check_folder_free, check_free, whole_file, whole_folder
from app.cli.offline_plan import OfflinePlan
from app.cli.progress import Steps
from app.cli.refusals import RefusalError
from app.domain.draw.basics.lines import RosterLine
from app.domain.draw.conduct import Held, Prepared, conduct, prepare
from app.domain.draw.entropy import Given
from app.domain.draw.freeze import freeze
from app.domain.draw.record.reading import ALL_FILES, Record
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.record.record import Files, audit_record, public_record
from app.domain.draw.record.source import LIMITS
from app.domain.draw.verifier.verify import recompute
from app.domain.freezing import FreezeInput
from app.domain.rounds import committed_entropy
from app.services.ports import Chance

_ZIP: Final = ".zip"
_SEALED: Final = "-sealed.zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the files of a draw go: the audit record under the name asked for, the others beside it."""

    audit: Path
    public: Path
    sealed: Path
    commitment: Path
    plan: Path
    values: Path

    @classmethod
    def beside(cls, audit: Path) -> Self:
        """By the name of the audit record: a zip if it ends so, else a folder."""
        zipped = audit.suffix.lower() == _ZIP
        stem = audit.name[: -len(_ZIP)] if zipped else audit.name
        return cls(
            audit=audit,
            public=audit.with_name(f"{stem}-public{_ZIP if zipped else ''}"),
            sealed=audit.with_name(f"{stem}{_SEALED}"),
            commitment=audit.with_name(f"{stem}-commitment.txt"),
            plan=audit.with_name(f"{stem}-plan.json"),
            values=audit.with_name(f"{stem}-values.ndjson"),
        )

    @classmethod
    def of_sealed(cls, sealed: Path, audit: Path | None) -> Self:
        """By the name of the sealed draw; the audit record may be asked to go elsewhere."""
        stem = sealed.name.removesuffix(_SEALED).removesuffix(_ZIP)
        beside = cls.beside(audit or sealed.with_name(f"{stem}{_ZIP}"))
        return replace(beside, sealed=sealed, values=sealed.with_name(f"{stem}-values.ndjson"))

    def check_free(self, *, force: bool) -> None:
        """See that nothing stands in the way, least of all a draw that is committed but not yet held.

        Raises:
            RefusalError: there is such a draw.
            ExistsError: a file of an older draw is there, and it was not asked to be replaced.
        """
        if self.sealed.exists():
            raise RefusalError(
                f"{self.sealed} 是已承诺而未抽取的一次抽取：请用 --resume 继续，不能另抽",
                f"{self.sealed} is a committed draw that was not held: go on with --resume",
            )
        for path in (self.commitment, self.plan, self.values):
            check_free(path, replace=force)
        self.check_records_free(force=force)

    def check_records_free(self, *, force: bool) -> None:
        """See that both records may be written.

        Raises:
            ExistsError: they may not.
        """
        for path in (self.audit, self.public):
            if path.suffix.lower() == _ZIP:
                check_free(path, replace=force)
            else:
                check_folder_free(path, replaceable=ALL_FILES if force else ())


@dataclass(frozen=True, slots=True)
class Sealed:
    """A committed draw with its secret."""

    prepared: Prepared
    secret: str


def commit_plan(
    plan: OfflinePlan, lists: FreezeInput, *, chance: Chance, now: datetime, lead_s: int, steps: Steps
) -> Sealed:
    """Freeze the lists under a fresh secret and commit to the plan.

    Raises:
        RuleBroken: a drand round that is too near, too far, or of an unknown chain.
        Refused: something that DR1 refuses.
    """
    entropy = committed_entropy(
        plan.draft.entropy, chains=chance.chains, now=now, lead_s=lead_s, reveal_by=plan.draft.reveal_by
    )
    secret = chance.new_secret()
    prepared = prepare(
        secret=secret,
        terms=plan.terms(strata=lists.strata, entropy=entropy),
        roster=steps.follow("冻结名录 freezing", lists.roster, total=len(lists.roster)),
        inspectors=lists.inspectors,
        recusals=lists.recusals,
        mapper=steps.followed("计算承诺 hashing", chance.mapper),
    )
    return Sealed(prepared, secret)


def seal(sealed: Sealed, places: Places, *, force: bool) -> None:
    """Write the sealed draw first, then what is published of it: plan and commitment."""
    prepared = sealed.prepared
    files = audit_record(
        plan=prepared.plan_bytes, frozen=prepared.frozen, drawing=None, secret=sealed.secret, deal=None
    )
    places.values.unlink(missing_ok=True)
    with whole_file(places.sealed, private=True) as path:
        write_zip(path, files)
    publish(prepared, places, force=force)


def publish(prepared: Prepared, places: Places, *, force: bool) -> None:
    """Write what everybody is to see before the random value: plan and commitment."""
    with whole_file(places.plan, replace=force) as path:
        path.write_bytes(prepared.plan_bytes)
    with whole_file(places.commitment, replace=force) as path:
        path.write_text(prepared.commitment + "\n", encoding="ascii")


def reopen(path: Path, *, chance: Chance, steps: Steps) -> Sealed:
    """Read a sealed draw, after the verifier has found everything in it as it was committed.

    Raises:
        RefusalError: it is none, it was held already, or it is not what was committed.
        CannotOpenError: there is nothing to be opened.
    """
    mapper = steps.followed("核对名录 verifying", chance.mapper)
    with open_record(path) as source:
        work = Recomputed(source=source, limits=LIMITS, bls=chance.bls, chains=chance.chains, mapper=mapper)
        report = recompute(work)
    failed = next((check for check in report.checks if check.status == "failed"), None)
    if failed is not None:
        raise RefusalError(
            f"{path} 与承诺不符：{failed.check} {failed.detail}", f"{path} is not what was committed"
        )
    record = work.record
    if record.holdings.drawn or not record.holdings.audit:
        raise RefusalError(
            f"{path} 不是待抽取的文件（应为 …{_SEALED}）；已抽取的不能再抽",
            f"{path} is no sealed draw (…{_SEALED}); what was drawn is not drawn again",
        )
    frozen = freeze(
        alg=work.plan.alg,
        secret=record.secret,
        roster=_roster(record),
        inspectors=record.inspectors,
        recusals=record.recusals,
        mapper=mapper,
    )
    return Sealed(Prepared(work.plan, record.plan_bytes, work.commitment, frozen), record.secret)


def _roster(record: Record) -> Iterable[RosterLine]:
    """The roster again; an audit record opens every line, in line order."""
    lines, opened = record.lines, record.identities
    columns = (opened.ids, lines.strata, lines.tickets, lines.draws_left, opened.needs, opened.notes)
    return (RosterLine(*row) for row in zip(*columns, strict=True))


def hold(sealed: Sealed, given: Given, *, chance: Chance, steps: Steps) -> Held:
    """Draw.

    Raises:
        Refused: not the randomness that the plan declared.
    """
    return conduct(
        sealed.prepared,
        secret=sealed.secret,
        given=given,
        chains=chance.chains,
        bls=chance.bls,
        mapper=steps.followed("抽取 drawing", chance.mapper),
    )


def keep_records(sealed: Sealed, held: Held, places: Places, *, force: bool) -> None:
    """Write both records; only then the sealed draw, which the audit record replaces, goes."""
    prepared = sealed.prepared
    plan, frozen = prepared.plan_bytes, prepared.frozen
    _write(places.public, public_record(plan=plan, frozen=frozen, drawing=held.drawing), force=force)
    audit = audit_record(plan=plan, frozen=frozen, drawing=held.drawing, secret=sealed.secret, deal=held.deal)
    _write(places.audit, audit, force=force)
    places.sealed.unlink(missing_ok=True)
    places.values.unlink(missing_ok=True)


def _write(path: Path, files: Files, *, force: bool) -> None:
    # Until the visits are over the public record is as secret as the other: it names who will be visited.
    if path.suffix.lower() == _ZIP:
        with whole_file(path, private=True, replace=force) as writing:
            write_zip(writing, files)
        return
    with whole_folder(path, replaceable=ALL_FILES if force else ()) as writing:
        write_folder(writing, files)
