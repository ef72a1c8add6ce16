"""How often something may be asked."""

from dataclasses import dataclass

import pytest

from app.adapters.request_rates import RequestRates, network_of


@dataclass
class Seconds:
    """A monotonic clock that a test moves."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_client_is_let_in_so_often_and_again_in_the_next_window() -> None:
    """Two of a client in ten seconds."""
    clock = Seconds()
    rates = RequestRates(10, 2, 100, clock)
    assert [rates.ask("192.0.2.1").admitted for _ in range(3)] == [True, True, False]
    assert rates.ask("192.0.2.2").admitted
    clock.now += 4.5
    refused = rates.ask("192.0.2.1")
    assert (refused.admitted, refused.remaining, refused.reset_s) == (False, 0, 6)
    clock.now += 5.5
    assert rates.ask("192.0.2.1").remaining == 1


def test_all_together_are_let_in_so_often() -> None:
    """A thousand addresses help a guesser no further than the limit in all."""
    rates = RequestRates(10, 5, 3, Seconds())
    assert [rates.ask(f"192.0.2.{n}").admitted for n in range(5)] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_one_customer_is_one_client(address: str, network: str) -> None:
    """An IPv6 customer has a /64; a mapped IPv4 address is that address."""
    assert network_of(address) == network
