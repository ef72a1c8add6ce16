"""Joint inspections 联合抽查 (clause W3): what a plan may say, and whose part is whose."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.lines import RosterLine
from app.domain.fieldwork.parts import (
    Part,
    agency_of,
    foreign_faults,
    only_item,
    part_of,
    seen_checklist,
    seen_record,
    taken,
)
from app.domain.fieldwork.record import NOTHING, Answer, Finding, Record, Reply, Severity, Signature
from app.domain.items import Item, checklist_of
from app.domain.joint import (
    Joint,
    agency_of_slot,
    default_slots,
    joint_faults,
    joint_of,
    qualified_slots,
    unknown_items,
    without_regimes,
)


def item(code: str, agency: str, regime: str, *, version: int = 1) -> Item:
    """An item with a checklist of two entries."""
    return Item(
        code=code,
        version=version,
        agency=agency,
        regimes=(regime,),
        joinable_regimes=(),
        slots=((f"agency:{agency}", "role:lead"), (f"agency:{agency}",)),
        document={"checklist": [{"id": "1", "text": "一"}, {"id": "2", "text": "二"}]},
    )


VENUES = item("psb.venues", "psb", "entertainment")
CAFES = item("psb.internet-cafes", "psb", "internet_cafe")
FIRE = item("fire.units", "fire", "fire_unit", version=3)
KNOWN = {one.code: one for one in (VENUES, CAFES, FIRE)}
BOTH = {"lead_agency": "psb", "items": {"psb": ["psb.venues"], "fire": ["fire.units"]}}
SLOTS = (("agency:psb", "role:lead"), ("agency:fire",))


def faults(document: dict[str, Any], slots: Any = SLOTS) -> list[tuple[str, str]]:
    """Pointers and codes of what is wrong with a joint plan of venues."""
    found = joint_faults(joint_of(document), item=VENUES, known=KNOWN, slots=slots)
    return [(one.pointer, one.code) for one in found]


@pytest.mark.parametrize(
    ("changes", "slots", "wrong"),
    [
        ({}, SLOTS, []),
        ({"items": {"psb": ["psb.venues"]}}, SLOTS[:1], [("/joint/items", "joint-needs-two")]),
        (
            {"lead_agency": "fire"},
            (("agency:fire",), ("agency:psb",)),
            [("/joint/lead_agency", "joint-lead-item")],
        ),
        (
            {"items": {"psb": ["psb.venues"], "fire": ["psb.internet-cafes"]}},
            SLOTS,
            [("/joint/items/fire/0", "joint-item-agency")],
        ),
        (
            {"items": {"psb": ["psb.venues", "psb.venues"], "fire": ["fire.units"]}},
            SLOTS,
            [("/joint/items/psb/1", "joint-item-agency")],
        ),
        ({"items": {"psb": ["psb.venues"], "fire": []}}, SLOTS, [("/joint/items/fire", "missing")]),
        ({}, (*SLOTS, ("role:lead",)), [("/slots/2", "joint-slot-agency")]),
        ({}, (*SLOTS, ("agency:psb", "agency:fire")), [("/slots/2", "joint-slot-agency")]),
        ({}, (*SLOTS, ("agency:market",)), [("/slots/2", "joint-slot-agency")]),
        ({}, (("agency:fire",), ("agency:psb",)), [("/slots/0", "joint-lead-slot")]),
        ({}, (("agency:psb",), ("agency:psb",)), [("/slots", "joint-no-slot")]),
        ({}, (), [("/slots", "joint-no-slot"), ("/slots", "joint-no-slot")]),
    ],
)
def test_what_a_joint_plan_must_say(
    changes: dict[str, Any], slots: Any, wrong: list[tuple[str, str]]
) -> None:
    """Two agencies, an item and a place for each, the plan's item and the first place with the lead."""
    assert faults({**BOTH, **changes}, slots) == wrong


def test_items_must_be_in_force() -> None:
    """A code of nothing is told with those that there are."""
    joint = joint_of({"lead_agency": "psb", "items": {"psb": ["psb.venues"], "fire": ["fire.old"]}})
    assert [one.pointer for one in unknown_items(joint, KNOWN)] == ["/joint/items/fire/0"]


def test_the_lead_comes_first() -> None:
    """In agencies and in codes, whatever the order of the document."""
    joint = Joint(lead_agency="psb", items={"fire": ("fire.units",), "psb": ("psb.venues",)})
    assert (joint.agencies, joint.codes) == (("psb", "fire"), ("psb.venues", "fire.units"))
    assert default_slots(joint, KNOWN) == [*VENUES.slots, *FIRE.slots]


def test_qualifications_are_asked_of_the_agencys_own_places() -> None:
    """A fire officer need not know entertainment venues, nor a policeman fire units."""
    joint = joint_of({**BOTH, "items": {**BOTH["items"], "psb": ["psb.venues", "psb.internet-cafes"]}})  # type: ignore[dict-item]  # a document of any JSON
    found = qualified_slots(joint, known=KNOWN, slots=SLOTS, regimes=["special_industry"])
    assert found == [
        ["agency:psb", "regime:internet_cafe", "regime:special_industry", "role:lead"],
        ["agency:fire", "regime:fire_unit"],
    ]
    assert qualified_slots(joint, known=KNOWN, slots=[("role:lead",)], regimes=[]) == [["role:lead"]]
    assert agency_of_slot(("role:lead",)) is None
    line = RosterLine("e", "s", 2, 0, ("district:410928", "regime:entertainment"), None)
    assert [one.needs for one in without_regimes([line])] == [("district:410928",)]


ENTRIES = checklist_of([VENUES, FIRE])
LEAD = part_of(ENTRIES, agencies=["psb", "fire"], agency="psb")
OTHER = part_of(ENTRIES, agencies=["psb", "fire"], agency="fire")


def test_entries_of_several_items_are_told_apart() -> None:
    """A snapshot with the version of each; of one item the ids are its own."""
    assert [one["id"] for one in ENTRIES] == ["psb.venues:1", "psb.venues:2", "fire.units:1", "fire.units:2"]
    assert {one["item_version"] for one in ENTRIES if one["agency"] == "fire"} == {3}
    assert checklist_of([FIRE]) == FIRE.document["checklist"]
    assert agency_of(ENTRIES, item="fire.units", default="psb") == "fire"
    assert agency_of(FIRE.document["checklist"], item="fire.units", default="psb") == "psb"
    assert (only_item(ENTRIES), only_item(ENTRIES[2:]), only_item([{"id": "1"}])) == (
        None,
        "fire.units",
        None,
    )


def test_whose_part_it_is() -> None:
    """The lead answers its own and sees all; another agency sees and answers its own; a third has none."""
    assert Part(agency="psb", lead=True, entries=frozenset({"psb.venues:1", "psb.venues:2"})) == LEAD
    assert OTHER is not None
    assert (OTHER.lead, OTHER.owns(None), OTHER.sees("psb.venues:1")) == (False, False, False)
    assert [one["id"] for one in seen_checklist(OTHER, ENTRIES)] == ["fire.units:1", "fire.units:2"]
    assert seen_checklist(LEAD, ENTRIES) == seen_checklist(None, ENTRIES) == ENTRIES
    assert part_of(ENTRIES, agencies=["psb", "fire"], agency="market") is None
    assert part_of(ENTRIES, agencies=["psb", "fire"], agency=None) is None
    assert part_of(ENTRIES, agencies=None, agency="psb") is None


def test_whose_evidence_it_is() -> None:
    """W3: each agency its own; the lead sees all of it, and has what was handed in as nobody's part."""
    assert LEAD is not None
    assert OTHER is not None
    assert [LEAD.owns_of(agency) for agency in ("psb", "fire", None)] == [True, False, True]
    assert [LEAD.sees_of(agency) for agency in ("psb", "fire", None)] == [True, True, True]
    assert [OTHER.owns_of(agency) for agency in ("psb", "fire", None)] == [False, True, False]
    assert [OTHER.sees_of(agency) for agency in ("psb", "fire", None)] == [False, True, False]


def answer(entry: str, reply: Reply = Reply.CONFORMS) -> Answer:
    """An answer."""
    return Answer(entry=entry, reply=reply)


def finding(ref: str, entry: str | None) -> Finding:
    """A finding."""
    return Finding(ref=ref, entry=entry, severity=Severity.MINOR, clause="条款", text="问题")


STANDING = Record(
    answers=(answer("psb.venues:1"), answer("fire.units:1")),
    findings=(finding("p", "psb.venues:2"), finding("f", "fire.units:2"), finding("o", None)),
    statement="无",
    signature=Signature(signed=True, signer="某"),
    codes=("21",),
)


def test_each_agency_changes_its_own_answers_only() -> None:
    """What the fire officers send replaces their part; what is of the whole visit stays the lead's."""
    sent = Record(answers=(answer("fire.units:1", Reply.DOES_NOT),), findings=(finding("n", "fire.units:1"),))
    assert OTHER is not None
    assert foreign_faults(OTHER, current=STANDING, offered=sent) == []
    merged = taken(OTHER, current=STANDING, offered=sent)
    assert merged.answers == (answer("psb.venues:1"), answer("fire.units:1", Reply.DOES_NOT))
    assert [one.ref for one in merged.findings] == ["p", "o", "n"]
    assert (merged.statement, merged.signature, merged.codes) == ("无", STANDING.signature, ("21",))
    assert seen_record(OTHER, merged).answers == sent.answers
    assert seen_record(None, merged) == merged


def test_what_is_anothers_is_refused() -> None:
    """An entry, a finding, the codes of the whole visit; the same as it stands may be sent back."""
    assert OTHER is not None
    assert LEAD is not None
    alien = Record(
        answers=(answer("psb.venues:2"),),
        findings=(finding("x", None),),
        statement="有异议",
        signature=None,
        codes=("01",),
    )
    found = [(one.pointer, one.code) for one in foreign_faults(OTHER, current=STANDING, offered=alien)]
    assert found == [
        ("/answers/0/entry", "other-agencys-part"),
        ("/findings/0/entry", "other-agencys-part"),
        ("/statement", "lead-agencys-part"),
        ("/codes", "lead-agencys-part"),
    ]
    assert foreign_faults(OTHER, current=STANDING, offered=STANDING) == []
    assert foreign_faults(LEAD, current=STANDING, offered=STANDING) == []
    meddling = Record(answers=(answer("fire.units:1", Reply.DOES_NOT),))
    assert [one.code for one in foreign_faults(LEAD, current=STANDING, offered=meddling)] == [
        "other-agencys-part"
    ]


def test_the_lead_sends_the_whole() -> None:
    """Codes, statement and signature are the lead's to give; the others' answers stay."""
    sent = Record(answers=(answer("psb.venues:2"),), codes=("22",))
    merged = taken(LEAD, current=STANDING, offered=sent)
    assert merged.answers == (answer("fire.units:1"), answer("psb.venues:2"))
    assert ([one.ref for one in merged.findings], merged.codes, merged.statement) == (["f"], ("22",), None)
    assert taken(None, current=STANDING, offered=sent) == sent


RECORDS = st.builds(
    lambda entries, refs: Record(
        answers=tuple(answer(one) for one in sorted(entries)),
        findings=tuple(finding(ref, entry) for ref, entry in refs.items()),
    ),
    st.sets(st.sampled_from([one["id"] for one in ENTRIES])),
    st.dictionaries(
        st.text("abcd", min_size=1, max_size=2), st.sampled_from([None, *(e["id"] for e in ENTRIES)])
    ),
)


@given(first=RECORDS, second=RECORDS)
def test_no_agency_loses_what_it_said_to_another(first: Record, second: Record) -> None:
    """Whatever one agency sends, in whatever order: the other's part is what the other sent last."""
    assert LEAD is not None
    assert OTHER is not None
    there = taken(OTHER, current=taken(LEAD, current=NOTHING, offered=first), offered=second)
    again = taken(LEAD, current=taken(OTHER, current=NOTHING, offered=second), offered=first)
    for part, sent in ((LEAD, first), (OTHER, second)):
        for whole in (there, again):
            assert [one for one in whole.answers if part.owns(one.entry)] == [
                one for one in sent.answers if part.owns(one.entry)
            ]
            assert [one for one in whole.findings if part.owns(one.entry)] == [
                one for one in sent.findings if part.owns(one.entry)
            ]
