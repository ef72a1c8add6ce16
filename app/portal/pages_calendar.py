"""The public page of the calendar: months, items, rates and how many draws."""

from datetime import date
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, TypeAdapter

from app.acts import ActRoute, validated
from app.deps import LookDep, allow
from app.domain.calendar.adhoc import AdhocReason
from app.portal.rendering import rendered
from app.schemas.public_results_query import RegionPrefix, Text
from app.services.planning import law, public_calendar

router = APIRouter(include_in_schema=False, route_class=ActRoute)

_PAGE: Final = 20
_KINDS: Final = MappingProxyType({"regular": "定期抽查", "extra": "加抽", "adhoc": "临时抽查"})
_REASONS: Final = MappingProxyType(
    {
        AdhocReason.FIRE_SITUATION: "火灾形势",
        AdhocReason.SEASON: "季节特点",
        AdhocReason.KEY_AREA: "重点区域",
        AdhocReason.MAJOR_EVENT: "重大活动",
        AdhocReason.COMPLAINTS: "投诉举报",
        AdhocReason.INCIDENTS: "案件事故",
        AdhocReason.SUPERIOR_ORDER: "上级部署",
        AdhocReason.OTHER: "其他",
    }
)


class CalendarPageQuery(BaseModel):
    """What the page is narrowed to."""

    year: int | None = Field(None, ge=2000, le=2100)
    region: RegionPrefix | None = None
    item: Text | None = None
    cursor: str | None = Field(None, max_length=500)

    def asked(self) -> dict[str, str]:
        """What the form shows again."""
        return self.model_dump(mode="json", exclude={"cursor"}, exclude_none=True)


_QUERY: Final = TypeAdapter(CalendarPageQuery)


@router.get("/calendar", dependencies=allow("public"))
def calendar(request: Request, look: LookDep) -> Response:
    """A year's draws by month and item; a field of the form that was left empty asks for nothing."""
    given = {name: value for name, value in request.query_params.items() if value}
    query = validated(_QUERY, given, "query")
    page = public_calendar.calendars(look, **query.model_dump(), limit=_PAGE, count=False)
    return rendered(
        request,
        "calendar.html",
        page=page,
        asked=query.asked(),
        query=urlencode(query.asked()),
        items=sorted(law.items(date.max)),
        kinds=_KINDS,
        reasons=_REASONS,
    )
