"""The checks of what the random value made of the frozen lines: entropy, selection (DR1 section 11)."""

from collections.abc import Iterable, Mapping
from itertools import zip_longest

from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.findings import Place, show
from app.domain.draw.basics.text import Refused
from app.domain.draw.entropy import beacon
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.record.record import drawn_object, stratum_object
from app.domain.draw.selection import draw_digest, select


def check_entropy(work: Recomputed) -> None:
    """The declared source, its formats, the drand signature.

    Raises:
        DifferenceError: at the first difference; so do all checks.
    """
    plan = work.plan
    try:
        work.beacon = beacon(
            plan.entropy, work.record.entropy, alg=plan.alg, chains=work.chains, bls=work.bls
        )
    except Refused as refusal:
        raise Place("entropy.json").refused(refusal) from refusal


def check_selection(work: Recomputed) -> None:
    """Strata, order, reasons, keys, ids."""
    record, plan = work.record, work.plan
    work.digest = draw_digest(work.commitment, work.beacon, hasher(plan.alg))
    id_of = dict(zip(record.identities.lines, record.identities.ids, strict=True))
    selection = select(
        work.lines,
        plan.strata,
        draw=work.digest,
        alg=plan.alg,
        # A line that the record does not open was not drawn; it differs before its id is compared.
        id_of=lambda line: id_of.get(line, ""),
        mapper=work.mapper,
    )
    compare_rows("strata.ndjson", map(stratum_object, selection.strata), map(stratum_object, record.strata))
    compare_rows("selection.ndjson", map(drawn_object, selection.drawn), map(drawn_object, record.selection))


def compare_rows(
    file: str, expected: Iterable[Mapping[str, object]], found: Iterable[Mapping[str, object]]
) -> None:
    """Compare a file line by line and member by member with what was recomputed.

    Raises:
        DifferenceError: at the first difference.
    """
    for row, (wanted, given) in enumerate(zip_longest(expected, found)):
        place = Place(file, row)
        if wanted is None:
            raise place.wrong("是多余的一行", "is one line too many")
        if given is None:
            raise place.wrong(f"缺少这一行，应为 {show(wanted)}", f"is missing, expected {show(wanted)}")
        for member, value in wanted.items():
            if given[member] != value:
                raise place.of(member).differs(expected=value, found=given[member])
