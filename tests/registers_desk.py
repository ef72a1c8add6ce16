"""A registrar's desk: register files handed in over HTTP and carried out at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from stdnum.cn import uscc as uscc_number

ENTITY_COLUMNS = "uscc,name,regime,subtype,level,region,station,legal_rep"
INSPECTOR_COLUMNS = "code,name,certificate_no,certificate_to,agency,lead,regimes"


def uscc(number: int) -> str:
    """A made-up USCC (GB 32100) with its check digit right."""
    body = f"91410928{number:09d}"
    return body + uscc_number.calc_check_digit(body)


def csv(header: str, *rows: Sequence[object]) -> bytes:
    """A CSV file of these rows."""
    return "\n".join([header, *(",".join("" if c is None else str(c) for c in row) for row in rows)]).encode()


def venue(number: int, **changed: object) -> list[object]:
    """A row of `ENTITY_COLUMNS`: a karaoke hall of level 2."""
    row: dict[str, object] = {
        "uscc": uscc(number),
        "name": f"歌厅{number}",
        "regime": "entertainment",
        "subtype": "ktv",
        "level": 2,
        "region": "410928",
        "station": "003",
        "legal_rep": "某某",
    }
    return list((row | changed).values())


def officer(code: str, **changed: object) -> list[object]:
    """A row of `INSPECTOR_COLUMNS`: a lead officer of the police."""
    row: dict[str, object] = {
        "code": code,
        "name": f"警员{code}",
        "certificate_no": f"ZF-{code}",
        "certificate_to": "2028-12-31",
        "agency": "psb",
        "lead": "是",
        "regimes": "entertainment;special_industry",
    }
    return list((row | changed).values())


def venues(*numbers: int) -> bytes:
    """A CSV file of karaoke halls."""
    return csv(ENTITY_COLUMNS, *(venue(number) for number in numbers))


def officers(*codes: str) -> bytes:
    """A CSV file of officers."""
    return csv(INSPECTOR_COLUMNS, *(officer(code) for code in codes))


@dataclass
class Desk:
    """Requests in somebody's name, and imports that are carried out before they return."""

    client: TestClient
    keys: dict[str, str]
    run_jobs: Callable[[], None]

    def ask(self, method: str, path: str, *, as_: str = "registrar", **options: Any) -> Response:
        """One request with a role's key."""
        headers = {"Authorization": f"Bearer {self.keys[as_]}", **options.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        """What a path answers."""
        answer = self.ask("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def hand_in(
        self, register: str, content: bytes, *, name: str = "file.csv", as_: str = "registrar", **options: str
    ) -> str:
        """The path of the job of a file that is handed in."""
        answer = self.ask(
            "POST",
            "/v1/imports",
            as_=as_,
            files={"file": (name, content)},
            data={"register": register, **options},
        )
        assert answer.status_code == 202, answer.text
        return str(answer.headers["location"])

    def load(
        self, register: str, content: bytes, *, name: str = "file.csv", as_: str = "registrar", **options: str
    ) -> Any:
        """The job of a file, carried out."""
        job = self.hand_in(register, content, name=name, as_=as_, **options)
        self.run_jobs()
        return self.get(job, as_=as_)
