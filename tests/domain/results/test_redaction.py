"""What never becomes public does not survive redaction, however it was written (issue, «Publication»)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from app.domain.results.redaction import (
    COMPLAINT_HIDDEN,
    HIDDEN,
    MINOR_HIDDEN,
    like_a_name,
    plain_text,
    redact,
    redact_marks,
)


@pytest.mark.parametrize(
    "text",
    [
        "灭火器3具失效，未建立台账",
        "2026-11-03 10:30检查时，二楼安全出口上锁",
        "20261103登记的旅客12人未上传",
        "罚款5000000元，营业面积1200000平方",
        "201、203、205、208房间未登记",
        "违反《娱乐场所管理条例》第二十三条、第四十八条第一款",
        "豫公（消）〔2026〕第0012号",
        "经营者张贴告示，负责人在场，当事人和店员均配合",
        "监控保存不足30日，应当保存90日；CCTV-16路中2路故障",
    ],
)
def test_what_a_finding_needs_stays(text: str) -> None:
    """Days, amounts, rooms, articles, document numbers, roles without names."""
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("联系电话13800138000。", f"联系电话{HIDDEN}。"),
        ("打138 0013 8000无人接", f"打{HIDDEN}无人接"),
        ("打138-0013-8000无人接", f"打{HIDDEN}无人接"),
        ("打＋８６１３８００１３８０００无人接", f"打＋{HIDDEN}无人接"),
        ("打一三八零零一三八零零零无人接", f"打{HIDDEN}无人接"),
        ("座机0393-4567890", f"座机{HIDDEN}"),
        ("座机4567890占线", f"座机{HIDDEN}占线"),
        ("电话：62365", f"电话：{HIDDEN}"),
        ("热线400-123-4567", f"热线{HIDDEN}"),
        ("身份证号41092819900101123X", f"身份证号{HIDDEN}"),
        ("持410928 19900101 123X入住", f"持{HIDDEN}入住"),
        ("旧证410928900101123", f"旧证{HIDDEN}"),
        ("持护照E12345678入住", f"持护照{HIDDEN}入住"),
        ("持E12345678入住", f"持{HIDDEN}入住"),
        ("微信abc_12345", f"微信{HIDDEN}"),
        ("邮箱zhang@example.com", f"邮箱{HIDDEN}"),
        ("卡号6222021234567890123", f"卡号{HIDDEN}"),
        ("打1\u200b3800138000无人接", f"打{HIDDEN}无人接"),
        ("负责人张三未到场", "负责人张某未到场"),
        ("负责人：欧阳小明，在场", "负责人：欧阳某，在场"),
        ("店员李小红拒签", "店员李某拒签"),
        ("买买提在场，王五也在", f"{HIDDEN}在场，王某也在".replace(HIDDEN, "买某")),
        ("Smith在场", f"{HIDDEN}在场"),
    ],
)
def test_what_is_somebody_s_is_hidden(text: str, public: str) -> None:
    """Each by hand, with three names that the registers know."""
    assert redact(text, names=["王五", "买买提", "Smith", "某"]) == public


@pytest.mark.parametrize(
    "text", ["接群众举报后检查", "投 诉 人在场", "经 12345 投诉转办", "信访件转来", "报案人王某称"]
)
def test_a_text_about_a_complaint_is_not_published(text: str) -> None:
    """Who complained can be guessed from how it is told."""
    assert redact(text) == COMPLAINT_HIDDEN


@pytest.mark.parametrize(
    "text",
    ["接纳未成年人3名", "容留未满１８周岁的张某", "两名学生上网", "某中学的李某", "带小孩入住", "未 成 年"],
)
def test_a_text_about_minors_is_not_published(text: str) -> None:
    """未成年人保护法 art. 103."""
    assert redact(text) == MINOR_HIDDEN


def test_a_law_about_minors_may_be_named() -> None:
    """A clause names what was broken, nobody whom it was done to."""
    assert redact_marks("未成年人保护法第五十八条") == "未成年人保护法第五十八条"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三", True),
        ("李小红", True),
        ("欧阳小明", True),
        ("现场负责人", False),
        ("店长", False),
        ("张三丰年", False),
        ("", False),
    ],
)
def test_a_role_is_no_name(text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    """Whoever signs as 现场负责人 gives no name to hide."""
    assert like_a_name(text) is expected


GAPS = st.text(" -.·/()（）_　", max_size=3)
WORDS = st.text("检查发现该店无人在场，。；：A一", max_size=8)
AREA = st.sampled_from(["010", "021", "0371", "0393"])
LOCAL = st.from_regex(r"[2-9][0-9]{6,7}", fullmatch=True)
FORMS = st.sampled_from(
    ["0123456789", "０１２３４５６７８９", "〇一二三四五六七八九", "٠١٢٣٤٥٦٧٨٩", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]
)


def resident_id(region: str, born: str, serial: int) -> str:
    """A number with a right check digit (GB 11643)."""
    body = f"{region}{born}{serial:03d}"
    return body + ric.calc_check_digit(body + "0")


numbers = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.tuples(AREA, LOCAL).map("".join),
    st.builds(
        resident_id,
        st.sampled_from(["410928", "110101"]),
        st.dates().map(lambda day: day.strftime("%Y%m%d").zfill(8)),
        st.integers(1, 999),
    ),
)


def squeezed(text: str) -> str:
    """A text without what may stand between digits, its digits plain."""
    digits = plain_text(text).translate(str.maketrans("〇零一二三四五六七八九", "00123456789"))
    return re.sub(r"[ \-.·/()（）_\u3000]", "", digits)


@given(WORDS, numbers, WORDS, st.data())
def test_no_phone_and_no_resident_id_survives(
    before: str, number: str, after: str, data: st.DataObject
) -> None:
    """However it is spaced, and in whichever digits."""
    form = data.draw(FORMS)
    gaps = data.draw(st.lists(GAPS, min_size=len(number), max_size=len(number)))
    written = "".join(
        (form[int(one)] if one.isdigit() else one) + gap for one, gap in zip(number, gaps, strict=True)
    )
    public = redact(before + written + after)
    assert number not in squeezed(public)


@given(st.text())
def test_no_ten_digits_in_a_row_survive(text: str) -> None:
    """In any text at all."""
    assert not re.search(r"[0-9]{10}", plain_text(redact(text)))


@given(
    st.text(
        st.sampled_from("0123456789Xx-. 年月日电话手机号码负责人张李欧阳王五未在某E@〇一八，：举报"),
        max_size=40,
    )
)
def test_redacting_twice_is_redacting_once(text: str) -> None:
    """What is public has nothing left to hide."""
    once = redact(text, names=["王五"])
    assert redact(once, names=["王五"]) == once


@given(st.text(st.sampled_from("在场的店王五小明负责人，"), max_size=20), st.sampled_from(["王五", "张小明"]))
def test_no_known_name_survives(text: str, name: str) -> None:
    """Whether or not a word marks it as a name."""
    assert name not in redact(f"{text}{name}{text}", names=[name])
