"""Reading a source's answer: three formats, and everything that is not one of them."""

from typing import Any

import pytest

from app.adapters.source_answers import read_answer
from app.domain.registers import Fault
from app.domain.sources.configuration import AnswerForm
from app.domain.sources.trouble import SourceTrouble


def form(**changed: Any) -> AnswerForm:
    """What an answer should look like."""
    plain: dict[str, Any] = {"format": "json", "items": "", "told_at": None, "told": (), "validators": False}
    return AnswerForm(**{**plain, **changed})


ENVELOPE = form(items="/data/list", told_at="/code", told=("0", "true"))


@pytest.mark.parametrize(
    ("shape", "body", "charset", "records"),
    [
        (form(), b'[{"a": 1}]', "utf-8", [{"a": 1}]),
        (form(), "\ufeff[]".encode(), "utf-8", []),
        (form(), '[{"a": "\u5e97"}]'.encode("gb18030"), "gb18030", [{"a": "店"}]),
        (ENVELOPE, b'{"code": 0, "data": {"list": [{"a": 1}, 2]}}', "utf-8", [{"a": 1}, 2]),
        (ENVELOPE, b'{"code": "0", "data": {"list": []}}', "utf-8", []),
        (ENVELOPE, b'{"code": true, "data": {"list": []}}', "utf-8", []),
        (
            form(format="ndjson"),
            b'{"a": 1}\n\n{"b": "x"}\n',
            "utf-8",
            [{"a": 1, "b": None}, {"a": None, "b": "x"}],
        ),
        (form(format="ndjson"), b" \n", "utf-8", []),
        (form(format="csv"), "编号,名称\n1,店\n".encode("gb18030"), "utf-8", [{"编号": "1", "名称": "店"}]),
        (form(format="csv"), "编号;;名称\n1;x;店;y\n".encode(), "utf-8", [{"编号": "1", "名称": "店"}]),
        (form(format="csv"), "编号,名称\n".encode(), "utf-8", []),
    ],
)
def test_an_answer_becomes_records(
    shape: AnswerForm, body: bytes, charset: str, records: list[object]
) -> None:
    """A list of a JSON document, lines of NDJSON, rows of CSV in whatever encoding."""
    assert read_answer(shape, body, charset).records == records


def test_a_line_that_is_no_object_is_one_bad_record() -> None:
    """The others are read."""
    first, second = read_answer(form(format="ndjson"), b'{"a": 1}\nnonsense\n', "utf-8").records
    assert first == {"a": 1}
    assert isinstance(second, Fault)


@pytest.mark.parametrize(
    ("shape", "body", "charset", "code", "value"),
    [
        (form(), b"<html>\xe7\xbb\xb4</html>", "utf-8", "source-no-json", "<html>………</html>"),
        (form(), b"", "utf-8", "source-no-json", ""),
        (form(), b'[{"a": NaN}]', "utf-8", "source-no-json", '[{"a": NaN}]'),
        (form(), b"[" * 100_000, "utf-8", "source-no-json", "[" * 40),
        (form(), b"\xff\xfe", "utf-8", "source-no-json", "……"),
        (form(), b"[]", "no-such-charset", "source-no-json", "[]"),
        (form(), b'{"list": []}', "utf-8", "source-no-list", "/"),
        (ENVELOPE, b'{"code": 0, "data": {"list": {}}}', "utf-8", "source-no-list", "/data/list"),
        (ENVELOPE, b'{"code": 500, "msg": "x"}', "utf-8", "source-says-no", "/code"),
        (ENVELOPE, b'{"msg": "x"}', "utf-8", "source-says-no", "/code"),
        (form(format="csv"), b"", "utf-8", "source-no-table", "0"),
        (form(format="csv"), b'a,b\n"1,2\n', "utf-8", "source-no-table", "2"),
        (form(format="ndjson"), b"<html></html>", "utf-8", "source-no-table", "1"),
    ],
)
def test_an_answer_of_another_shape_is_wrong_and_asking_again_does_not_help(
    shape: AnswerForm, body: bytes, charset: str, code: str, value: str
) -> None:
    """Each is told by a code and where it went wrong."""
    with pytest.raises(SourceTrouble) as caught:
        read_answer(shape, body, charset)
    failure = caught.value.failure
    assert (failure.kind, failure.code, caught.value.may_pass) == ("wrong", code, False)
    assert failure.values[0][1] == value
