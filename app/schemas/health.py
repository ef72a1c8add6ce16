"""Health on the wire."""

from pydantic import BaseModel


class Health(BaseModel):
    """`ok`, or the request fails."""

    status: str
