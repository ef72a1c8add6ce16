"""Text forms of DR1 section 1: what is accepted, what is refused, and what the refusal says."""

import pickle
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics import text
from app.domain.draw.basics.text import Refused
from tests.domain.draw.vector_cases import vector

REFUSALS = vector("refusals")
WHITE_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


class TestEntityIds:
    """Section 1, entity id."""

    @pytest.mark.parametrize("entity", REFUSALS["entity_ids"]["accept"])
    def test_accepted_by_the_vectors(self, entity: str) -> None:
        assert text.is_entity_id(entity)
        assert text.check_entity_id(entity) == entity

    @pytest.mark.parametrize("entity", REFUSALS["entity_ids"]["refuse"])
    def test_refused_by_the_vectors(self, entity: str) -> None:
        assert not text.is_entity_id(entity)
        with pytest.raises(Refused) as refusal:
            text.check_entity_id(entity)
        assert refusal.value.code == "bad-entity-id"

    @pytest.mark.parametrize("space", WHITE_SPACE, ids=ascii)
    def test_white_space_stands_at_neither_end(self, space: str) -> None:
        """Every character with the Unicode property White_Space."""
        assert not text.is_entity_id(f"{space}a")
        assert not text.is_entity_id(f"a{space}")

    @pytest.mark.parametrize("space", [" ", "\xa0", "\u1680", "\u3000"], ids=ascii)
    def test_white_space_of_the_category_zs_may_stand_inside(self, space: str) -> None:
        """Only controls and line separators are refused there; U+2000 is not NFC, its form U+2002 is."""
        assert text.is_entity_id(f"a{space}b")

    @pytest.mark.parametrize(
        ("entity", "fault"),
        [
            (7, "is not text"),
            ("a\x1fb", "has a control, format, surrogate, unassigned or line separator character"),
            ("\ud800", "has a control, format, surrogate, unassigned or line separator character"),
            ("a\u0378", "has a control, format, surrogate, unassigned or line separator character"),
            ("e\u0301", "is not in Unicode normal form NFC"),
            ("网" * 43, "is not 1 to 128 UTF-8 bytes long"),
            ("", "is not 1 to 128 UTF-8 bytes long"),
            ("a ", "begins or ends with white space"),
            ("网" * 42 + "ab", None),
            ("\ue000", None),
        ],
        ids=ascii,
    )
    def test_the_fault_is_named(self, entity: object, fault: str | None) -> None:
        """43 Chinese characters are 129 bytes; private use is the category Co, which is allowed."""
        assert text.entity_id_fault(entity) == fault

    @given(st.text(max_size=6))
    def test_what_is_accepted_obeys_each_rule_of_the_section(self, entity: str) -> None:
        """Against the section read literally, one character at a time."""
        literal = (
            all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} for c in entity)
            and unicodedata.normalize("NFC", entity) == entity
            and 1 <= len(entity.encode(errors="surrogatepass")) <= 128
            and entity[0] not in WHITE_SPACE
            and entity[-1] not in WHITE_SPACE
        )
        assert text.is_entity_id(entity) == literal

    def test_a_long_run_of_combining_marks_is_refused_at_once(self) -> None:
        """Sorting them for NFC would take time that grows with the square of their number."""
        assert text.entity_id_fault("a" + "\u0300\u0316" * 1_000_000) == "is not 1 to 128 UTF-8 bytes long"

    def test_no_other_character_strips_as_white_space(self) -> None:
        """`str.isspace` agrees with White_Space except for the controls U+001C to U+001F."""
        spaces = {chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()}
        assert spaces - set(WHITE_SPACE) == set("\x1c\x1d\x1e\x1f")


class TestTokens:
    """Section 1, token."""

    @pytest.mark.parametrize("token", REFUSALS["tokens"]["accept"])
    def test_accepted_by_the_vectors(self, token: str) -> None:
        assert text.check_token(token, what="note") == token

    @pytest.mark.parametrize(
        "token", [*REFUSALS["tokens"]["refuse"], "\uff11", "a\x00", None, 1, ["a"]], ids=ascii
    )
    def test_refused_by_the_vectors_and_more(self, token: object) -> None:
        """Also digits that are not ASCII, and what is not text."""
        assert not text.is_token(token)
        with pytest.raises(Refused, match="bad-token: note ") as refusal:
            text.check_token(token, what="note")
        assert refusal.value.code == "bad-token"


class TestNumbersAndDigests:
    """Integers, hex digits, lists, members."""

    @pytest.mark.parametrize("value", [0, 64])
    def test_both_ends_of_a_range_belong_to_it(self, value: int) -> None:
        assert text.check_integer(value, 0, 64, what="tickets") == value

    @pytest.mark.parametrize("value", [-1, 65, True, False, 1.0, "1", None, 2**70])
    def test_what_is_no_integer_of_the_range_is_refused(self, value: object) -> None:
        """A JSON `true` never passes as 1."""
        with pytest.raises(Refused, match=r"bad-integer: tickets .* is not an integer from 0 to 64"):
            text.check_integer(value, 0, 64, what="tickets")

    def test_a_digest_is_64_lowercase_hex_digits(self) -> None:
        assert text.check_hex64("0f" * 32, what="root") == "0f" * 32
        assert text.check_hex("0f", digits=2, what="byte") == "0f"

    @pytest.mark.parametrize("value", ["0F" * 32, "0f" * 31, "0f" * 31 + "0\n", "０" * 64, 5, None])
    def test_other_digests_are_refused(self, value: object) -> None:
        with pytest.raises(Refused, match="bad-hex: root "):
            text.check_hex64(value, what="root")

    def test_a_list_may_come_as_a_tuple_and_nothing_else(self) -> None:
        assert text.check_list([1], what="slots") == [1]
        assert text.check_list((1,), what="slots") == (1,)
        with pytest.raises(Refused, match="bad-shape: slots 'ab' is not a list"):
            text.check_list("ab", what="slots")

    def test_members_are_exactly_those_named(self) -> None:
        assert text.check_members({"a": 1, "b": 2}, ("b", "a"), what="x") == {"a": 1, "b": 2}
        with pytest.raises(Refused, match="bad-members: x: members missing: b; members unknown: 'c'"):
            text.check_members({"a": 1, "c": 2}, ("a", "b"), what="x")
        with pytest.raises(Refused, match="members missing: none; members unknown: 'c'"):
            text.check_members({"a": 1, "c": 2}, ("a",), what="x")
        with pytest.raises(Refused, match="members missing: b; members unknown: none"):
            text.check_members({"a": 1}, ("a", "b"), what="x")
        with pytest.raises(Refused, match="bad-shape: x a value of type list is not an object"):
            text.check_members([], (), what="x")


class TestTags:
    """Section 1, tag lists and notes."""

    def test_lists_are_joined_with_commas_and_empty_ones_are_a_dash(self) -> None:
        assert (
            text.tag_text(text.check_tags(["agency:psb", "role:lead"], what="tags")) == "agency:psb,role:lead"
        )
        assert text.tag_text(text.check_tags([], what="tags")) == "-"

    @pytest.mark.parametrize("tags", [["b", "a"], ["a", "a"], ["a", "B"]])
    def test_lists_out_of_byte_order_are_refused(self, tags: list[str]) -> None:
        """Capitals come first in bytes."""
        with pytest.raises(Refused, match="bad-tags"):
            text.check_tags(tags, what="tags")

    def test_lists_of_other_things_are_refused(self) -> None:
        with pytest.raises(Refused, match="bad-token"):
            text.check_tags(["a", 1], what="tags")
        with pytest.raises(Refused, match="bad-shape"):
            text.check_tags("ab", what="tags")

    def test_an_absent_note_is_a_dash(self) -> None:
        assert (text.note_text(None), text.note_text("cooldown")) == ("-", "cooldown")


@given(st.lists(st.text()))
def test_byte_order_is_the_order_of_python_text(texts: list[str]) -> None:
    """So lists may be sorted without encoding them: UTF-8 keeps the order of code points, UTF-16 does not."""
    clean = [t for t in texts if t.isprintable()]
    assert sorted(clean, key=text.byte_order) == sorted(clean)


def test_byte_order_differs_from_utf_16_order_where_it_should() -> None:
    """U+20BB7 (𠮷) sorts after U+FF21 (Ａ) in bytes and before it in UTF-16 units."""
    names = ["𠮷野家", "Ａ网咖"]
    assert sorted(names, key=text.byte_order) == ["Ａ网咖", "𠮷野家"]
    assert sorted(names, key=lambda name: name.encode("utf-16-be")) == names


class TestRefusals:
    """A refusal is one line that can be shown to anyone."""

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("a\nb", r"'a\nb'"),
            ("网\ud800", r"'\u7f51\ud800'"),
            ("x" * 41, f"'{'x' * 40}...'"),
            (None, "None"),
            (True, "True"),
            (2**64 - 1, "18446744073709551615"),
            (2**64, "a value of type int"),
            ({}, "a value of type dict"),
        ],
        ids=ascii,
    )
    def test_any_value_is_shown_short_and_escaped(self, value: object, expected: str) -> None:
        assert text.shown(value) == expected

    def test_a_refusal_survives_the_way_back_from_another_process(self) -> None:
        refusal = pickle.loads(pickle.dumps(Refused("bad-token", "note 'x y'")))  # noqa: S301 - made here
        assert (refusal.code, refusal.detail, str(refusal)) == (
            "bad-token",
            "note 'x y'",
            "bad-token: note 'x y'",
        )
