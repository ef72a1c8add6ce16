"""Task sheets: who goes where, from a selection, its teams and the registers."""

from datetime import date

from app.domain.draw.selection import Drawn
from app.domain.draw.teams.teams import Seat
from app.domain.registers import EntityRow, InspectorRow
from app.domain.task_sheets import Place, task_sheets

SLOTS = (("agency:psb", "role:lead"), ("agency:psb",))
HOTEL = "hotel-system:HO1"


def entity(regime: str, *, name: str = "沐堤旅馆") -> EntityRow:
    """Give a registration of the hotel."""
    return EntityRow(
        uscc=None,
        premises=1,
        source="hotel-system",
        source_key="HO1",
        name=name,
        regime=regime,
        subtype=None,
        level=None,
        status="operating",
        address="麦集镇稻香路63号",
        region="410928",
        station="010",
        legal_rep=None,
        licence_no=None,
        licence_to=None,
        registered_on=None,
        key_area=False,
    )


def inspector(code: str) -> InspectorRow:
    """Give an officer."""
    return InspectorRow(
        code=code,
        name=f"姓名{code}",
        certificate_no=f"示例-{code}",
        certificate_to=date(2030, 1, 1),
        kind="officer",
        agency="psb",
        unit=None,
        station=None,
        lead=True,
        regimes=(),
        districts=(),
        cap=10,
        training_to=None,
    )


def drawn(identity: str) -> Drawn:
    """Give a line of a selection."""
    return Drawn("hotels", "open", "0" * 64, 0, identity)


def test_each_drawn_premises_has_a_sheet_with_a_place_for_each_slot() -> None:
    """The first slot is the lead's; rows of the premises come along, whatever their regime."""
    hotel, fire = entity("special_industry"), entity("fire_unit")
    made = task_sheets(
        [drawn(HOTEL), drawn("x:2")],
        seats=[Seat(HOTEL, 1, "b"), Seat(HOTEL, 0, "a"), Seat("x:2", 1, "c")],
        slots=SLOTS,
        entities=[hotel, fire],
        inspectors=[inspector("a"), inspector("b")],
    )
    assert [(sheet.number, sheet.entity, sheet.rows, sheet.filled) for sheet in made] == [
        (1, HOTEL, (hotel, fire), 2),
        (2, "x:2", (), 1),
    ]
    assert made[0].places == (
        Place(lead=True, inspector="a", officer=inspector("a")),
        Place(lead=False, inspector="b", officer=inspector("b")),
    )


def test_empty_places_and_unknown_officers_are_told_apart() -> None:
    """An empty place has no inspector; an officer that the register lacks has a code."""
    (sheet,) = task_sheets([drawn("x:2")], seats=[Seat("x:2", 1, "c")], slots=SLOTS)
    assert sheet.places == (
        Place(lead=True, inspector=None, officer=None),
        Place(lead=False, inspector="c", officer=None),
    )


def test_a_single_random_draw_has_sheets_without_places() -> None:
    """The unit sends whom it wants."""
    (sheet,) = task_sheets([drawn("x:2")], seats=[], slots=())
    assert (sheet.places, sheet.filled) == ((), 0)
