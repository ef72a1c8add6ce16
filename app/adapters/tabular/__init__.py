"""Tables as files: CSV, XLSX and NDJSON in and out, and the templates that people fill in."""

from app.adapters.tabular.bounds import TableError
from app.adapters.tabular.reading import Rows, read_rows
from app.adapters.tabular.template import template_xlsx
from app.adapters.tabular.writing import write_csv, write_ndjson, write_xlsx

__all__ = ["Rows", "TableError", "read_rows", "template_xlsx", "write_csv", "write_ndjson", "write_xlsx"]
