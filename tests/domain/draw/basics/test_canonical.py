"""JSON that is hashed, and JSON that strangers wrote."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.canonical import canonical_json, strict_json
from app.domain.draw.basics.text import Refused

SCALARS = st.none() | st.booleans() | st.integers(0, 2**53 - 1) | st.text()
NAMES = st.text(st.characters(codec="ascii"))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=8
).filter(lambda value: depth(value) <= 8)


def depth(value: object) -> int:
    """Count how many lists and objects stand inside each other."""
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


class TestCanonical:
    """RFC 8785."""

    def test_members_are_sorted_and_nothing_is_spaced(self) -> None:
        value = {"b": [1, True, None], "a": "网", "B": {}}
        assert canonical_json(value) == '{"B":{},"a":"网","b":[1,true,null]}'.encode()

    def test_text_is_escaped_as_section_3_2_2_2_says(self) -> None:
        """Short escapes where there are some, lowercase hex for other controls, everything else as it is."""
        assert canonical_json('\x08\t\n\x0c\r\x00\x1f"\\/\x7f\u2028') == (
            b'"\\b\\t\\n\\f\\r\\u0000\\u001f\\"\\\\/\x7f\xe2\x80\xa8"'
        )

    @pytest.mark.parametrize(
        "value",
        [1.0, float("nan"), -1, 2**53, "\ud800", {"é": 1}, {1: 2}, b"a", [[{"a": 0.5}]], {"a": "\udfff"}],
    )
    def test_what_has_no_single_form_is_refused(self, value: object) -> None:
        with pytest.raises(Refused, match="bad-json"):
            canonical_json(value)

    @given(VALUES)
    def test_strict_reading_gives_back_what_was_written(self, value: object) -> None:
        assert strict_json(canonical_json(value)) == value

    @given(VALUES)
    def test_writing_what_was_read_gives_the_same_bytes(self, value: object) -> None:
        loose = json.dumps(value, indent=1).encode()
        assert canonical_json(strict_json(loose)) == canonical_json(value)


class TestStrict:
    """Section 10: what two readers could understand differently is refused."""

    @pytest.mark.parametrize(
        "source",
        [
            b'{"a":1,"a":1}',
            b'{"a":1,"\\u0061":2}',
            b"1.0",
            b"1e2",
            b"-1",
            b"-0",
            b"9007199254740992",
            b"1" * 5000,
            b"NaN",
            b"-Infinity",
            b'"\\ud800"',
            b'{"\\udc00":1}',
            '["\ud800"]',
            b'"\xff"',
            b'"\xed\xa0\x80"',
            b"\xef\xbb\xbf{}",
            b"[" * 9 + b"]" * 9,
            b"[" * 60_000,
            b"[" * 30_000 + b"]" * 30_000,
            b'{"a":' * 9 + b"1" + b"}" * 9,
            b"",
            b"[1,]",
            b"{} {}",
            b"'a'",
            b'"a\nb"',
            b"01",
            b"\xc2\xa01",
            "\uff11",
        ],
        ids=lambda source: ascii(source)[:24],
    )
    def test_refused(self, source: bytes | str) -> None:
        with pytest.raises(Refused) as refusal:
            strict_json(source)
        assert refusal.value.code == "bad-json"
        assert "\n" not in refusal.value.detail

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            (b"9007199254740991", 2**53 - 1),
            (b"[" * 8 + b"]" * 8, [[[[[[[[]]]]]]]]),
            (b'[[],[],[],[],[],[],[],[],[],"[[["]', [[], [], [], [], [], [], [], [], [], "[[["]),
            (b'"\\ud83c\\udfa4"', "🎤"),
            (' {"网":[0,true,null]}\n', {"网": [0, True, None]}),
        ],
        ids=ascii,
    )
    def test_accepted(self, source: bytes | str, value: object) -> None:
        assert strict_json(source) == value

    def test_the_member_that_occurs_twice_is_named(self) -> None:
        with pytest.raises(Refused, match="member 'b' occurs twice"):
            strict_json('{"a":1,"b":2,"b":3}')

    def test_a_repeated_member_is_found_at_once_among_many(self) -> None:
        """A hundred thousand members of which the last stood before."""
        members = ",".join(f'"{number}":0' for number in range(100_000))
        with pytest.raises(Refused, match="member '99999' occurs twice"):
            strict_json(f'{{{members},"99999":0}}')

    @given(st.binary(max_size=40) | st.text(max_size=40))
    def test_any_input_is_read_as_json_is_or_refused(self, source: bytes | str) -> None:
        with suppress(Refused):
            assert strict_json(source) == json.loads(source)
