"""Whatever is wrong is said in our own words, in Chinese and English, with what to mend (spec/api.md)."""

import ast
import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from importlib.resources import files
from pkgutil import walk_packages
from string import Formatter
from typing import Any, get_args

import pytest
from pydantic_core import _pydantic_core

import app.domain
import app.schemas
import app.services
from app.domain.access import Role
from app.domain.draw.basics import findings
from app.domain.eligibility import REASONS
from app.messages import LANGUAGES, coded, pattern, text
from app.messages.payload import payload_words

_ALL: list[dict[str, Any]] = [dict(one) for one in _pydantic_core.list_all_errors()]
_IMPOSSIBLE = {
    **dict.fromkeys(
        ("no_such_attribute", "get_attribute_error", "frozen_field", "frozen_instance"),
        "of Python objects and their attributes: payloads are read from JSON, forms and queries",
    ),
    **dict.fromkeys(
        ("is_instance_of", "is_subclass_of", "callable_type", "dataclass_type", "dataclass_exact_type"),
        "wants a Python object; no wire form has such a type",
    ),
    **dict.fromkeys(
        [
            *("missing_argument", "unexpected_keyword_argument", "missing_keyword_only_argument"),
            *("unexpected_positional_argument", "missing_positional_only_argument"),
            *("multiple_argument_values", "arguments_type"),
        ],
        "of calls that pydantic checks; none is",
    ),
    **dict.fromkeys(
        [
            *("named_tuple_type", "iterable_type", "iteration_error", "deque_type", "counter_type"),
            *("ordered_dict_type", "frozen_dict_type", "missing_sentinel_error", "ellipsis_error"),
            *("complex_type", "complex_str_parsing", "fraction_type", "fraction_parsing"),
        ],
        "a type that JSON does not know and no wire form uses",
    ),
    "needs_python_object": "a fault of a schema, not of a payload",
    "default_factory_not_called": "comes only beside the error that it follows from",
    "datetime_object_invalid": "of datetime objects; payloads give text or numbers",
    "assertion_error": "no validator asserts",
}
"""Types of pydantic's that no payload of ours can raise, and why."""


def _tables(lang: str) -> dict[str, str]:
    merged: dict[str, str] = {}
    for found in files("app.messages").iterdir():
        if found.name.endswith(f".{lang}.json"):
            merged |= json.loads(found.read_text(encoding="utf-8"))
    return merged


def latin_words(words: str) -> list[str]:
    """Two or more Latin words in a row: an English phrase, not a code or a name of a field."""
    return re.findall(r"[A-Za-z]{2,}(?: [A-Za-z]{2,})+", words)


def test_every_error_type_of_pydantic_has_our_words_or_cannot_occur() -> None:
    """The list is pydantic's own, so an update that adds a type fails here until it has its texts."""
    of_ours = {kind: f"field.{kind.replace('_', '-')}" for kind in (one["type"] for one in _ALL)}
    tables = {lang: _tables(lang) for lang in LANGUAGES}
    without = {kind for kind, slug in of_ours.items() if any(slug not in tables[lang] for lang in LANGUAGES)}
    assert without == set(_IMPOSSIBLE)
    assert len(of_ours) > 100


@pytest.mark.parametrize(
    "bad", [one for one in _ALL if one["type"] not in _IMPOSSIBLE], ids=lambda one: one["type"]
)
def test_the_words_name_the_limit_and_speak_one_language(bad: dict[str, Any]) -> None:
    """With the values of pydantic's own example of the error: none is missing, no English in the Chinese."""
    told = {
        "type": bad["type"],
        "loc": ("body", 0),
        "ctx": bad["example_context"],
        "msg": "Input should be X",
    }
    if told["ctx"] is None:
        del told["ctx"]
    zh, en = payload_words(told, "zh"), payload_words(told, "en")
    assert latin_words(zh) == [], zh
    assert re.search(r"[一-鿿]", zh), zh
    assert en.isascii(), en
    assert "Input should" not in en


@pytest.mark.parametrize(
    ("bad", "zh", "en"),
    [
        (
            {"type": "greater_than_equal", "ctx": {"ge": 2000}},
            "不得小于 2000",
            "must be 2000 or more",
        ),
        ({"type": "string_too_long", "ctx": {"max_length": 200}}, "200", "200 characters"),
        (
            {"type": "literal_error", "ctx": {"expected": "'csv', 'xlsx' or 'ndjson'"}},
            "可填：csv、xlsx、ndjson",
            "permitted: csv, xlsx, ndjson",
        ),
        ({"type": "literal_error", "ctx": {"expected": "1, 2 or 3"}}, "可填：1、2、3", "permitted: 1, 2, 3"),
        ({"type": "enum", "ctx": {"expected": "'a'"}}, "可填：a", "permitted: a"),
        (
            {"type": "json_invalid", "loc": ("body", 11), "ctx": {"error": "x"}},
            "第 12 个字符",
            "character 12",
        ),
        (
            {"type": "string_pattern_mismatch", "ctx": {"pattern": r"^20\d{2}-(0[1-9]|1[0-2])$"}},
            "年-月，如 2026-11",
            "year-month such as 2026-11",
        ),
        ({"type": "value_error", "msg": "Value error, Expected UploadFile"}, "上传的文件", "uploaded file"),
        ({"type": "not_of_pydantic"}, "请按接口说明更正", "see the description"),
    ],
)
def test_what_is_permitted_is_said(bad: dict[str, Any], zh: str, en: str) -> None:
    """OF1, OF8: the bound, the values and the form wanted, and no `or` between Chinese words."""
    assert zh in payload_words(bad, "zh")
    assert en in payload_words(bad, "en")
    assert " or " not in payload_words(bad, "zh")


def test_both_languages_have_the_same_texts_each_in_one_place() -> None:
    """So nobody meets a bare code, and no room of texts silently overrides another's."""
    slugs = [_slugs(lang) for lang in LANGUAGES]
    assert slugs[0] == slugs[1]
    assert [slug for slug, times in slugs[0].items() if times > 1] == []
    tables = [_tables(lang) for lang in LANGUAGES]
    for slug, words in tables[0].items():
        differing = _placeholders(words) ^ _placeholders(tables[1][slug])
        # The columns of a register have a name in each language.
        assert {name for name, _ in differing} <= {"column", "column_zh", "earlier"}, slug


def _slugs(lang: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in files("app.messages").iterdir():
        if one.name.endswith(f".{lang}.json"):
            found.update(json.loads(one.read_text(encoding="utf-8")).keys())
    return found


def _placeholders(words: str) -> set[tuple[str, str | None]]:
    return {(name, family) for _, name, family, _ in Formatter().parse(words) if name is not None}


def test_every_family_of_words_in_a_text_exists() -> None:
    """`{state:state}` needs texts `state.*`, in both languages."""
    for lang in LANGUAGES:
        table = _tables(lang)
        families = {family for words in table.values() for _, family in _placeholders(words) if family}
        assert {"state", "role", "officer", "refusal", "format", "void"} <= families
        assert [one for one in families if not any(slug.startswith(f"{one}.") for slug in table)] == []


def _modules(package: Any) -> Iterator[Any]:
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        yield import_module(found.name)


def _states() -> set[str]:
    """Every state there is: enumerations and literals named so, and what `wrong-state` is raised with."""
    states: set[str] = set()
    for module in (*_modules(app.domain), *_modules(app.schemas), *_modules(app.services)):
        for name, thing in vars(module).items():
            if inspect.isclass(thing) and issubclass(thing, StrEnum) and name == "State":
                states |= set(thing)
            elif name.endswith("State") and not inspect.isclass(thing):
                states |= {one for one in get_args(thing) if isinstance(one, str)}
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(call, ast.Call) and any(
                isinstance(one, ast.Constant) and one.value == "wrong-state" for one in call.args
            ):
                given = (one.value for one in call.keywords if isinstance(one.value, ast.Constant))
                states |= {code for one in given for code in str(one.value).split(", ")}
    return states


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("state", _states()),
        ("role", set(Role)),
        ("officer", {*REASONS, "unknown", "recused"}),
        ("void", {"roster-error", "law-change", "force-majeure", "court-order", "source-failure"}),
        ("refusal", set(findings._REFUSALS_ZH)),  # noqa: SLF001 - the only list of them
    ],
)
def test_states_reasons_and_roles_have_words(family: str, codes: set[str]) -> None:
    """OF8, OF16: not “approved” or “unknown” in a Chinese sentence, and no `checked_in` in an English one."""
    assert len(codes) >= 5
    tables = {lang: _tables(lang) for lang in LANGUAGES}
    assert [
        one for one in sorted(codes) if any(f"{family}.{one}" not in tables[lang] for lang in LANGUAGES)
    ] == []
    if family != "role":
        assert [one for one in sorted(codes) if not re.search("[一-鿿]", coded(family, one, "zh"))] == []
        assert [one for one in sorted(codes) if "_" in coded(family, one, "en")] == []


def test_codes_in_a_text_become_words() -> None:
    """By hand: two states, a format with its number, a code without a text, braces in what somebody sent."""
    told = text("problem.wrong-state", "zh", state="approved", wanted="draft, checked_in")
    assert told.startswith("当前状态为“已批准”，此操作要求：草稿、检查中。")
    assert "“approved”; this act needs: draft, checked in." in text(
        "problem.wrong-state", "en", state="approved", wanted="draft, checked_in"
    )
    assert text("problem.officer-may-not-go", "zh", inspector="nope", reason="unknown") == (
        "nope 不能参加本次检查：名录中没有此编号的检查人员，或其不在本辖区也未被调派。"
    )
    assert pattern("problem.wrong-state", "zh").startswith("当前状态为“…”，此操作要求：…。")
    assert text("field.source-value", "zh", format="digits:20") == "应为20 位数字（digits:20）"
    assert text("field.source-value", "en", format="{odd}") == "must be {odd}"


@pytest.mark.parametrize(
    ("months", "words"), [(1, "of 1 month:"), (3, "of 3 months:"), (21, "of 21 months:")]
)
def test_one_month_is_not_1_months(months: int, words: str) -> None:
    """OF8: an English sentence reads as one."""
    assert words in text("field.visits-straddle", "en", ends_on="2026-11-30", months=months)
