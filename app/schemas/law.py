"""Inspection items and policies on the wire."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, Field

from app.domain.items import Item
from app.services.planning.law import PublishedPolicy


class LegalBasis(BaseModel):
    """A law and its articles."""

    law: str = Field(examples=["娱乐场所管理条例"])
    articles: list[str] = Field(examples=[["第三条"]])
    note: str | None


class ChecklistEntry(BaseModel):
    """One thing to be checked."""

    id: str
    slug: str
    text: str
    basis: list[LegalBasis]


class ItemRead(BaseModel):
    """An inspection item 抽查事项 in the version in force."""

    code: str = Field(examples=["psb.venues"])
    version: int
    valid_from: date
    valid_to: date | None
    name: str
    name_en: str
    agency: str
    regimes: list[str]
    joinable_regimes: list[str]
    slots: list[list[str]]
    subject: str
    basis: list[LegalBasis]
    checklist: list[ChecklistEntry]
    note: str | None

    @classmethod
    def of(cls, item: Item) -> Self:
        """From its document."""
        names = item.document["name"]
        return cls.model_validate({**item.document, "name": names["zh"], "name_en": names["en"]})


class ItemsRead(BaseModel):
    """All items in force."""

    items: list[ItemRead]


class PolicyRead(BaseModel):
    """A policy 抽查规则 as published; its digest is that of the document by RFC 8785."""

    code: str
    version: int
    name: str
    name_en: str
    region: str
    valid_from: date
    valid_to: date | None
    digests: dict[str, str] = Field(description="按算法的文件摘要 (H(JCS(document)) by algorithm)")
    document: dict[str, Any]

    @classmethod
    def of(cls, published: PublishedPolicy) -> Self:
        """From the document."""
        document = dict(published.document)
        names = document["name"]
        return cls.model_validate(
            {
                **{name: document[name] for name in ("code", "version", "region", "valid_from", "valid_to")},
                "name": names["zh"],
                "name_en": names["en"],
                "digests": dict(published.digests),
                "document": document,
            }
        )


class PoliciesRead(BaseModel):
    """All policies, old versions included."""

    items: list[PolicyRead]
