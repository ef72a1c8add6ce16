"""Inspection items on the wire."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from app.domain.items import Item


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
