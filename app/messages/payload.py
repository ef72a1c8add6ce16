"""What is wrong with a payload, in our words: of what pydantic says only the codes are kept."""

import re
from collections.abc import Mapping
from typing import Final

from app.messages import has_text, listed, text

_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'")
_NOT_A_FILE: Final = "UploadFile"
"""What FastAPI's one value error names: text stands where a file is wanted."""


def payload_words(bad: Mapping[str, object], lang: str) -> str:
    """The text of one error of pydantic in `zh` or `en`, with the limit or the values that it names."""
    code = payload_code(bad)
    context = bad.get("ctx")
    values = {str(k): v for k, v in context.items()} if isinstance(context, dict) else {}
    match code:
        case "enum" | "literal-error" | "union-tag-invalid":
            named = "expected_tags" if code == "union-tag-invalid" else "expected"
            values[named] = listed(_values_in(str(values[named])), lang)
        case "string-pattern-mismatch":
            form = f"form.{values['pattern']}"
            values["form"] = text(form, lang) if has_text(form) else values["pattern"]
        case "json-invalid":
            values["at"] = _place(bad.get("loc"))
        case "value-error" if _NOT_A_FILE in str(bad.get("msg")):
            code = "not-a-file"
        case _:
            pass
    slug = f"field.{code}"
    return text(slug if has_text(slug) else "field.other", lang, **values)


def payload_code(bad: Mapping[str, object]) -> str:
    """The stable code of one error of pydantic: its type in kebab case."""
    return str(bad["type"]).replace("_", "-")


def _values_in(expected: str) -> list[str]:
    """The values of `'a', 'b' or 'c'`; numbers stand there without quotes."""
    found = _QUOTED.findall(expected)
    return found or re.split(", | or ", expected)


def _place(where: object) -> int:
    """The character, from 1, at which a body cannot be read as JSON: FastAPI gives it as the last step."""
    last = where[-1] if isinstance(where, tuple) and where else 0
    return last + 1 if isinstance(last, int) else 1
