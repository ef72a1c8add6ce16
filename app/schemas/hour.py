"""An hour of the day on the wire."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def _in_shanghai(hour: time) -> time:
    if hour.tzinfo is not None:
        raise PydanticCustomError("hour-with-zone", "an hour in Asia/Shanghai, without a time zone")
    return hour


Hour = Annotated[time, AfterValidator(_in_shanghai)]
"""An hour of the day in Asia/Shanghai, such as `06:00`: one with a time zone would mean another."""
