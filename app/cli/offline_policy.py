"""A policy file for a draw without a server: a county's own policy, as its service publishes it."""

from datetime import date
from pathlib import Path

from app.cli.refusals import REFUSED, UNREADABLE, Lang, RefusalError, field_line
from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.text import Refused
from app.domain.policies.document import policy_faults
from app.services.planning import law
from app.services.planning.law import PublishedPolicy


def read_policy(path: Path, *, region: str, on: date, lang: Lang) -> PublishedPolicy:
    """Read a policy: the document itself, or the answer of `GET /v1/public/policies/{digest}` around it.

    Args:
        path: of the file.
        region: where it must hold.
        on: the day on which it must hold.
        lang: of the listed faults.

    Raises:
        RefusalError: it is no JSON, has faults, or does not hold there on that day.
        OSError: it cannot be read.
    """
    document = _read(path)
    if isinstance(document, dict) and isinstance(document.get("document"), dict):
        document = document["document"]
    faults = policy_faults(document, items=law.item_codes())
    if faults or not isinstance(document, dict):
        raise RefusalError(
            f"规则文件有 {len(faults)} 处需要更正，没有抽取",
            f"{len(faults)} things to mend in the policy file; nothing was drawn",
            code=REFUSED,
            details=[field_line(fault, lang) for fault in faults],
        )
    text = law.canonical_text(document)
    version = law.version_in(text)
    if not (region.startswith(version.reach) and version.valid_from <= on <= version.own_end):
        raise RefusalError(
            f"{path} 在 {on} 不适用于 {region}", f"{path} does not hold in {region} on {on}", code=REFUSED
        )
    return law.policy_in(text)


def _read(path: Path) -> object:
    try:
        return strict_json(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, Refused) as error:
        raise RefusalError(
            f"{path} 不是有效的 UTF-8 JSON", f"{path} is not valid JSON in UTF-8", code=UNREADABLE
        ) from error
