"""The forecast of a year, before anything is approved."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.acts import ActRoute, tagged
from app.deps import LookDep, allow
from app.schemas.forecast import ForecastQuery, ForecastRead
from app.services.planning.forecast import forecast
from app.services.planning.forecast_plot import forecast_plot

router = APIRouter(prefix="/v1/duties", tags=["计划 planning"], route_class=ActRoute)
_SVG = "image/svg+xml"


@router.get("/forecast", dependencies=allow("duties.forecast"), summary="年度预测 Forecast of a year")
def year_ahead(look: LookDep, query: Annotated[ForecastQuery, Query()]) -> ForecastRead:
    """Visits by week, unit and inspector, and what binds: one run on today's registers."""
    return ForecastRead.of(forecast(look, **query.model_dump()))


@router.get(
    "/forecast.svg",
    dependencies=allow("duties.forecast"),
    summary="年度预测图 Forecast as a picture",
    response_class=Response,
    responses={200: {"content": {_SVG: {"schema": {"type": "string"}}}}},
)
def year_ahead_picture(request: Request, look: LookDep, query: Annotated[ForecastQuery, Query()]) -> Response:
    """The same as an SVG plot."""
    picture = forecast_plot(forecast(look, **query.model_dump()))
    return tagged(request, picture.encode(), _SVG)
