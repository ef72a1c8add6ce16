"""Rules in words: what a policy or clocks document says, line by line, in Chinese and English."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Self

from pydantic import BaseModel, Field

from app.domain.fieldwork.codes import RESULT_CODES
from app.domain.policies.explained import Named, RuleLine, Value
from app.domain.registers.columns import REGIMES, RELATIONS, SUBTYPES, VISIT_KINDS, Code
from app.messages import has_text, text
from app.services.planning import law
from app.services.planning.policy_reading import Explained


class RuleRead(BaseModel):
    """One rule with its basis, and where it stands in its document."""

    section: str = Field(examples=["frequency"])
    code: str = Field(examples=["frequency.calendar"])
    text: str = Field(examples=["娱乐场所（3 级）：每个日历窗口（1 个月）至少检查 1 次"])
    text_en: str
    basis: str = Field(description="依据 (legal basis)")
    source: str = Field(description="数值来源 (where the number is from)")
    source_text: str
    document: str = Field(description="所在文件的 SHA-256 摘要 (digest of the document)")
    at: str = Field(description="在文件中的位置 (JSON Pointer into the document)")

    @classmethod
    def of(cls, line: RuleLine, *, document: Mapping[str, Any], digest: str) -> Self:
        """From a rule of a document."""
        return cls(
            section=line.section,
            code=line.code,
            text=_said(line, "zh"),
            text_en=_said(line, "en"),
            basis=line.basis,
            source=line.source,
            source_text=document["sources"][line.source],
            document=digest,
            at=line.at,
        )


class ExplanationRead(BaseModel):
    """A document in words."""

    code: str
    version: int
    region: str
    valid_from: date
    in_force_to: date | None
    items: list[RuleRead]

    @classmethod
    def of(cls, explained: Explained) -> Self:
        """From a version and its rules."""
        published = explained.seen.published
        document = published.document
        return cls(
            code=document["code"],
            version=document["version"],
            region=document["region"],
            valid_from=date.fromisoformat(document["valid_from"]),
            in_force_to=explained.seen.in_force_to,
            items=rules_read(explained.rules, document=document, digest=published.digests["sha256"]),
        )


def rules_read(rules: tuple[RuleLine, ...], *, document: Mapping[str, Any], digest: str) -> list[RuleRead]:
    """Some rules of a document."""
    return [RuleRead.of(line, document=document, digest=digest) for line in rules]


def _said(line: RuleLine, lang: str) -> str:
    return text(
        f"rule.{line.code}", lang, **{name: _words(value, lang) for name, value in line.values.items()}
    )


def _words(value: Value, lang: str) -> str:
    if not isinstance(value, Named):
        return str(value)
    if value.table == "who":
        return _who(value.codes, lang)
    name = _TABLES.get(value.table, _in_messages(value.table))
    return text("name.separator", lang).join(name(code, lang) for code in value.codes)


def _who(codes: tuple[str, ...], lang: str) -> str:
    regime, level, subtype, *credit = codes
    parts = [_labels(SUBTYPES[regime])(subtype, lang)] if subtype else []
    parts += [text("name.level", lang, level=level)] if level else []
    parts += [text("name.credit-class", lang, credit_class=one) for one in credit]
    named = _labels(REGIMES)(regime, lang)
    inside = text("name.separator", lang).join(parts)
    return f"{named}（{inside}）" if parts and lang == "zh" else f"{named} ({inside})" if parts else named


def _labels(codes: tuple[Code, ...]) -> Callable[[str, str], str]:
    labels = {code.value: code.label for code in codes}
    return lambda code, lang: labels[code] if lang == "zh" else code.replace("_", " ")


def _result(code: str, lang: str) -> str:
    known = RESULT_CODES[code]
    return f"{code} {known.zh if lang == 'zh' else known.en}"


def _item(code: str, lang: str) -> str:
    found = law.items(date.max).get(code)
    return code if found is None else str(found.document["name"][lang])


def _plain(code: str, _lang: str) -> str:
    return code


def _in_messages(table: str) -> Callable[[str, str], str]:
    def name(code: str, lang: str) -> str:
        slug = f"name.{table}.{code}"
        return text(slug, lang) if has_text(slug) else code

    return name


_TABLES: Mapping[str, Callable[[str, str], str]] = MappingProxyType(
    {
        "regime": _labels(REGIMES),
        "relation": _labels(RELATIONS),
        "visit-kind": _labels(VISIT_KINDS),
        "result-code": _result,
        "item": _item,
        "month": _plain,
        "day": _plain,
    }
)
