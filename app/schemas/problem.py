"""RFC 9457 problem documents on the wire."""

from pydantic import BaseModel, Field


class BadField(BaseModel):
    """One bad field of the payload."""

    pointer: str = Field(description="JSON Pointer (RFC 6901)", examples=["/strata/0/rate"])
    code: str = Field(examples=["missing"])
    detail: str = Field(examples=["此项必填"])


class Problem(BaseModel):
    """What went wrong, and what to mend."""

    type: str = Field(examples=["/problems/wrong-state"])
    title: str = Field(examples=["状态不符"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["抽查计划尚未批准，不能提交抽取。"])
    instance: str | None = Field(
        default=None, description="request id", exclude_if=lambda value: value is None
    )
    errors: list[BadField] = []
