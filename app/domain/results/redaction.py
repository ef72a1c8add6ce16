"""What never becomes public: phones, resident ids, complainants, minors, names of natural persons.

Basis: 政府信息公开条例 art. 15 (personal privacy), 个人信息保护法 art. 6 (no more than needed),
未成年人保护法 art. 103 (nothing that identifies a minor), 信访工作条例 (complainants are kept secret),
国办发〔2018〕118号 (results of enforcement are public, privacy taken out). They err on the side of hiding:

- a text that speaks of a complaint or of minors is not published at all; the finding's entry, clause and
  severity are;
- ten or more digits in a row are hidden, however they are spaced or written (mobiles, phones with their area
  code, resident ids of GB 11643, bank cards); so are seven or eight that may be a local phone, numbers of
  travel documents, and five or more letters or digits after a word such as 电话; days stay;
- a name that follows a word such as 负责人 keeps its surname only, and so does every name that the registers
  know to be of somebody concerned; mail addresses are hidden.

A name that nothing marks as one cannot be told from other words: the reviewer sees the public copy first.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

RULE: Final = "redaction-1"
"""The version of these rules; each public copy names the one by which it was made."""

HIDDEN: Final = "［已隐去］"
COMPLAINT_HIDDEN: Final = "［涉及投诉举报，文字不公开］"
MINOR_HIDDEN: Final = "［涉及未成年人，文字不公开］"

_COMPLAINT = re.compile(r"举报|投诉|检举|控告|信访|上访|报案|报警|来电人|来信人|线索人")
_MINOR = re.compile(
    r"未成年|未满十|不满十|[未不]满[0-9]|儿童|少年|幼[儿女]|婴儿|小孩|孩子|[男女]童|童工|学生|小学|初中|高中|中学"
)

_GAP = r"[ \t\u00a0\u3000.·/_+()（）\-‐-―－]{0,3}"
_RUN = re.compile(rf"[0-9](?:{_GAP}[0-9]){{9,}}(?:{_GAP}[Xx])?")
_LOCAL_PHONE = re.compile(
    r"(?<![0-9A-Za-z.〔￥¥])(?!20[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9](?![0-9]))"
    r"[2-9][0-9]{2,3}[- ]?[0-9]{4}(?![0-9A-Za-z.]|\s*(?:万?元|平方|㎡|人|件))"
)
_TRAVEL_DOCUMENT = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,2}[0-9]{7,9}(?![0-9A-Za-z])")
_LABELLED = re.compile(
    r"(?P<label>(?:电话|手机|联系方式|微信|传真|身份证|证件|护照|银行卡|账号|[Qq]{2})(?:号码?)?[^0-9A-Za-z]{0,6})"
    r"(?P<value>[0-9A-Za-z](?:[-_ ]?[0-9A-Za-z]){4,})"
)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
_DAY = re.compile(
    r"(?<![0-9])(?<![0-9][- ./])(?:19|20)[0-9]{2}([-./])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"
    r"(?:[ T][0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?)?(?![0-9])(?![- ./][0-9])"
)
_MARK: Final = "\uffff"
"""A character that no text has: it holds the place of what is to be hidden."""

_CHINESE_DIGITS: Final = str.maketrans(
    "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "00123456789" + "1234567891"
)

_ROLES: Final = (
    "法定代表人|负责人|经营者|业主|老板|店主|房东|当事人|行为人|嫌疑人|违法人|见证人|证人|从业人员|服务员|保安员|保安|"
    "技师|员工|店员|收银员|前台|网管|住客|旅客|顾客|客人|消费者|被害人|受害人|伤者|死者|家属|监护人|联系人|签字人|陪同人|"
    "男子|女子|居民|村民|民警|辅警|检查人员|执法人员|姓名"
)
_COMPOUND: Final = (
    "欧阳|司马|上官|诸葛|皇甫|尉迟|公孙|慕容|令狐|夏侯|长孙|宇文|司徒|端木|南宫|轩辕|呼延|独孤|东方|百里"
)
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范石廖贾韦夏付傅邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤温康施文牛樊葛邢齐易乔"
    "伍庞颜倪庄聂章鲁岳翟殷詹申欧耿兰焦俞左柳甘祝宁尚符舒阮柯纪梅童凌毕单季裴霍涂苗谷盛曲翁冉骆蓝路游辛靳管柴"
    "喻祁蒲房滕屈饶牟艾尤阳穆农卓古吉缪车芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬边姬仇栾隋刁沙荣巫寇桑郎甄仲敖"
)
_NOT_IN_NAMES: Final = "某的在于未无不已将与和及因为称说到从对被等拒签是有没均应也且其并向当"
_NAMED = re.compile(
    rf"(?P<role>(?:{_ROLES})[：:（(\s]{{0,2}})(?P<surname>(?>{_COMPOUND}|[{_SURNAMES}]))"
    rf"(?![{_NOT_IN_NAMES}])[\u4e00-\u9fff](?:(?![{_NOT_IN_NAMES}])[\u4e00-\u9fff])?"
    rf"(?=[^\u4e00-\u9fff]|\Z|[{_NOT_IN_NAMES}])"
)
_NAME_LIKE = re.compile(rf"(?:{_COMPOUND}|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}")
_SURNAME = re.compile(rf"(?:{_COMPOUND}|[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")
_LEAST_NAME: Final = 2
_INVISIBLE: Final = frozenset({"Cf", "Cn", "Co", "Cs"})
"""Formatting, unassigned and private characters: what would sit unseen between two digits."""


def redact(text: str, *, names: Iterable[str] = ()) -> str:
    """Give what the public may read of a text.

    Args:
        text: what an officer wrote.
        names: natural persons whom the registers know to be concerned.
    """
    plain = plain_text(text)
    close = re.sub(r"\s", "", plain)
    if _COMPLAINT.search(close):
        return COMPLAINT_HIDDEN
    if _MINOR.search(close):
        return MINOR_HIDDEN
    return redact_marks(text, names=names)


def redact_marks(text: str, *, names: Iterable[str] = ()) -> str:
    """Hide numbers, addresses and names, whatever the text is about: for names of laws and of premises.

    Args:
        text: the text.
        names: as in `redact`.
    """
    return _hide_names(_hide_numbers(plain_text(text)), names)


def like_a_name(text: str) -> bool:
    """Tell whether a text is like a person's name, and no role such as 现场负责人."""
    return _NAME_LIKE.fullmatch(text) is not None


def plain_text(text: str) -> str:
    """Give a text with its letters and digits in their one plain form and nothing invisible in between."""
    return "".join(_plain(one) for one in text if unicodedata.category(one) not in _INVISIBLE)


def _plain(one: str) -> str:
    if one.isdecimal():
        return str(unicodedata.decimal(one))
    form = unicodedata.normalize("NFKC", one)
    return form if form.isascii() and form.rstrip(".").isalnum() else one


def _hide_numbers(text: str) -> str:
    # Every replacement keeps the length, so that places in the shadow are places in the text.
    shadow = _DAY.sub(lambda day: "日" * len(day[0]), text.translate(_CHINESE_DIGITS))
    shadow = _LABELLED.sub(lambda found: found["label"] + _MARK * len(found["value"]), shadow)
    for pattern in (_RUN, _MAIL, _TRAVEL_DOCUMENT, _LOCAL_PHONE):
        shadow = pattern.sub(lambda found: _MARK * len(found[0]), shadow)
    for hidden in reversed(list(re.finditer(f"{_MARK}+", shadow))):
        text = text[: hidden.start()] + HIDDEN + text[hidden.end() :]
    return text


def _hide_names(text: str, names: Iterable[str]) -> str:
    for name in sorted(set(names), key=len, reverse=True):
        if len(name) >= _LEAST_NAME:
            text = text.replace(name, _masked(name))
    return _NAMED.sub(lambda named: f"{named['role']}{named['surname']}某", text)


def _masked(name: str) -> str:
    surname = _SURNAME.match(name)
    return f"{surname[0]}某" if surname else HIDDEN
