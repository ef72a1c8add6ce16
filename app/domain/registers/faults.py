"""What can be wrong with a row, as codes; their texts are in `app/messages/rows.*.json`."""

from enum import StrEnum


class RowErrorCode(StrEnum):
    """The stable codes of header and row errors, as job reports carry them."""

    UNKNOWN_COLUMN = "unknown-column"
    MISSING_COLUMN = "missing-column"
    DUPLICATE_COLUMN = "duplicate-column"
    REQUIRED = "required"
    USCC_OR_SOURCE = "uscc-or-source"
    UNKNOWN_CODE = "unknown-code"
    SUBTYPE_OF_OTHER_REGIME = "subtype-of-other-regime"
    BROKEN_JSON = "broken-json"
    CONFLICTING_CODES = "conflicting-codes"
    BAD_BOOLEAN = "bad-boolean"
    BAD_CHARACTER = "bad-character"
    BAD_DATE = "bad-date"
    BAD_ENTITY = "bad-entity"
    BAD_INTEGER = "bad-integer"
    BAD_PLACE = "bad-place"
    BAD_REGION = "bad-region"
    BAD_SOURCE = "bad-source"
    BAD_SOURCE_KEY = "bad-source-key"
    BAD_STATION = "bad-station"
    BAD_TOKEN = "bad-token"  # noqa: S105 -- a DR1 token is a word of an alphabet, not a credential
    BAD_USCC = "bad-uscc"
    DATE_ORDER = "date-order"
    DUPLICATE_ROW = "duplicate-row"
    EXTRA_CELLS = "extra-cells"
    IN_THE_FUTURE = "in-the-future"
    LOST_DIGITS = "lost-digits"
    OUT_OF_RANGE = "out-of-range"
    SPREADSHEET_ERROR = "spreadsheet-error"
    TOO_EARLY = "too-early"
    TOO_LONG = "too-long"


class Fault(Exception):
    """One thing wrong with a cell or row: its code and the values that the text about it needs."""

    def __init__(self, code: RowErrorCode, *, column: str = "", **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.values = tuple((name, str(value)) for name, value in values.items())
