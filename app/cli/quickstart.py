"""`double-random quickstart`: the sample county and one complete draw over the service's own HTTP interface.

Each step carries an `Idempotency-Key` of its own, so a start that was cut short goes on where it stopped.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from app.cli.refusals import refusals_told
from app.cli.sample_visits import SampleVisits, officers_keys
from app.cli.serve import check_port, serve
from app.deps import House, new_uuid7, utc_now
from app.domain.access import Role
from app.domain.days import shanghai_day
from app.jobs.worker import Worker
from app.main import create_app, open_house
from app.services.access import create_key
from app.settings import Settings
from app.store import schema

REGION = "410928"
_REGISTERS = ("entities", "inspectors", "recusals", "risk-events", "visits")
_PLANNED_ITEM = "fire.units"
"""In December what is left of the year's draws has begun: then the next year is planned."""
_TWICE = (Role.WITNESS, Role.APPROVER)
_VALUES = (
    {"source": "dice-1", "value": "27182818284590452353"},
    {"source": "lottery", "value": "03,09,17,21,28,33+06"},
)


def quickstart(
    samples: Annotated[Path, typer.Option(help="样例县目录 | the sample county")] = Path("samples"),
) -> None:
    """准备样例县、完成一次抽取并启动服务 | the sample county, one complete draw, then serve."""
    settings = Settings()
    with refusals_told():
        check_port(settings)
    house = open_house(settings)
    schema.migrate(house.database)
    keys = _development_keys(house, settings.var / "dev-keys.json")
    draw = asyncio.run(Journey(house, keys, settings.var, samples).complete_draw())
    house.database.close()
    _say_where_to_look(settings, draw)
    serve()


def _development_keys(house: House, path: Path) -> dict[str, str]:
    """A key for each role, made once and kept in `var/dev-keys.json`."""
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    names = [(role.value, role) for role in Role] + [(f"{role.value}-2", role) for role in _TWICE]
    with house.database.unit_of_work() as session:
        keys = {
            name: create_key(
                session, new_id=new_uuid7(), role=role, region=REGION, name=f"dev {name}", now=utc_now()
            )[0]
            for name, role in names
        }
    written = path.with_suffix(".tmp")
    written.touch(mode=0o600)
    written.write_text(json.dumps(keys, indent=1), encoding="utf-8")
    written.rename(path)
    return keys


@dataclass(frozen=True, slots=True)
class Journey:
    """The main journey of spec/api.md, driven in this process."""

    house: House
    keys: dict[str, str]
    var: Path
    samples: Path

    async def complete_draw(self) -> dict[str, Any]:
        """The sample draw: found, or held now."""
        transport = httpx.ASGITransport(create_app(house=self.house))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=600) as http:
            found = (await http.get("/v1/public/draws", params={"state": "revealed"})).json()["items"]
            if found:
                draw: dict[str, Any] = found[-1]
                return draw
            for register in _REGISTERS:
                await self._import(http, register)
            return await self._hold(http)

    async def _post(
        self,
        http: httpx.AsyncClient,
        role: str,
        path: str,
        step: str,
        **body: Any,  # noqa: ANN401 - httpx's own options
    ) -> httpx.Response:
        return await self._call(http, self.keys[role], "POST", path, step, **body)

    async def _call(
        self,
        http: httpx.AsyncClient,
        key: str,
        method: str,
        path: str,
        step: str,
        **body: Any,  # noqa: ANN401 - httpx's own options
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}", **body.pop("headers", {})}
        if step:
            headers["Idempotency-Key"] = f"quickstart-{step}"
        answer = await http.request(method, path, headers=headers, **body)
        if answer.is_error:
            typer.echo(answer.json()["detail"], err=True)
            raise typer.Exit(1)
        return answer

    async def _import(self, http: httpx.AsyncClient, register: str) -> None:
        typer.echo(f"导入 {register} …", nl=False)
        content = await asyncio.to_thread((self.samples / f"{register}.csv").read_bytes)
        answer = await self._post(
            http,
            "registrar",
            "/v1/imports",
            f"import-{register}",
            files={"file": (f"{register}.csv", content)},
            data={"register": register},
        )
        await asyncio.to_thread(Worker(self.house).run_pending)
        authorization = {"Authorization": f"Bearer {self.keys['registrar']}"}
        job = (await http.get(answer.headers["location"], headers=authorization)).json()
        created, rejected = job["result"]["created"], job["result"]["rejected"]
        typer.echo(f" 新增 {created}，退回 {rejected} | imported: {created} new, {rejected} refused")

    async def _hold(self, http: httpx.AsyncClient) -> dict[str, Any]:
        today = shanghai_day(self.house.clock())
        await self._plan_the_year(http, today)
        plan = (await self._post(http, "planner", "/v1/draw-plans", "plan", json=_sample_plan(today))).json()
        await self._post(http, "approver", f"/v1/draw-plans/{plan['id']}/approve", "approve", json={})
        committed = (
            await self._post(http, "planner", "/v1/draws", "commit", json={"draw_plan": plan["id"]})
        ).json()
        typer.echo("已公布承诺，其后给出随机值 | the commitment is public; only now come the random values")
        path = f"/v1/draws/{committed['id']}"
        first, last = _VALUES
        await self._post(http, "witness", f"{path}/entropy", "entropy-1", json=first)
        drawn = (await self._post(http, "witness-2", f"{path}/entropy", "entropy-2", json=last)).json()
        typer.echo(f"抽中 {drawn['drawn']} 家 | {drawn['drawn']} premises drawn")
        await self._visit(http, committed["id"], today)
        revealed: dict[str, Any] = (
            await self._post(http, "dispatcher", f"{path}/reveal", "reveal", json={})
        ).json()
        await self._keep_records(http, revealed["id"])
        return revealed

    async def _plan_the_year(self, http: httpx.AsyncClient, today: date) -> None:
        """An approved calendar of the coming year's draws; this year stays free to be planned."""
        await SampleVisits(partial(self._call, http), self.keys, {}).prepare_calendar(today)
        year = today.year + 1
        body = {"item": _PLANNED_ITEM, "region": REGION, "year": year}
        calendar = (await self._post(http, "planner", "/v1/calendar", "calendar", json=body)).json()
        path = f"/v1/calendar/{calendar['id']}/approve"
        await self._post(http, "approver", path, "calendar-approve", json={})
        draws = len(calendar["draws"])
        typer.echo(
            f"已批准 {year} 年抽查日历，{draws} 期 | the calendar of {year} is approved: {draws} draws"
        )

    async def _visit(self, http: httpx.AsyncClient, draw_id: str, today: date) -> None:
        """Every drawn premises is visited by its own officers, and every result becomes public."""
        listed = await self._call(
            http, self.keys["registrar"], "GET", "/v1/inspectors", "", params={"limit": 200}
        )
        codes = [inspector["code"] for inspector in listed.json()["items"]]
        officers = officers_keys(self.house, codes, region=REGION, path=self.var / "dev-officers.json")
        visits = SampleVisits(partial(self._call, http), self.keys, officers)
        made = await visits.carry_out(draw_id, today)
        typer.echo(f"检查 {made} 家，结果已公开 | {made} visited, every result is public")

    async def _keep_records(self, http: httpx.AsyncClient, draw_id: str) -> None:
        authorization = {"Authorization": f"Bearer {self.keys['auditor']}"}
        for audience in ("public", "audit"):
            answer = await http.get(
                f"/v1/draws/{draw_id}/record.zip", params={"audience": audience}, headers=authorization
            )
            record = self.var / f"sample-record-{audience}.zip"
            record.touch(mode=0o600 if audience == "audit" else 0o644)
            record.write_bytes(answer.content)


def _sample_plan(today: date) -> dict[str, Any]:
    """A draw of the county's entertainment venues whose visits end today, so that it can be revealed."""
    return {
        "item": "psb.venues",
        "region": REGION,
        "period": f"{today:%Y-%m}.sample",
        "scope": {"regimes": ["entertainment"], "levels": [], "stations": []},
        "slots": [["agency:psb", "role:lead"], ["agency:psb"]],
        "entropy": {
            "kind": "ceremony",
            "sources": [
                {"name": "dice-1", "format": "digits:20"},
                {"name": "lottery", "format": "lotto:6/33+1/16"},
            ],
        },
        "visit_from": today.isoformat(),
        "visit_to": today.isoformat(),
        "reveal_by": (today + timedelta(days=14)).isoformat(),
    }


def _say_where_to_look(settings: Settings, draw: dict[str, Any]) -> None:
    here, record = f"http://localhost:{settings.port}", settings.var / "sample-record-public.zip"
    typer.echo(
        "\n".join(
            (
                "",
                f"公示页面 what the public sees     {here}/",
                f"接口说明 try the interface        {here}/docs",
                f"密钥     keys for it              {settings.var / 'dev-keys.json'}",
                f"样例抽取 the sample draw          {here}/draws/{draw['id']}",
                f"公开记录 its record               {here}/v1/public/draws/{draw['id']}/record.zip",
                "核验命令 check the record yourself",
                f"  .venv/bin/double-random verify {record} --commitment {draw['commitment']}",
                "",
                "下一步：另开终端，照 README.md“用 curl 走一遍”",
                "next: in another terminal, “A draw with curl” in README.md",
                "停止：Ctrl+C，数据都留着 | Ctrl+C stops the service; everything is kept",
                "",
            )
        )
    )
