"""Syllables that names of places, firms and people are put together from; none is taken from a register.

Firm names are three characters that nobody would choose together, so that they are unlikely to be anybody's.
"""

from random import Random

REGION = "410928"

STATIONS = {
    "001": "云河",
    "002": "望川",
    "003": "柳塘",
    "004": "石梁",
    "005": "青禾",
    "006": "南淤",
    "007": "榆关",
    "008": "白鹭",
    "009": "沙岸",
    "010": "麦集",
    "011": "古槐",
    "012": "渡口",
}
"""Police stations by their three digits; the towns do not exist."""

_ROADS = ("澄波", "麦浪", "听泉", "晒盐", "渔歌", "星垂", "稻香", "采菱", "鹿鸣", "垂柳", "平沙", "问渠")
_ROAD_ENDS = ("路", "街", "大道", "巷")
_FIRST = "澜沐榕穗砚棠漪芃岑澍昀黎苇槿禾峤泠筠璞樾"
_SECOND = "溪橹枥堇珩蓼汀庑杪樨笠湉堤篱岫枋潋菀墅垣"
_THIRD = "拾叁柒玖佰仟捌岚庭坞阁屿川塬"
_FAMILY = "邬厉佟暴祝翟阚贲郗晏臧冀"
_GIVEN = "昀汀禾筠朴砚岑澍芃黎峤泠溪珩苇棠"


def address(rng: Random, station: str) -> str:
    """Make up an address in a station's town."""
    road = rng.choice(_ROADS) + rng.choice(_ROAD_ENDS)
    return f"{STATIONS[station]}镇{road}{rng.randint(1, 399)}号"


def firm(rng: Random, ending: str) -> str:
    """Make up the name of a firm."""
    return rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice(_THIRD) + ending


def person(rng: Random) -> str:
    """Make up the name of a person."""
    return rng.choice(_FAMILY) + "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2))))
