"""The API explorer and its document; Swagger UI comes from the package's own files, not from the internet."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

from app.deps import BEARER
from app.portal import examples
from app.schemas.problem import BadField, Problem

_STATIC = Path(__file__).parent / "static"
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_ALWAYS = (HTTPStatus.UNPROCESSABLE_ENTITY,)
_KEYED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_EXPLORER_MAY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
)
"""Swagger UI's page starts itself with a script in its text; no other page has one."""
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def operation_id(route: APIRoute) -> str:
    """The resource's module and the handler's name, such as `draws_commit`."""
    return f"{route.endpoint.__module__.rsplit('.', 1)[-1]}_{route.name}"


def install(app: FastAPI) -> None:
    """Serve `/docs`, the static files of the portal, and an OpenAPI document that names every problem."""
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend the document

    @app.get("/docs", include_in_schema=False)
    def explorer() -> HTMLResponse:
        """The explorer."""
        page = get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="双随机、一公开 API",
            swagger_js_url="/static/swagger-ui/swagger-ui-bundle.js",
            swagger_css_url="/static/swagger-ui/swagger-ui.css",
            swagger_favicon_url="/static/swagger-ui/favicon-32x32.png",
            swagger_ui_parameters={"persistAuthorization": True, "displayRequestDuration": True},
        )
        page.headers["Content-Security-Policy"] = _EXPLORER_MAY
        return page


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        document["components"]["securitySchemes"] = {"bearer": BEARER}
        schemas = document["components"]["schemas"]
        for model in (BadField, Problem):
            made = model.model_json_schema(ref_template="#/components/schemas/{model}")
            made.pop("$defs", None)
            schemas[model.__name__] = made
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for path, operations in document["paths"].items():
            for method in _METHODS & operations.keys():
                _name_problems(path, method, operations[method])
                examples.add_to(operations[method])
        app.openapi_schema = document
    return app.openapi_schema


def _name_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    """Say which problems an operation may answer with: by its access, its path and its method."""
    statuses = [*_ALWAYS]
    if operation.get("x-roles") != ["public"]:
        statuses += _KEYED
    if "{" in path:
        statuses.append(HTTPStatus.NOT_FOUND)
    if method == "get":
        operation["responses"]["304"] = {"description": "If-None-Match 所示版本未变 (unchanged)"}
    else:
        statuses += (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT)
    if method in {"patch", "put", "delete"}:
        statuses += (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED)
    for status in statuses:
        operation["responses"][str(status.value)] = {"description": status.phrase, "content": _PROBLEM}
