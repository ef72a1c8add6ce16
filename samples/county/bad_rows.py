"""An entities file in which nearly every row has one mistake, each of another kind; the name says which."""

from app.domain.registers import ENTITIES, Cell, headers

_GOOD: dict[str, Cell] = {
    "监管类别": "特种行业",
    "行业细类": "旅馆",
    "治安等级": "1",
    "行政区划": "410928",
    "派出所": "001",
    "来源系统": "hotel-system",
}

_MISTAKES: tuple[tuple[str, dict[str, Cell]], ...] = (
    ("正确：没有错误的一行", {}),
    (
        "正确：英文代码和另一种日期写法",
        {"监管类别": "special_industry", "行业细类": "hotel", "登记日期": "2024/3/5"},
    ),
    ("统一社会信用代码校验位不对", {"统一社会信用代码": "91410928MA00000000"}),
    ("统一社会信用代码少一位", {"统一社会信用代码": "91410928MA0000000"}),
    ("统一社会信用代码被当作数字", {"统一社会信用代码": "9.14109E+17"}),
    ("没有信用代码也没有来源", {"来源系统": "", "来源编号": ""}),
    ("只有来源系统", {"来源编号": ""}),
    ("来源系统含冒号", {"来源系统": "a:b"}),
    ("来源系统含汉字", {"来源系统": "旅馆系统"}),
    ("来源编号像场所序号", {"来源编号": "00009#2"}),
    ("场所序号为零", {"场所序号": "0"}),
    ("场所序号不是整数", {"场所序号": "一"}),
    ("监管类别未填", {"监管类别": ""}),
    ("监管类别不存在", {"监管类别": "酒店"}),
    ("行业细类不属于该类别", {"行业细类": "歌舞"}),
    ("治安等级超出范围", {"治安等级": "4"}),
    ("状态不存在", {"状态": "装修"}),
    ("行政区划不是六位", {"行政区划": "41092"}),
    ("派出所少了前导零", {"派出所": "1"}),
    ("日期不存在", {"登记日期": "2025-02-29"}),
    ("日期写法不明", {"有效期至": "5/3/2027"}),
    ("布尔值不明", {"重点区域": "也许"}),
    ("公式错误值", {"法定代表人": "#N/A"}),
    ("不可见字符", {"地址": "云河镇\u200b麦浪路1号"}),
    ("地址过长", {"地址": "长" * 501}),
    ("与第二行重复", {"来源编号": "B001"}),
    ("多出一格", {"": "多余的内容"}),
)


def bad_rows() -> tuple[list[str], list[list[Cell]]]:
    """Give header and rows; one column is unknown, and one row is longer than the header."""
    names = [*headers(ENTITIES, "zh"), "联系电话"]
    rows = []
    for number, (name, mistake) in enumerate(_MISTAKES, start=1):
        cells: dict[str, Cell] = {**_GOOD, "来源编号": f"B{number:03d}", "名称": name, **mistake}
        rows.append([*(cells.get(column, "") for column in names), *([cells[""]] if "" in cells else [])])
    rows.append(["" if column == "名称" else cell for column, cell in zip(names, rows[0], strict=True)])
    rows[-1][names.index("来源编号")] = "B999"
    return names, rows
