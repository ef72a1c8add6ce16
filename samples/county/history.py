"""A year of risk events, of inspections and of credit-risk classes before the service came."""

from datetime import date, timedelta
from random import Random

from app.domain.registers import CreditClassRow, EntityRow, InspectorRow, RiskEventRow, VisitRow

_ITEMS = {
    "entertainment": ("psb.venues", "psb"),
    "special_industry": ("psb.special-industry", "psb"),
    "fire_unit": ("fire.units", "fire"),
    "internet_cafe": ("psb.internet-cafes", "psb"),
}
_EVENTS_PER_THOUSAND = {
    "complaint": 120,
    "hazard": 40,
    "penalty": 50,
    "fire": 7,
    "abnormal": 25,
    "serious": 5,
}
_VISIT_KINDS, _VISIT_WEIGHTS = (
    ("drawn", "complaint", "transfer", "emergency", "campaign", "case"),
    (70, 10, 5, 2, 10, 3),
)
_FOUND: dict[str, tuple[tuple[str, ...], ...]] = {
    "entertainment": (("05",), ("21",), ("08", "21"), ("02",)),
    "special_industry": (("05",), ("21",), ("05", "21"), ("02",)),
    "fire_unit": (("05",), ("22",), ("08", "22")),
    "internet_cafe": (("05",), ("21",), ("23",)),
}
_CLASSES, _CLASS_WEIGHTS = ("A", "B", "C", "D"), (30, 50, 15, 5)
_CLASSIFIED = 0.9
_VISITS_PER_ENTITY = 0.7
_CULTURE_SHARE = 0.2


def _serves(inspector: InspectorRow, entity: EntityRow) -> bool:
    return entity.regime in inspector.regimes and not {entity.region, entity.station}.isdisjoint(
        inspector.districts
    )


def make_risk_events(rng: Random, entities: list[EntityRow], *, today: date) -> list[RiskEventRow]:
    """Make a year of risk events; at most one of a kind a day at a premises."""
    rows: dict[tuple[object, ...], RiskEventRow] = {}
    for kind, per_thousand in _EVENTS_PER_THOUSAND.items():
        concerned = [row for row in entities if kind != "fire" or row.regime == "fire_unit"]
        for number in range(len(entities) * per_thousand // 1000):
            entity = rng.choice(concerned)
            on = today - timedelta(days=rng.randint(2, 364))
            ended = on + timedelta(days=rng.randint(1, 90)) if rng.random() < 0.65 else None
            row = RiskEventRow(
                entity=entity.entity_id,
                regime=entity.regime,
                kind=kind,
                on=on,
                substantiated=rng.choice((True, True, False, None)) if kind == "complaint" else None,
                remedied_on=min(ended, today) if ended and kind == "hazard" else None,
                until=min(ended, today) if ended and kind in {"abnormal", "serious"} else None,
                source_no=f"示例〔{on.year}〕{number + 1}号",
            )
            rows[row.key] = row
    return sorted(rows.values(), key=lambda row: (row.on, row.entity, row.kind, row.source_no or ""))


def make_visits(
    rng: Random, entities: list[EntityRow], inspectors: list[InspectorRow], *, today: date
) -> list[VisitRow]:
    """Make a year of visits by two inspectors each, on working days of the week."""
    rows: dict[tuple[object, ...], VisitRow] = {}
    for _ in range(int(len(entities) * _VISITS_PER_ENTITY)):
        entity = rng.choice(entities)
        item, agency = _ITEMS[entity.regime]
        if entity.regime in {"entertainment", "internet_cafe"} and rng.random() < _CULTURE_SHARE:
            agency = "culture"
        team = [i for i in inspectors if i.agency == agency and i.kind == "officer" and _serves(i, entity)]
        lead = rng.choice([i for i in team if i.lead])
        second = rng.choice([i for i in team if i is not lead])
        on = today - timedelta(days=rng.randint(3, 364))
        row = VisitRow(
            entity=entity.entity_id,
            item=item,
            on=on - timedelta(days=max(0, on.weekday() - 4)),
            kind=rng.choices(_VISIT_KINDS, _VISIT_WEIGHTS)[0],
            agency=agency,
            codes=_result(rng, entity),
            inspectors=(lead.code, second.code),
        )
        rows[row.key] = row
    return sorted(rows.values(), key=lambda row: (row.on, row.entity, row.item, row.kind))


def _result(rng: Random, entity: EntityRow) -> tuple[str, ...]:
    if entity.status in {"closed", "moved"}:
        return ("12",) if entity.status == "closed" else ("15",)
    chance = rng.random()
    if chance < 0.66:
        return ("01",)
    if chance < 0.72:
        return (rng.choice(("04", "07")),)
    return rng.choice(_FOUND[entity.regime])


def make_credit_classes(rng: Random, entities: list[EntityRow], *, today: date) -> list[CreditClassRow]:
    """Give nine in ten premises a class of credit risk 信用风险分类 that holds for two years."""
    rows = []
    for entity in sorted({row.entity_id for row in entities}):
        classified, credit_class = rng.random() < _CLASSIFIED, rng.choices(_CLASSES, _CLASS_WEIGHTS)[0]
        on = today - timedelta(days=rng.randint(1, 364))
        if classified:
            row = CreditClassRow(
                entity=entity,
                credit_class=credit_class,
                on=on,
                until=on + timedelta(days=730),
                source="示例县市场监管局",
                basis=f"示例县信用风险分类结果（{on.year}年度）",
            )
            rows.append(row)
    return rows
