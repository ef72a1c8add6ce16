"""Templates: what a person fills in is what the import reads."""

import io
import zipfile

import pytest
from python_calamine import load_workbook

from app.adapters.tabular import read_rows, template_xlsx
from app.domain.registers import ENTITIES, REGISTERS, Binding, Fault, bind_headers


@pytest.mark.parametrize("name", REGISTERS)
def test_the_headers_of_each_template_are_those_of_the_import(name: str) -> None:
    """All columns, none unknown, no rows yet, and a second sheet that explains each of them."""
    register = REGISTERS[name]
    template = template_xlsx(register)
    ((row, header),) = read_rows(template, f"{name}.xlsx")
    assert not isinstance(header, Fault)
    binding = bind_headers(header, register, row_number=row)
    assert isinstance(binding, Binding)
    assert (binding.width, binding.unknown) == (len(register.columns), ())
    explained = load_workbook(io.BytesIO(template)).get_sheet_by_name("填写说明").to_python()
    assert [cells[1] for cells in explained[1:]] == [column.name for column in register.columns]


def test_coded_columns_have_drop_downs_and_numbers_their_bounds() -> None:
    """The entities template offers the labels of the specification."""
    with zipfile.ZipFile(io.BytesIO(template_xlsx(ENTITIES))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<formula1>"娱乐场所,特种行业,消防单位,网吧"</formula1>' in sheet
    assert '<formula1>"营业,停业,注销,迁出"</formula1>' in sheet
    assert '<formula1>"是,否"</formula1>' in sheet
    assert "<formula1>1</formula1><formula2>3</formula2>" in sheet


def test_equal_registers_give_equal_files() -> None:
    """A template is a function of the register: no clock in it."""
    assert template_xlsx(ENTITIES) == template_xlsx(ENTITIES)
