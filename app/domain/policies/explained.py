"""A document's rules one by one, each with numbers, basis and source: for everybody, or for one registration.

The words for each rule stand in the application's texts under `rule.<code>`; here are the codes and values.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """Codes to be said in words: of which table, and which of it."""

    table: str
    codes: tuple[str, ...]


Value = int | str | Named


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule.

    Attributes:
        section: what it is about, such as `tickets` or `recusal`.
        code: which rule: its text is `rule.<code>`.
        values: what the text needs.
        basis: the legal basis.
        source: which of the document's sources the number is from.
        at: JSON Pointer to the rule in its document.
    """

    section: str
    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    basis: str
    source: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A registration that rules are about.

    Attributes:
        regime, level, subtype: what it is registered as; `level` as the policy treats it.
        items: codes of the inspection items that inspect it.
        credit_class: its class of credit risk on the day, where it has one.
    """

    regime: str
    level: int | None
    subtype: str | None
    items: tuple[str, ...]
    credit_class: str | None = None

    def fits(self, rule: Document) -> bool:
        """Tell whether a rule for some regimes, levels or subtypes is about it."""
        own = {
            "regime": self.regime,
            "level": self.level,
            "subtype": self.subtype,
            "credit_class": self.credit_class,
        }
        return all(rule.get(name) in {None, value} for name, value in own.items())


@dataclass(frozen=True, slots=True)
class Section:
    """Makes the lines of one section of a document."""

    name: str

    def line(self, code: str, rule: Document, at: str, **values: Value) -> RuleLine:
        """Give the line of a rule that names its basis."""
        return RuleLine(
            section=self.name, code=code, values=values, basis=rule["basis"], source=rule["source"], at=at
        )


def who(rule: Document) -> Named:
    """Name the registrations that a rule is about."""
    parts = (rule["regime"], str(rule.get("level", "")), rule.get("subtype", ""))
    return Named("who", (*parts, rule["credit_class"]) if "credit_class" in rule else parts)


def placed(rules: Iterable[Document], at: str, subject: Subject | None) -> Iterator[tuple[Document, str]]:
    """Give the rules of a list that are about a registration, each with its pointer; all of them for None."""
    for place, rule in enumerate(rules):
        if subject is None or subject.fits(rule):
            yield rule, f"{at}/{place}"
