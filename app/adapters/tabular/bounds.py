"""What a table may be at most, and the one error of a file that cannot be read."""

from typing import Final

from app.domain.errors import Malformed

MAX_COLUMNS: Final = 52
"""The widest table; a spreadsheet's column AZ."""

MAX_LINE: Final = 1 << 20
"""The longest line of a text file, in characters."""

MAX_SHEET_ROWS: Final = 199_999
"""The last row of a sheet that is read; longer tables come as CSV or NDJSON."""

MAX_UNPACKED_MIB: Final = 256
"""The most that a workbook may unpack to."""


class TableError(Malformed):
    """The file is no table that can be read; the slug says why, `row` about where (0: no row)."""

    def __init__(self, slug: str, *, row: int = 0, **values: object) -> None:
        super().__init__(slug, row=row, **values)
