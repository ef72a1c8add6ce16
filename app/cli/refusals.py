"""How commands refuse: one line that says what to mend, in Chinese and English, and an exit code."""

import errno
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, NoReturn

import typer

from app.adapters.record_files import CannotOpenError
from app.adapters.whole_files import ExistsError
from app.domain.draw.basics.text import Refused
from app.domain.errors import DomainError, FieldError
from app.messages import coded, has_text, text
from app.services.registers.landing import BadRow

REFUSED: Final = 1
UNREADABLE: Final = 2
"""The command line is wrong, or a file cannot be read or written."""

MOST_LINES: Final = 100
"""Bad rows that are listed one by one; of the others it says how many there are."""

Lang = Literal["zh", "en"]

_CAUSES_ZH: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ENOENT: "没有此文件或目录，请核对路径",
        errno.EACCES: "没有权限",
        errno.EPERM: "没有权限",
        errno.EISDIR: "是目录，请给出文件",
        errno.ENOTDIR: "路径中有一段不是目录",
        errno.ENOSPC: "磁盘空间不足，请清理后重试",
        errno.EDQUOT: "磁盘配额已满，请清理后重试",
        errno.EFBIG: "文件超过允许的大小，请换一个位置",
        errno.EROFS: "磁盘只读，请换一个位置",
        errno.ENAMETOOLONG: "文件名过长",
    }
)


class RefusalError(Exception):
    """A command cannot do what was asked; `str()` is the line for the user."""

    def __init__(self, zh: str, en: str, *, code: int = REFUSED, details: Iterable[str] = ()) -> None:
        super().__init__(f"{zh} | {en}")
        self.code = code
        self.details = tuple(details)


def chosen_lang(text_given: str) -> Lang:
    """Read a `--lang` option.

    Raises:
        RefusalError: neither `zh` nor `en`.
    """
    if text_given == "zh":
        return "zh"
    if text_given == "en":
        return "en"
    raise RefusalError("--lang 应为 zh 或 en", "--lang takes zh or en", code=UNREADABLE)


@contextmanager
def refusals_told() -> Iterator[None]:
    """Tell whatever a command refuses in a line, after its details if it has some, and exit."""
    try:
        yield
    except RefusalError as refusal:
        _end(str(refusal), refusal.code, refusal.details)
    except ExistsError as there:
        _end(
            f"{there.path} 已存在：请换一个名称，或用 --force 覆盖 | "
            f"{there.path} exists: choose another name, or replace it with --force",
            UNREADABLE,
        )
    except CannotOpenError as error:
        _end(str(error), UNREADABLE)
    except Refused as refused:
        _end(f"不符合 DR1 规范：{dr1_zh(refused)} | DR1 refuses: {refused.detail}", REFUSED)
    except DomainError as error:
        slug = f"problem.{error.slug}"
        details = [field_line(field, "zh") for field in error.fields]
        _end(f"{text(slug, 'zh', **error.values)} | {text(slug, 'en', **error.values)}", REFUSED, details)
    except OSError as error:
        _end(_of_the_system(error), UNREADABLE)


def _end(line: str, code: int, details: Iterable[str] = ()) -> NoReturn:
    for detail in details:
        typer.echo(detail, err=True)
    typer.echo(line, err=True)
    raise typer.Exit(code)


def dr1_zh(refused: Refused) -> str:
    """What DR1 refuses, in Chinese; the detail in English names the value."""
    return coded("refusal", refused.code, "zh")


def _of_the_system(error: OSError) -> str:
    cause = error.strerror or type(error).__name__
    zh = _CAUSES_ZH.get(error.errno or 0, cause)
    where = f"{error.filename}：" if error.filename else ""
    return f"{where}{zh} | {cause}"


def warn(zh: str, en: str) -> None:
    """Say something that stops nothing."""
    typer.echo(f"注意 {zh} | warning: {en}", err=True)


def field_line(field: FieldError, lang: Lang) -> str:
    """A bad field of a plan, or a finding of a preflight, in words."""
    words = _words(("field", "row"), field.code, dict(field.values), lang)
    return f"{field.pointer} {words}".lstrip()


def row_line(file: Path, bad: BadRow, lang: Lang) -> str:
    """A bad row: file, row, column, what to mend."""
    words = _words(("row", "problem"), bad.code, dict(bad.values), lang)
    where = f"第 {bad.row} 行 {bad.field}" if lang == "zh" else f"row {bad.row} {bad.field}"
    return f"{file.name} {where.rstrip()}: {words}"


def _words(families: Iterable[str], code: str, values: Mapping[str, Any], lang: Lang) -> str:
    slug = next((s for s in (f"{family}.{code}" for family in families) if has_text(s)), None)
    if slug is not None:
        return text(slug, lang, **values)
    return " ".join((code, *(f"{name}={value}" for name, value in values.items())))


def listed(lines: Iterable[str]) -> list[str]:
    """At most so many lines, and how many more there are."""
    every = list(lines)
    more = len(every) - MOST_LINES
    return every if more <= 0 else [*every[:MOST_LINES], f"… 另有 {more} 条 | and {more} more"]
