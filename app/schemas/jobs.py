"""Jobs on the wire."""

from typing import Literal, Self, cast

from pydantic import BaseModel, Field

from app.messages import has_text, text
from app.services.registers.jobs import JobReport

JobState = Literal["queued", "running", "done", "failed"]


class RowErrorRead(BaseModel):
    """One bad row, or header, of a file."""

    row: int = Field(
        description="文件中的行号，表头为第 1 行 (row of the file, the header being 1)", examples=[17]
    )
    field: str = Field(examples=["uscc"])
    code: str = Field(examples=["bad-uscc"])
    message: str


class JobResult(BaseModel):
    """What came of an import; a dry run says what would have."""

    created: int
    updated: int
    unchanged: int
    rejected: int
    not_seen: int | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="全量导入未见的条数 (left out by this full import)",
    )


class JobRead(BaseModel):
    """A job 作业: how far it is, what came of it."""

    id: str
    state: JobState
    done: int
    total: int | None
    result: JobResult
    errors: list[RowErrorRead]
    errors_left_out: int = Field(
        exclude_if=lambda value: value == 0, description="未列出的错误数 (errors beyond those listed)"
    )

    @classmethod
    def of(cls, report: JobReport, lang: str) -> Self:
        """From a report, its messages in Chinese or English."""
        job = report.job
        return cls(
            id=job.id,
            state=cast("JobState", job.state),
            done=job.done,
            total=job.total,
            result=JobResult(**job.result),
            errors=[
                RowErrorRead(row=row, field=field, code=code, message=_message(code, lang, values))
                for row, field, code, values in report.errors
            ],
            errors_left_out=report.errors_left_out,
        )


def _message(code: str, lang: str, values: dict[str, str]) -> str:
    """The text of a row's rule, or of a problem of the file as a whole."""
    slug = f"row.{code}"
    return text(slug if has_text(slug) else f"problem.{code}", lang, **values)
