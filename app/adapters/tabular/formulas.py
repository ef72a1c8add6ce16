"""Cells that a spreadsheet would run as a formula.

Rule, for CSV and XLSX alike: text that begins with any number of `'` followed by one of `= + - @`, their
full-width forms, tab, CR or LF is written with one more `'` in front, and read with one `'` less. All other
text, `'90s` for example, is left alone both ways, so what is written always reads back as itself.
"""

import re

_LOOKS_LIKE_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
_NEUTRALISED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")


def neutralised(text: str) -> str:
    """Give text that no spreadsheet takes for a formula."""
    return f"'{text}" if _LOOKS_LIKE_FORMULA.match(text) else text


def restored(text: str) -> str:
    """Undo `neutralised`."""
    return text[1:] if _NEUTRALISED.match(text) else text
