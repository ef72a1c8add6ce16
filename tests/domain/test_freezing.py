"""From facts to the lists that DR1 freezes, for a draw with a server and for one without."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.lines import Recusal
from app.domain.facts import DeclaredRecusal, Officer, Premises, Registration
from app.domain.freezing import RegisterFacts, freeze_input, roster_rules, visits_that_matter
from app.domain.items import current_items
from app.domain.policy import parse_policy
from app.domain.roster_rules import Scope
from app.domain.strata import policy_strata, strata_of

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.1.json").read_text("utf-8")))
DOCUMENTS = [json.loads(p.read_text("utf-8")) for p in sorted(Path("app/seeds/items").glob("*.json"))]
TODAY = date(2026, 11, 2)
VENUES = current_items(DOCUMENTS, TODAY)["psb.venues"]


@dataclass(frozen=True)
class Ask:
    """A plan for the venues of the county."""

    region: str = "410928"
    scope: dict[str, list[Any]] = field(default_factory=lambda: {"regimes": [], "levels": [], "stations": []})
    strata: list[dict[str, Any]] | None = None
    visit_from: date = date(2026, 11, 10)
    visit_to: date = date(2026, 11, 20)


def premises(n: int, *, level: int = 1) -> Premises:
    """Give a KTV in the first station's district."""
    return Premises(
        id=f"src:{n:03}",
        region="410928",
        station="001",
        registrations=(Registration(regime="entertainment", subtype="ktv", level=level),),
    )


def officer(code: str, **changes: Any) -> Officer:
    """Give an officer of public security who may go anywhere."""
    return replace(
        Officer(
            code=code,
            region="410928",
            kind="officer",
            agency="psb",
            lead=True,
            certificate_to=date(2030, 1, 1),
        ),
        **changes,
    )


FACTS = RegisterFacts(
    premises=[premises(n) for n in range(12)],
    officers=[officer(code) for code in "abcdef"],
    recusals=[
        DeclaredRecusal(inspector="a", entity="src:003", relation="spouse"),
        DeclaredRecusal(inspector="a", entity="src:999", relation="spouse"),
        DeclaredRecusal(inspector="z", entity="src:003", relation="spouse"),
    ],
)


def frozen(facts: RegisterFacts = FACTS, ask: Ask | None = None, *, joint: bool = False) -> Any:
    """Build the lists, as for a team of two."""
    return freeze_input(
        ask or Ask(),
        facts,
        slots=[["role:lead", "agency:psb", "agency:psb"], ["agency:psb"]],
        item=VENUES,
        policy=POLICY,
        policy_digest="d" * 64,
        on=TODAY,
        draw_ends=(date(2026, 11, 20),),
        joint=joint,
    )


def test_lines_inspectors_and_recusals_are_of_the_plan() -> None:
    """A recusal of a stranger, or at premises that are not in the roster, is of no use to the draw."""
    found = frozen()
    assert [line.id for line in found.roster] == [f"src:{n:03}" for n in range(12)]
    assert [inspector.id for inspector in found.inspectors] == [*"abcdef"]
    assert found.recusals == (Recusal("a", "src:003"),)
    assert [stratum.name for stratum in found.strata] == ["entertainment-1"]
    assert found.policy == "d" * 64
    assert (found.preflight.lines, found.preflight.errors) == (12, ())


def test_a_joint_draw_asks_qualifications_of_places() -> None:
    """联合抽查 (W3): a line asks for its district only; each agency's places ask for its own regimes."""
    alone, joint = frozen(), frozen(joint=True)
    assert {tag for line in alone.roster for tag in line.needs} == {
        "district:410928001",
        "regime:entertainment",
    }
    assert {tag for line in joint.roster for tag in line.needs} == {"district:410928001"}


def test_slots_are_sorted_without_duplicates() -> None:
    """DR1 section 1: tag lists are sorted by bytes, without duplicates."""
    assert frozen().slots == (("agency:psb", "role:lead"), ("agency:psb",))


def test_who_is_left_out_is_named_with_the_reason() -> None:
    """行政处罚法 art. 42: only officers with a valid certificate count."""
    facts = replace(FACTS, officers=[*FACTS.officers, officer("g", certificate_to=date(2026, 11, 19))])
    assert [(one.inspector, one.reason) for one in frozen(facts).excluded] == [("g", "certificate-expired")]


def test_a_plan_that_names_no_regimes_inspects_those_of_the_item() -> None:
    """And one that names strata has those, in its order."""
    rules = roster_rules(Ask(), item=VENUES, policy=POLICY, on=TODAY, draw_ends=())
    assert rules.scope.regimes == ("entertainment",)
    assert {rule.name for rule in rules.rules} == {"entertainment-1", "entertainment-2", "entertainment-3"}
    own = [{"name": "all", "match": {}, "rate": [1, 5], "min": 0, "surprise": 0}]
    assert [
        r.name
        for r in roster_rules(Ask(strata=own), item=VENUES, policy=POLICY, on=TODAY, draw_ends=()).rules
    ] == ["all"]


def test_the_policys_strata_draw_at_least_at_the_calendars_rate() -> None:
    """A plan's own strata say their rates themselves; a rate below the policy's changes nothing."""
    own = [{"name": "all", "match": {}, "rate": [1, 99], "min": 0, "surprise": 0}]
    for asked, rate, wanted in (
        (Ask(), (1, 10), (1, 10)),
        (Ask(), (1, 30), (1, 20)),
        (Ask(), None, (1, 20)),
        (Ask(strata=own), (1, 10), (1, 99)),
    ):
        found = strata_of(asked, VENUES, POLICY, rate=rate)
        assert {(one.rate_p, one.rate_q) for one in found} == {wanted}


def test_the_policys_strata_are_narrowed_to_the_levels_of_the_scope() -> None:
    """A stratum of another level could have no line."""
    scope = Scope(region="410928", regimes=("entertainment", "internet_cafe"), levels=(3,))
    found = policy_strata(POLICY, scope, item="psb.venues")
    assert {rule.name for rule in found} == {"entertainment-3", "internet_cafe"}


def test_visits_count_from_new_year_or_from_the_longest_window() -> None:
    """An annual cap counts the calendar year, the relief of 90 days may reach into the year before."""
    assert visits_that_matter(POLICY, TODAY) == date(2026, 1, 1)
    assert visits_that_matter(POLICY, date(2026, 1, 31)) == date(2025, 11, 2)


@given(st.permutations(range(12)), st.permutations([*"abcdef"]))
def test_the_order_of_the_files_influences_nothing(numbers: list[int], codes: list[str]) -> None:
    """Two offices with the same registers commit to the same lists."""
    facts = RegisterFacts(
        premises=[premises(n) for n in numbers],
        officers=[officer(code) for code in codes],
        recusals=FACTS.recusals[::-1],
    )
    assert frozen(facts) == frozen()
