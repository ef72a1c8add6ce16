"""Every exclusion with its reason, in one form."""

from app.domain.draw.basics.lines import Recusal
from app.domain.eligibility import Exclusion, ReducedCap
from app.domain.exclusions import Exclusions
from app.domain.facts import DeclaredRecusal
from app.domain.rotation import Rotation


def test_every_exclusion_is_a_row_with_its_reason() -> None:
    """An officer left out, a lower cap, a recusal by its relation, rotation kept and given way."""
    exclusions = Exclusions(
        officers=(Exclusion(inspector="a", reason="absent"),),
        caps=(ReducedCap(inspector="b", registered=10, taken=55, cap=5),),
        grounds=(
            DeclaredRecusal(inspector="d", entity="e2", relation="spouse"),
            DeclaredRecusal(inspector="c", entity="e1", relation="self"),
        ),
        rotation=Rotation(kept=(Recusal("b", "e1"),), yielded=(Recusal("c", "e2"),), lines=("e2",)),
    )
    rows = list(exclusions.rows())
    assert [(row["kind"], row["inspector"], row["entity"], row["reason"]) for row in rows] == [
        ("officer", "a", None, "absent"),
        ("cap", "b", None, "load"),
        ("recusal", "c", "e1", "self"),
        ("recusal", "d", "e2", "spouse"),
        ("rotation", "b", "e1", "rotation"),
        ("rotation-gave-way", "c", "e2", "rotation-gave-way"),
    ]
    assert [(row["registered"], row["taken"], row["cap"]) for row in rows if row["cap"] is not None] == [
        (10, 55, 5)
    ]
    assert len({tuple(row) for row in rows}) == 1


def test_a_draw_that_kept_nobody_out_has_no_rows() -> None:
    """Nothing to tell."""
    assert list(Exclusions().rows()) == []
