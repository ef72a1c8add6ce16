"""From register files to facts: nothing is lost, nothing is mixed up between premises."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import DeclaredRecusal, Officer, Premises, Registration, RiskEvent, Visit
from app.domain.register_facts import declared_recusal, officer, premises_from
from app.domain.registers import EntityRow, InspectorRow, RecusalRow, RiskEventRow, VisitRow

DAY = date(2026, 11, 2)


def entity(key: str, regime: str = "entertainment", *, level: int | None = 1) -> EntityRow:
    """Give a registration."""
    return EntityRow(
        uscc=None,
        premises=1,
        source="src",
        source_key=key,
        name=f"场所{key}",
        regime=regime,
        subtype="ktv",
        level=level,
        status="suspended",
        address=None,
        region="410928",
        station="005",
        legal_rep=None,
        licence_no=None,
        licence_to=None,
        registered_on=None,
        key_area=True,
    )


def event(key: str, kind: str = "complaint") -> RiskEventRow:
    """Give a risk event."""
    return RiskEventRow(
        entity=f"src:{key}",
        regime="entertainment",
        kind=kind,
        on=DAY,
        substantiated=True,
        remedied_on=None,
        until=DAY,
        source_no="示例1号",
    )


def visit(key: str) -> VisitRow:
    """Give a past visit."""
    return VisitRow(
        entity=f"src:{key}",
        item="psb.venues",
        on=DAY,
        kind="drawn",
        agency="psb",
        codes=("01",),
        inspectors=("a",),
    )


def test_rows_of_one_premises_become_one_premises_with_everything_known_of_it() -> None:
    """Every column that can influence a draw is carried over."""
    rows = [entity("1"), entity("1", "fire_unit", level=None)]
    assert premises_from(rows, risk_events=[event("1")], visits=[visit("1")]) == [
        Premises(
            id="src:1",
            region="410928",
            station="005",
            key_area=True,
            registrations=(
                Registration(regime="entertainment", subtype="ktv", level=1, status="suspended"),
                Registration(regime="fire_unit", subtype="ktv", level=None, status="suspended"),
            ),
            events=(
                RiskEvent(
                    kind="complaint",
                    on=DAY,
                    regime="entertainment",
                    substantiated=True,
                    until=DAY,
                    source_no="示例1号",
                ),
            ),
            visits=(
                Visit(
                    item="psb.venues",
                    on=DAY,
                    kind="drawn",
                    agency="psb",
                    codes=("01",),
                    inspectors=("a",),
                ),
            ),
        )
    ]


def test_an_inspector_belongs_to_the_region_that_keeps_the_file() -> None:
    """Names and certificate numbers influence nothing and are left behind."""
    row = InspectorRow(
        code="a",
        name="姓名",
        certificate_no="示例-1",
        certificate_to=DAY,
        kind="auxiliary",
        agency="fire",
        unit="大队",
        station="005",
        lead=True,
        regimes=("fire_unit",),
        districts=("005",),
        cap=7,
        training_to=DAY,
    )
    assert officer(row, region="410928") == Officer(
        code="a",
        region="410928",
        kind="auxiliary",
        agency="fire",
        lead=True,
        certificate_to=DAY,
        training_to=DAY,
        regimes=("fire_unit",),
        districts=("005",),
        cap=7,
    )


def test_a_recusal_is_carried_over_as_declared() -> None:
    """Whether it is in force is for the policy to say."""
    row = RecusalRow(inspector="a", entity="src:1", relation="spouse", starts_on=DAY, ends_on=None)
    assert declared_recusal(row) == DeclaredRecusal(
        inspector="a", entity="src:1", relation="spouse", starts_on=DAY
    )


@given(
    st.lists(st.sampled_from("123"), unique=True),
    st.lists(st.sampled_from("1234")),
    st.lists(st.sampled_from("1234")),
)
def test_events_and_visits_go_to_their_own_premises_and_to_no_other(
    keys: list[str], events: list[str], visits: list[str]
) -> None:
    """Those of premises that are not in the register are passed over."""
    made = premises_from(
        [entity(key) for key in keys], risk_events=map(event, events), visits=map(visit, visits)
    )
    counted = Counter(events), Counter(visits)
    assert [one.id for one in made] == [f"src:{key}" for key in keys]
    for key, one in zip(keys, made, strict=True):
        assert (len(one.events), len(one.visits)) == (counted[0][key], counted[1][key])
