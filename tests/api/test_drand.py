"""drand as the source: a chain whose key the test holds, posted by a witness or fetched from a relay."""

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.bls.point_compression import compress_G1, compress_G2
from py_ecc.optimized_bls12_381.optimized_curve import G2, multiply

from app.adapters.drand_bls import DOMAIN
from app.deps import House
from app.domain.draw.entropy import QUICKNET, Chain, round_message, round_time
from app.jobs.beacons import Beacons
from tests.api.journey import Journey
from tests.conftest import Clock

SECRET_KEY = 0x5EED


def sign(number: int) -> dict[str, Any]:
    """A round of the test's own chain, as drand publishes it."""
    point = multiply(hash_to_G1(round_message(number), DOMAIN, hashlib.sha256), SECRET_KEY)  # type: ignore[arg-type]  # it wants the constructor
    signature = compress_G1(point).to_bytes(48, "big")
    return {
        "kind": "drand",
        "round": number,
        "signature": signature.hex(),
        "randomness": hashlib.sha256(signature).hexdigest(),
    }


def own_chain() -> Chain:
    """A chain like quicknet, under the test's key."""
    high, low = compress_G2(multiply(G2, SECRET_KEY))
    key = high.to_bytes(48, "big") + low.to_bytes(48, "big")
    return replace(QUICKNET, hash=hashlib.sha256(key).hexdigest(), public_key=key.hex())


@pytest.fixture
def chain(house: House) -> Chain:
    """The chain, pinned in the house."""
    made = own_chain()
    house.chance = replace(house.chance, chains=(made,))
    return made


def waiting_draw(journey: Journey) -> dict[str, Any]:
    """A committed draw that waits for a round."""
    journey.registers()
    return journey.committed(entropy={"kind": "drand"})


def test_the_commit_chooses_a_round_an_hour_ahead_and_its_signature_draws(
    journey: Journey, chain: Chain, clock: Clock
) -> None:
    """Issue, slice e: at least an hour ahead; the signature is verified against the pinned key."""
    draw = waiting_draw(journey)
    number = draw["plan"]["entropy"]["round"]
    ahead = round_time(number, chain) - clock().timestamp()
    assert 3600 <= ahead < 3610
    path = f"/v1/draws/{draw['id']}/entropy"
    proof = sign(number)
    early = journey.call("witness", "POST", path, json=proof)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/round-not-yet")
    clock.move(hours=1, seconds=10)
    another = journey.call("witness", "POST", path, json=sign(number + 1))
    assert (another.status_code, another.json()["type"]) == (409, "/problems/entropy-refused")
    forged = {**sign(number + 1), "round": number}
    assert journey.call("witness", "POST", path, json=forged).json()["type"] == "/problems/entropy-refused"
    drawn = journey.call("witness", "POST", path, json=proof)
    assert (drawn.json()["state"], drawn.json()["beacon"]) == ("drawn", proof["randomness"])


@pytest.mark.parametrize(
    ("entropy", "problem"),
    [
        ({"kind": "drand", "chain": "0" * 64}, "unknown-chain"),
        ({"kind": "drand", "round": 1}, "round-too-early"),
        ({"kind": "drand", "round": 2**52}, "round-too-late"),
    ],
)
def test_a_round_that_can_be_known_or_never_comes_is_refused(
    journey: Journey, chain: Chain, entropy: dict[str, Any], problem: str
) -> None:
    """DR1 section 4: the source is named in advance; nobody may know its value at the commitment."""
    journey.registers()
    plan = journey.approved_plan(entropy={"chain": chain.hash, **entropy})
    answer = journey.call("planner", "POST", "/v1/draws", json={"draw_plan": plan})
    assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{problem}")


@dataclass
class Relay:
    """A relay on loopback that answers as told."""

    url: str
    answers: list[tuple[int, bytes]]
    asked: list[str]


@pytest.fixture
def relay() -> Iterator[Relay]:
    """A real HTTP server; each request takes the next answer."""
    told = Relay("", [], [])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            status, body = told.answers.pop(0)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_due_round_is_fetched_and_a_dead_or_lying_relay_changes_nothing(
    journey: Journey, chain: Chain, clock: Clock, house: House, relay: Relay
) -> None:
    """Fetched where the network allows; refused answers are tried again later."""
    draw = waiting_draw(journey)
    number = draw["plan"]["entropy"]["round"]
    house.settings = house.settings.model_copy(update={"drand_urls": ("http://127.0.0.1:9", relay.url)})
    beacons = Beacons()
    assert not beacons(house)  # not due: nobody is asked
    clock.move(hours=1, seconds=10)

    def state() -> str:
        found: str = journey.call("planner", "GET", f"/v1/draws/{draw['id']}").json()["state"]
        return found

    lies = json.dumps({**sign(number + 1), "round": number}).encode()
    for status, body in ((500, b""), (200, b"no json"), (200, b"[]"), (200, lies)):
        relay.answers.append((status, body))
        beacons(house)
        assert state() == "committed"
        assert not beacons(house)  # postponed, not hammered
        clock.move(minutes=1)
    relay.answers.append((200, json.dumps(sign(number)).encode()))
    assert beacons(house)
    assert state() == "drawn"
    assert relay.asked == [f"/{chain.hash}/public/{number}"] * 5
