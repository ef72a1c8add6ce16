"""`double-random serve`, `migrate` and `openapi`: the service and what it needs to start."""

import json
import logging
import sys

import typer
import uvicorn

from app.main import create_app, open_house
from app.settings import Settings
from app.store import schema
from app.tracing import JsonLines


def serve() -> None:
    """启动服务 | serve on PORT; the database must be at the newest schema."""
    settings = Settings()
    lines = logging.StreamHandler()
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
    )


def migrate() -> None:
    """升级数据库结构 | bring the database to the newest schema."""
    house = open_house(Settings())
    schema.migrate(house.database)
    house.database.close()
    typer.echo(f"数据库结构已是最新版本 | the schema is at {schema.newest()}")


def openapi() -> None:
    """输出 OpenAPI 文档 | print the OpenAPI document."""
    document = create_app().openapi()
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    sys.stdout.write("\n")
