"""What a simulation comes to in a few lines: what was missed and why, answers to alarms, what happened."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.domain.registers.columns import RISK_KINDS
from app.domain.simulation.recipe import AnswerRules
from app.domain.simulation.rows import Report
from app.domain.simulation.tally import (
    ASKED,
    CHANGED,
    FAILED,
    LOST,
    NO_TEAM,
    OTHER,
    TOO_LATE,
    UNANSWERED,
    Happening,
)

Said = tuple[str, str]
"""The same in Chinese and in English."""

_CAUSES: Final[Mapping[str, Said]] = {
    CHANGED: ("窗口内升级，其后再无抽取", "a stricter level was given in the window, after its last draw"),
    FAILED: ("抽中而未成行", "a drawn visit was not made"),
    NO_TEAM: ("缺人，无法组队", "no team could be dealt"),
    LOST: ("抽取作废而未补", "a draw was voided and not replaced"),
    OTHER: ("其他", "something else"),
}
_ANSWERS: Final[Mapping[str, Said]] = {
    TOO_LATE: ("预警时所余工作日不足，来不及临时抽查", "too few working days were left for an ad-hoc draw"),
    ASKED: ("已组织临时抽查，仍未查成", "an ad-hoc draw was held and it was not visited all the same"),
    UNANSWERED: ("未组织临时抽查", "no ad-hoc draw was asked for"),
}
_HAPPENINGS: Final[Mapping[str, Said]] = {
    Happening.OPENING: ("开业", "openings"),
    Happening.CLOSURE: ("关闭", "closures"),
    Happening.REMOVAL: ("迁出", "removals"),
    Happening.SUSPENSION: ("停业", "suspensions"),
    Happening.STRICTER: ("升级", "stricter levels"),
    Happening.MILDER: ("降级", "milder levels"),
    Happening.ABSENCE: ("缺勤", "absences"),
    Happening.LATE_RENEWAL: ("证件逾期换发", "certificates renewed late"),
}
_EVENTS: Final[Mapping[str, str]] = {code.value: code.label for code in RISK_KINDS}


def answering(rules: AnswerRules | None) -> Said:
    """How alarms are answered."""
    if rules is None:
        return "预警后不组织临时抽查", "alarms are not answered"
    zh = f"预警后 {rules.lead_days} 个工作日内申请、批准并承诺临时抽查，"
    return (
        f"{zh}其后至少 {rules.least_days} 个工作日检查",
        f"ad-hoc draws answer alarms, with visits after {rules.lead_days} working days",
    )


def headline(report: Report) -> Said:
    """How many duties were missed, and how many of them anybody could have helped."""
    helped = report.missed - report.too_late
    zh = f"漏查 {report.missed} 项（频次窗口 {report.due} 个），事先预警 {report.announced} 项；"
    en = f"{report.missed} of {report.due} duties missed, {report.announced} with an alarm before; "
    return (
        f"{zh}其中来不及补救 {report.too_late} 项，其余 {helped} 项",
        f"{en}{report.too_late} of them too late to answer, {helped} others",
    )


def beginnings(report: Report) -> Iterator[Said]:
    """What is said before the tables."""
    yield headline(report)
    for row in report.causes:
        cause, answer = _CAUSES[row.cause], _ANSWERS[row.answer]
        yield f"  {row.count} 项：{cause[0]}；{answer[0]}", f"{row.count}: {cause[1]}; {answer[1]}"
    in_time = report.alarms - report.announced
    yield (
        f"预警 {report.alarms} 项，其中 {in_time} 项此后未漏查",
        f"{report.alarms} alarms, {in_time} of them not missed after all",
    )
    if report.adhoc:
        yield _adhoc(report)


def _adhoc(report: Report) -> Said:
    """How many ad-hoc draws there were, and what they cost."""
    draws = sum(row.draws for row in report.adhoc)
    visits = sum(row.visits for row in report.adhoc)
    duties = sum(row.duties for row in report.adhoc)
    zh = f"临时抽查 {draws} 次，响应预警 {report.answered} 项；检查 {visits} 次，"
    en = f"{draws} ad-hoc draws for {report.answered} alarms: {visits} visits, "
    return (
        f"{zh}其中完成义务 {duties} 次，额外 {visits - duties} 次",
        f"{en}{duties} of them met a duty, {visits - duties} came on top",
    )


def endings(report: Report) -> Iterator[Said]:
    """What is said after the tables."""
    yield (
        f"检查 {report.visits} 次，其中综合查一次 {report.merged} 次",
        f"{report.visits} visits, {report.merged} of them for several items at once",
    )
    zh = f"上门无人 {report.attempts} 次，无法联系 {report.unreachable} 户，"
    en = f"{report.attempts} attempts without anybody, {report.unreachable} unreachable, "
    yield (
        f"{zh}未成行 {report.not_made} 次，缺人未派 {report.without_team} 次",
        f"{en}{report.not_made} not made, {report.without_team} without a team",
    )
    happened = [(_named(what), times) for what, times in report.happened.items() if times]
    if happened:
        yield (
            "期间假定发生：" + "、".join(f"{name[0]} {times}" for name, times in happened),
            ", ".join(f"{times} {name[1]}" for name, times in happened),
        )


def _named(what: str) -> Said:
    """Give the name of a happening or of a kind of risk event."""
    return _HAPPENINGS.get(what) or (_EVENTS.get(what, what), what)
