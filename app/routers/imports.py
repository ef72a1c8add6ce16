"""Register files handed in, and the jobs that carry them out."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, UploadFile

from app.acts import ActRoute, Answer
from app.deps import ActDep, LookDep, allow
from app.problems import language
from app.schemas.jobs import JobRead
from app.services.registers import importing, jobs
from app.services.registers.importing import Options, RegisterName

router = APIRouter(tags=["名录库 registers"], route_class=ActRoute)

Language = Annotated[str, Depends(language)]


@router.post(
    "/v1/imports",
    status_code=202,
    dependencies=allow("registers.write"),
    response_model=JobRead,
    summary="导入名录 Import a register file",
)
def import_file(
    act: ActDep,
    lang: Language,
    file: UploadFile,
    name: Annotated[RegisterName, Form(alias="register", description="名录 (which register)")],
    dry_run: Annotated[bool, Form(description="只检查，不写入 (report only)")] = False,
    on_error: Annotated[Literal["skip", "abort"], Form(description="遇错跳过或整体放弃")] = "skip",
    mode: Annotated[Literal["delta", "full"], Form(description="增量或全量；全量标记未见，不注销")] = "delta",
) -> Answer:
    """Take a CSV, XLSX or NDJSON file; the job in `Location` tells row by row what came of it."""
    options = Options(register=name, dry_run=dry_run, on_error=on_error, mode=mode)
    job = importing.hand_in(act, options, filename=file.filename or "", content=file.file.read())
    return Answer(JobRead.of(jobs.handed_in(job), lang), headers={"Location": f"/v1/jobs/{job.id}"})


@router.get(
    "/v1/jobs/{job_id}",
    dependencies=allow("jobs.read"),
    response_model=JobRead,
    summary="作业进度与结果 A job",
)
def read_job(job_id: str, look: LookDep, lang: Language) -> Answer:
    """How far a job is, its result, and the errors of rows in the caller's language."""
    return Answer(JobRead.of(jobs.report(look, job_id), lang), headers={"Vary": "Accept-Language"})
