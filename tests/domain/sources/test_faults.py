"""A configuration is checked as a whole before anything is asked; the seeded ones have no fault."""

from typing import Any

import pytest

from app import seeds
from app.domain.merge_patch import merge_patch
from app.domain.registers import ENTITIES, REGISTERS
from app.domain.sources.configuration import parse_configuration
from app.domain.sources.faults import faults, mapped_columns
from app.schemas.source_forms import SourceForm

_RULES = seeds.documents("source_rules")[-1]
_PLAIN: dict[str, Any] = {
    "code": "hotels",
    "name": "旅馆",
    "region": "410928",
    "url": "https://hotels.example/list?type=1",
    "mapping": {
        "key": ["/id"],
        "columns": {
            "name": {"from": ["/name"]},
            "regime": {"constant": "special_industry"},
            "region": {"constant": "410928"},
            "licence_to": {"from": ["/until"], "date": "YYYYMMDD"},
            "status": {"from": ["/state"], "values": {"1": "operating", "2": "停业"}, "otherwise": "closed"},
        },
    },
}


def found(changes: dict[str, Any]) -> list[tuple[str, str]]:
    """Pointer and code of each fault of the plain source with some changes."""
    document = merge_patch(merge_patch(_RULES["defaults"], _PLAIN), changes)
    configuration = parse_configuration(SourceForm.model_validate(document).document())
    return [(fault.pointer, fault.code) for fault in faults(configuration, REGISTERS[configuration.register])]


def columns(**changed: Any) -> dict[str, Any]:
    """A change of the columns."""
    return {"mapping": {"columns": changed}}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"url": "http://10.1.2.3:8080/a"},
        {"url": "http://[::1]:8080/a"},
        {"credentials": {"kind": "header", "header": "X-Api-Key"}},
        {"credentials": {"kind": "basic", "user": "u"}},
        {"schedule": {"daily_at": None, "every_min": 5}},
        {"paging": {"kind": "cursor", "parameter": "c", "cursor": "/next"}},
        {"answer": {"told_at": "/code", "told": ["0"]}},
        {"checks": {"keep": [0, 1], "bad": [1, 1]}},
    ],
)
def test_what_has_no_fault(changes: dict[str, Any]) -> None:
    """Intranet addresses, every kind of credentials, no check at all."""
    assert found(changes) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"code": "a:b"}, ("/code", "bad-source-code")),
        ({"code": "旅馆"}, ("/code", "bad-source-code")),
        ({"url": "ftp://x/"}, ("/url", "bad-source-url")),
        ({"url": "https:///x"}, ("/url", "bad-source-url")),
        ({"url": "https://u:p@x/"}, ("/url", "bad-source-url")),
        ({"url": "https://x/#a"}, ("/url", "bad-source-url")),
        ({"url": "https://x:99999/"}, ("/url", "bad-source-url")),
        ({"url": "https://x:0/"}, ("/url", "bad-source-url")),
        ({"url": "https://[::1/"}, ("/url", "bad-source-url")),
        ({"url": "https://x/ y"}, ("/url", "bad-source-url")),
        ({"url": "https://旅馆/"}, ("/url", "bad-source-url")),
        ({"credentials": {"kind": "header"}}, ("/credentials/header", "bad-header-name")),
        ({"credentials": {"kind": "header", "header": "Host"}}, ("/credentials/header", "bad-header-name")),
        ({"credentials": {"kind": "header", "header": "a b"}}, ("/credentials/header", "bad-header-name")),
        ({"credentials": {"kind": "basic"}}, ("/credentials/user", "bad-user")),
        ({"credentials": {"kind": "basic", "user": "a:b"}}, ("/credentials/user", "bad-user")),
        ({"paging": {"kind": "page"}}, ("/paging/parameter", "missing")),
        ({"paging": {"kind": "cursor", "parameter": "c"}}, ("/paging/cursor", "missing")),
        ({"paging": {"size": 5}}, ("/paging/size", "size-without-parameter")),
        ({"paging": {"total": "total"}}, ("/paging/total", "bad-pointer")),
        ({"answer": {"items": "data"}}, ("/answer/items", "bad-pointer")),
        ({"answer": {"format": "csv"}, "paging": {"total": "/t"}}, ("/paging/total", "json-only")),
        ({"answer": {"format": "ndjson", "told_at": "/ok"}}, ("/answer/told_at", "json-only")),
        ({"schedule": {"every_min": 5}}, ("/schedule", "one-schedule")),
        ({"schedule": {"daily_at": None}}, ("/schedule", "one-schedule")),
        ({"schedule": {"daily_at": "25:00"}}, ("/schedule/daily_at", "bad-clock-time")),
        ({"checks": {"keep": [3, 2]}}, ("/checks/keep", "bad-share")),
        ({"checks": {"bad": [-1, 2]}}, ("/checks/bad", "bad-share")),
        ({"mapping": {"key": []}}, ("/mapping/key", "missing")),
        ({"mapping": {"key": ["id"]}}, ("/mapping/key", "bad-pointer")),
        ({"mapping": {"only": [{"place": "x", "texts": ["1"]}]}}, ("/mapping/only/0", "bad-pointer")),
        (columns(name=None), ("/mapping/columns/name", "missing")),
        (columns(nmae={"from": ["/x"]}), ("/mapping/columns/nmae", "no-such-column")),
        (columns(source={"constant": "x"}), ("/mapping/columns/source", "no-such-column")),
        (columns(address={}), ("/mapping/columns/address", "place-or-constant")),
        (columns(name={"constant": "x"}), ("/mapping/columns/name", "place-or-constant")),
        (columns(name={"from": ["x"]}), ("/mapping/columns/name/from", "bad-pointer")),
        (columns(name={"part": [3, 3]}), ("/mapping/columns/name/part", "bad-part")),
        (columns(name={"date": "YYYYMMDD"}), ("/mapping/columns/name/date", "no-date-column")),
        (columns(licence_to={"date": "YYMMDD"}), ("/mapping/columns/licence_to/date", "bad-date-form")),
        (
            columns(licence_to={"values": {"x": "2027-01-01"}}),
            ("/mapping/columns/licence_to/values", "values-or-date"),
        ),
        (columns(regime={"constant": "hotel"}), ("/mapping/columns/regime/constant", "value-refused")),
        (columns(status={"otherwise": "gone"}), ("/mapping/columns/status/otherwise", "value-refused")),
        (
            columns(status={"values": {"a/b": "gone"}}),
            ("/mapping/columns/status/values/a~1b", "value-refused"),
        ),
    ],
)
def test_each_fault_is_told_where_it_stands(changes: dict[str, Any], fault: tuple[str, str]) -> None:
    """One JSON Pointer and one code for each."""
    assert found(changes) == [fault]


def test_several_faults_are_told_at_once() -> None:
    """So that a registrar mends them in one go."""
    told = found({"url": "x", "mapping": {"key": [], "columns": {"region": None}}})
    assert told == [
        ("/url", "bad-source-url"),
        ("/mapping/key", "missing"),
        ("/mapping/columns/region", "missing"),
    ]


def test_a_register_that_is_not_of_premises_has_no_columns_for_the_source() -> None:
    """Its rows stand by their natural keys; all that they need must be mapped."""
    told = found(
        {"register": "recusals", "mapping": {"columns": dict.fromkeys(_PLAIN["mapping"]["columns"])}}
    )
    assert told == [(f"/mapping/columns/{name}", "missing") for name in ("inspector", "entity", "relation")]


@pytest.mark.parametrize("seed", seeds.documents("sources"), ids=lambda seed: str(seed["code"]))
def test_the_seeded_sources_have_no_fault(seed: dict[str, Any]) -> None:
    """Each of the systems that the plan names, once somebody says where it is."""
    given = {**seed["configuration"], "region": "410928", "url": "https://source.example/"}
    document = merge_patch(_RULES["defaults"], given)
    configuration = parse_configuration(SourceForm.model_validate(document).document())
    register = REGISTERS[configuration.register]
    assert [*faults(configuration, register)] == []
    assert ("source" in mapped_columns(configuration, register)) == (register is ENTITIES)


def test_the_five_systems_of_the_plan_are_seeded() -> None:
    """Mission clauses M1, M2, M6, M9 and W1."""
    kinds = {seed["configuration"]["kind"] for seed in seeds.documents("sources")}
    assert kinds == {
        "hotel_security",
        "entertainment_directory",
        "fire_supervision",
        "cyber_police",
        "market_regulation",
    }
