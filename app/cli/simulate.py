"""`double-random simulate`: years of draws and visits in a made-up county, or on a bureau's own registers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from app.adapters.whole_files import check_free, whole_file
from app.cli import simulation_words as words
from app.cli.draw_session import register_facts, with_premises
from app.cli.houses import opened_house
from app.cli.progress import steps
from app.cli.refusals import UNREADABLE, Lang, RefusalError, chosen_lang, refusals_told
from app.cli.register_files import check_references, read_register, refuse_bad_rows
from app.cli.simulation_plot import simulation_plot
from app.cli.simulation_summary import answering
from app.domain.days import add_months, shanghai_day
from app.domain.freezing import RegisterFacts
from app.domain.registers import ENTITIES, INSPECTORS, RECUSALS, REGISTERS, RISK_EVENTS, VISITS
from app.domain.simulation.chance import Chance
from app.domain.simulation.course import Setting
from app.domain.simulation.course import simulate as run_years
from app.domain.simulation.drawing import Law
from app.domain.simulation.recipe import THOUSAND
from app.domain.simulation.report import report
from app.domain.simulation.rows import Report
from app.domain.working_days import WorkingCalendar
from app.services.planning import simulating
from app.services.planning.simulating import Assumed, WorkingYears

_MOST_YEARS: Final = 20
_MOST_ENTITIES: Final = 20_000
_DEFAULT_SEED: Final = "20261101"
_MONTHS: Final = 12
_MOST_LEAD_DAYS: Final = 31

RegisterPath = Annotated[Path | None, typer.Option(metavar="FILE", help="CSV · XLSX · NDJSON")]


def simulate(
    *,
    years: Annotated[int, typer.Option(min=1, max=_MOST_YEARS, help="年数 | how many years")] = 10,
    entities: Annotated[
        int, typer.Option(min=1, max=_MOST_ENTITIES, help="虚构县的场所数 | premises of the made-up county")
    ] = 1200,
    seed: Annotated[
        str, typer.Option(help="种子：相同则结果相同 | the same seed, the same years")
    ] = _DEFAULT_SEED,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="第一天，缺省为下一个元旦 | first day; else next 1 January"),
    ] = None,
    item: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="只模拟这些事项 | only these items")
    ] = None,
    fail: Annotated[
        float | None,
        typer.Option(min=0, max=1, metavar="P", help="检查未成行的概率 | visits that are not made"),
    ] = None,
    nobody: Annotated[
        float | None, typer.Option(min=0, max=1, metavar="P", help="上门无人的概率 | nobody at the door")
    ] = None,
    skip_draws: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="P", help="抽取作废且未补的概率 | draws voided, not replaced"),
    ] = 0.0,
    beyond_reserve: Annotated[
        bool,
        typer.Option(
            "--beyond-reserve", help="未成行可超出预留 | visits fail beyond what the reserve covers"
        ),
    ] = False,
    answer_alarms: Annotated[
        bool, typer.Option(help="用临时抽查响应预警 | answer alarms with ad-hoc draws")
    ] = True,
    lead_days: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=_MOST_LEAD_DAYS,
            help="申请、批准、承诺临时抽查所需工作日 | working days an answer takes",
        ),
    ] = None,
    still: Annotated[
        bool, typer.Option("--still", help="名录不变、检查顺利 | nothing changes, every visit is made")
    ] = False,
    from_database: Annotated[
        bool, typer.Option("--from-database", help="用本单位数据库的名录 | the registers of the database")
    ] = False,
    region: Annotated[str, typer.Option(help="名录的行政区划 | region of the registers, e.g. 410928")] = "",
    entities_file: RegisterPath = None,
    inspectors_file: RegisterPath = None,
    recusals_file: RegisterPath = None,
    risk_events_file: RegisterPath = None,
    visits_file: RegisterPath = None,
    json_out: Annotated[bool, typer.Option("--json", help="输出 JSON | print JSON")] = False,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="另存图表 | write a plot as well")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 | replace an older plot")] = False,
    lang: Annotated[str, typer.Option(metavar="zh|en", help="错误列表的语言 | of listed errors")] = "zh",
) -> None:
    """模拟多年抽查，列出频次、负荷与机会 | simulate years of draws. Exit: 0 done, 1 refused, 2 unreadable."""
    files = {
        ENTITIES.name: entities_file,
        INSPECTORS.name: inspectors_file,
        RECUSALS.name: recusals_file,
        RISK_EVENTS.name: risk_events_file,
        VISITS.name: visits_file,
    }
    given = {name: path for name, path in files.items() if path is not None}
    with refusals_told():
        chosen = chosen_lang(lang)
        _refuse_contradictions(given, from_database=from_database, region=region)
        if svg is not None:
            check_free(svg, replace=force)
        asked = _Asked(
            years=years,
            seed=seed,
            first=start.date() if start is not None else _next_new_year(),
            items=tuple(item or ()),
            assumed=Assumed(
                still=still,
                not_made=_per_thousand(fail),
                nobody=_per_thousand(nobody),
                answers=answer_alarms,
                lead_days=lead_days,
            ),
            skipped=round(skip_draws * THOUSAND),
            within_reserve=not beyond_reserve,
        )
        if from_database:
            begun = _from_database(asked, region)
        elif given:
            begun = _from_files(asked, given, region, chosen)
        else:
            begun = _made_up(asked, entities)
        found = _run(asked, begun)
        _tell(found, asked, begun, json_out=json_out, svg=svg, force=force)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the command line asks for, but for the registers."""

    years: int
    seed: str
    first: date
    items: tuple[str, ...]
    assumed: Assumed
    skipped: int
    within_reserve: bool

    @property
    def last(self) -> date:
        """The day before the same day so many years later."""
        return add_months(self.first, _MONTHS * self.years) - timedelta(days=1)

    def working(self, known: WorkingCalendar) -> WorkingYears:
        """The working days of every year of the simulation, and of the one after it."""
        return simulating.working_years(range(self.first.year, self.last.year + 2), known)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """Where a simulation begins: the registers, the law, the working days, and whose registers they are."""

    facts: RegisterFacts
    law: Law
    working: WorkingYears
    whose: str


def _refuse_contradictions(given: Mapping[str, Path], *, from_database: bool, region: str) -> None:
    if from_database and given:
        raise RefusalError(
            "--from-database 与名录文件只能选一种",
            "either --from-database or register files",
            code=UNREADABLE,
        )
    if given and not {ENTITIES.name, INSPECTORS.name} <= given.keys():
        raise RefusalError(
            "请同时给出 --entities-file 和 --inspectors-file",
            "--entities-file and --inspectors-file are needed",
            code=UNREADABLE,
        )
    if (from_database or given) and not region:
        raise RefusalError(
            "请用 --region 给出行政区划，如 410928", "name the --region, e.g. 410928", code=UNREADABLE
        )


def _next_new_year() -> date:
    return date(shanghai_day(datetime.now(UTC)).year + 1, 1, 1)


def _per_thousand(share: float | None) -> int | None:
    return None if share is None else round(share * THOUSAND)


def _made_up(asked: _Asked, entities: int) -> _Begun:
    county = simulating.made_up_county(Chance(asked.seed), entities=entities, on=asked.first)
    return _Begun(
        facts=county.facts,
        law=simulating.law_in_force(
            None, region=simulating.county_recipe().region, on=asked.first, items=asked.items
        ),
        working=asked.working(simulating.known_years()),
        whose=f"虚构的县（约 {entities} 处场所） | a made-up county of about {entities} premises",
    )


def _from_files(asked: _Asked, given: Mapping[str, Path], region: str, lang: Lang) -> _Begun:
    with steps() as bars:
        found = {
            name: read_register(REGISTERS[name], path, steps=bars, lang=lang) for name, path in given.items()
        }
    check_references(found.values())
    refuse_bad_rows(found.values(), lang)
    return _Begun(
        facts=with_premises(
            simulating.first_known(register_facts(found, region=region), asked.first), region
        ),
        law=simulating.law_in_force(None, region=region, on=asked.first, items=asked.items),
        working=asked.working(simulating.known_years()),
        whose=f"名录文件，{region} | register files of {region}",
    )


def _from_database(asked: _Asked, region: str) -> _Begun:
    with opened_house() as house, house.database.snapshot() as connection:
        law = simulating.law_in_force(connection, region=region, on=asked.first, items=asked.items)
        years = range(asked.first.year - 1, asked.last.year + 1)
        law = replace(law, decisions=simulating.decided(connection, law, years))
        return _Begun(
            facts=with_premises(simulating.registers(connection, law, on=asked.first), region),
            law=law,
            working=asked.working(simulating.known_years_of(connection)),
            whose=f"本单位数据库，{region} | the database's registers of {region}",
        )


def _run(asked: _Asked, begun: _Begun) -> Report:
    setting = Setting(
        law=begun.law,
        calendar=begun.working.calendar,
        first=asked.first,
        last=asked.last,
        course=simulating.course_of(asked.assumed),
        chance=Chance(asked.seed),
        skipped=asked.skipped,
        within_reserve=asked.within_reserve,
        answers=simulating.answers_of(asked.assumed),
    )
    with steps() as bars, bars.step("模拟抽取 simulating draws") as move:
        tally = run_years(begun.facts, setting, windows=simulating.windows_of(begun.law), follow=move)
    return report(tally, setting, begun.facts.officers)


def _tell(
    found: Report, asked: _Asked, begun: _Begun, *, json_out: bool, svg: Path | None, force: bool
) -> None:
    names = {item.code: item.document["name"]["zh"] for item in begun.law.items}
    said = _said(asked, begun)
    if svg is not None:
        with whole_file(svg, replace=force) as path:
            path.write_text(simulation_plot(found, names, notes=said), encoding="utf-8")
    if json_out:
        answers = simulating.answers_of(asked.assumed)
        more = {
            "assumptions": said,
            "seed": asked.seed,
            "answers": None if answers is None else asdict(answers),
        }
        typer.echo(words.as_json(found, more=more))
        return
    words.tell(found, names, said=said)
    if svg is not None:
        typer.echo(f"已写入 written: {svg}")


def _said(asked: _Asked, begun: _Begun) -> list[str]:
    """What the numbers rest on, so that nobody takes them for more."""
    years = "、".join(map(str, begun.working.assumed))
    return [
        begun.whose,
        f"{asked.first} 至 {asked.last}，种子 {asked.seed} | seed {asked.seed}",
        *(
            [f"放假安排为假定的年份：{years} | days off are assumed in these years"]
            if begun.working.assumed
            else []
        ),
        " | ".join(answering(simulating.answers_of(asked.assumed))),
        "开业、停业、投诉、缺勤等均为假定，见 docs/simulate.md | openings, closures, absences are assumed",
    ]
