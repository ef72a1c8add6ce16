"""The random value of a draw without a server: given with the command, typed, or read from a file.

What was accepted is kept at once beside the sealed draw, so that nobody who starts again gives another value.
"""

import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import typer

from app.cli.refusals import UNREADABLE, RefusalError, dr1_zh
from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.digest import sha256_hex
from app.domain.draw.basics.formats import check_value
from app.domain.draw.basics.text import Refused, is_hex
from app.domain.draw.entropy import (
    SIGNATURE_HEX_DIGITS,
    CeremonyEntropy,
    CeremonyValues,
    DrandEntropy,
    DrandProof,
    Given,
    Source,
    parse_given,
)


def parse_values(options: Iterable[str], declared: CeremonyEntropy) -> dict[str, str]:
    """Read `SOURCE=VALUE` options.

    Raises:
        RefusalError: not of that form, a source unknown or given twice, or a value out of its format.
    """
    formats = {source.name: source.format for source in declared.sources}
    values: dict[str, str] = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals or name not in formats or name in values:
            known = ", ".join(formats)
            raise RefusalError(
                f"--value 应为 来源=值，每个来源一次，来源为：{known}；现为 {option!a}",
                f"--value takes SOURCE=VALUE, once for each of {known}; found {option!a}",
                code=UNREADABLE,
            )
        values[name] = _in_format(Source(name, formats[name]), value)
    return values


def _in_format(source: Source, value: str) -> str:
    try:
        return check_value(source.format, value)
    except Refused as refused:
        raise RefusalError(
            f"{source.name} 的值不符合格式 {source.format}：{value!a}",
            f"the value of {source.name} is not exactly {source.format}: {value!a}",
            code=UNREADABLE,
        ) from refused


def read_entropy(path: Path) -> Given:
    """Read DR1's `entropy.json`; a drand relay's answer as it was saved is taken too.

    Raises:
        RefusalError: it is neither.
        OSError: it cannot be read.
    """
    try:
        value = strict_json(path.read_bytes())
        if isinstance(value, dict) and "kind" not in value and "signature" in value:
            value = {"kind": "drand"} | {
                name: value.get(name) for name in ("round", "signature", "randomness")
            }
        return parse_given(value)
    except Refused as refused:
        raise RefusalError(
            f"{path} 不是 entropy.json：{dr1_zh(refused)}",
            f"{path} is no entropy.json: {refused.detail}",
            code=UNREADABLE,
        ) from refused


def drand_proof(declared: DrandEntropy, signature: str) -> DrandProof:
    """Give a round by its signature alone; the randomness is its digest.

    Raises:
        RefusalError: not 96 hex digits.
    """
    if not is_hex(signature, digits=SIGNATURE_HEX_DIGITS):
        raise RefusalError(
            f"--signature 应为 {SIGNATURE_HEX_DIGITS} 位小写十六进制",
            f"--signature takes {SIGNATURE_HEX_DIGITS} lowercase hex digits",
            code=UNREADABLE,
        )
    return DrandProof(declared.round, signature, sha256_hex(bytes.fromhex(signature)))


class ValuesKept:
    """Values of a ceremony that were accepted, in a file of their own; none is ever changed."""

    def __init__(self, path: Path) -> None:
        """Read those of an earlier start.

        Raises:
            RefusalError: the file was changed or torn.
            OSError: it cannot be read.
        """
        self._path = path
        self.values: dict[str, str] = {}
        if not path.exists():
            return
        try:
            kept = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            self.values = {str(one["source"]): str(one["value"]) for one in kept}
        except (ValueError, KeyError, TypeError) as torn:
            raise RefusalError(
                f"{path} 已损坏：请对照见证人的记录，改正或删去有误的行",
                f"{path} is damaged: mend or delete the faulty line by what the witnesses wrote down",
                code=UNREADABLE,
            ) from torn

    def keep(self, source: str, value: str) -> None:
        """Accept a value.

        Raises:
            RefusalError: the source gave another one before.
        """
        if self.values.get(source, value) != value:
            raise RefusalError(
                f"{source} 已记下的值是 {self.values[source]}，不得更改",
                f"the value of {source} is already {self.values[source]} and cannot be changed",
            )
        if source in self.values:
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"source": source, "value": value}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.values[source] = value


def at_a_terminal() -> bool:
    """Tell whether somebody can be asked."""
    return sys.stdin.isatty()


def collect(declared: CeremonyEntropy, given: Mapping[str, str], kept: ValuesKept) -> CeremonyValues:
    """Bring a ceremony's values together: those given, those kept from an earlier start, the rest typed.

    Raises:
        RefusalError: a value contradicts a kept one, or some are missing and nobody can be asked.
    """
    for name, value in given.items():
        kept.keep(name, value)
    refuse_silence([source for source in declared.sources if source.name not in kept.values])
    for source in declared.sources:
        if source.name not in kept.values:
            kept.keep(source.name, _typed(source))
    return CeremonyValues(tuple((source.name, kept.values[source.name]) for source in declared.sources))


def refuse_silence(missing: Sequence[Source]) -> None:
    """Refuse to wait for values where nobody can type them.

    Raises:
        RefusalError: values are missing, and this is no terminal.
    """
    if missing and not at_a_terminal():
        wanted = " ".join(f"--value {source.name}=<{source.format}>" for source in missing)
        raise RefusalError(
            f"缺少随机值，而此处无法询问：请加 {wanted}，或先用 --commit-only 提交承诺",
            f"values are missing and nobody can be asked here: add {wanted}, or first --commit-only",
            code=UNREADABLE,
        )


def _typed(source: Source) -> str:
    """Ask until the value is exactly in its format; spaces and full-width forms are forgiven."""
    while True:
        answer = str(typer.prompt(f"请输入 {source.name} 的值（{source.format}） | value of {source.name}"))
        value = "".join(unicodedata.normalize("NFKC", answer).split())
        try:
            return check_value(source.format, value)
        except Refused:
            typer.echo(
                f"不符合格式 {source.format}，请重新输入 | not exactly {source.format}, again please",
                err=True,
            )
