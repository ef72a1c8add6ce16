"""`double-random serve`, `migrate` and `openapi`: the service and what it needs to start."""

import errno
import json
import logging
import socket
import sys

import typer
import uvicorn

from app.cli.refusals import UNREADABLE, RefusalError, refusals_told
from app.main import create_app, open_house
from app.settings import Settings
from app.store import schema
from app.tracing import JsonLines


def serve() -> None:
    """启动服务 | serve on PORT; the database must be at the newest schema."""
    settings = Settings()
    with refusals_told():
        check_port(settings)
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


def check_port(settings: Settings) -> None:
    """Let the service be started only where it can be heard.

    Raises:
        RefusalError: another program, perhaps this one, serves on the port.
        OSError: the address cannot be served on for another reason.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        port = settings.port
        raise RefusalError(
            f"端口 {port} 已被占用（也许服务已在运行）：请换一个端口，如 PORT={port + 1}",
            f"port {port} is taken, perhaps by this service: choose another, as in PORT={port + 1}",
            code=UNREADABLE,
        ) from error


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
