"""Mistakes on the command line, in Chinese and English: the library that reads it knows English only."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer

from app.messages.payload import payload_words

_CHINESE: Final = re.compile("[一-鿿]")
_SAID: Final = tuple(
    (re.compile(said), zh)
    for said, zh in (
        (r"No such option: (\S+).*", "没有选项 {0}"),
        (r"No such command '(.*)'\.", "没有命令 {0}"),
        (r"Missing command\.", "缺少命令"),
        (r"Option '(.*)' requires .*", "选项 {0} 后面缺少值"),
        (r"Option '(.*)' does not take a value\.", "选项 {0} 不带值"),
        (r"Got unexpected extra argument\(s\) \((.*)\)", "多余的参数：{0}"),
        (r"(?s)Missing (?:option|argument) (.*?)\..*", "缺少 {0}"),
        (r".* does not match the formats .*", "应为日期，如 2026-11-02"),
        (r".* is not one of (.*)\.", "可填：{0}"),
        (r"\S+ '?(.*?)'? does not exist\.", "没有此文件或目录：{0}"),
    )
)
"""What the library says, and the same in Chinese; the parts are what was typed."""


class WrongUsageError(typer.BadParameter):
    """A mistake on the command line in both languages; shown with the command's usage, exit code 2."""

    def format_message(self) -> str:
        """Give the line as it is: it names its option already."""
        return self.message


@contextmanager
def usage_told() -> Iterator[None]:
    """Tell what cannot be read on a command line in Chinese and English.

    Raises:
        WrongUsageError: in the place of what the library raises.
    """
    try:
        yield
    except typer.TyperException as error:
        said = str(getattr(error, "format_message", lambda: "")())
        if _CHINESE.search(said) or not (line := _bilingual(error, said)):
            raise
        raise WrongUsageError(line, ctx=getattr(error, "ctx", None)) from error


def _bilingual(error: typer.TyperException, said: str) -> str | None:
    """The line, or None of what is no mistake, such as the help that a bare command shows."""
    hint = _hint(error)
    found = getattr(error.__cause__, "errors", None)
    if found is not None:
        bad: dict[str, Any] = found()[0]
        if bad["type"] != "value_error":
            zh, en = payload_words(bad, "zh"), payload_words(bad, "en")
            return f"{hint} {zh} | {hint} {en}".strip()
        said = str(bad["msg"]).removeprefix("Value error, ")
        return f"{hint} {_in_chinese(said) or '不接受此值'} | {hint} {said}"
    zh_said = _in_chinese(getattr(error, "message", "") or said)
    return None if zh_said is None else f"{hint} {zh_said} | {said}".strip()


def _in_chinese(said: str) -> str | None:
    for form, zh in _SAID:
        if parts := form.fullmatch(said):
            return zh.format(*parts.groups())
    return None


def _hint(error: typer.TyperException) -> str:
    """The option that is wrong, as it is typed."""
    param = getattr(error, "param", None)
    return "" if param is None or not getattr(error, "message", "") else str(param.opts[0])
