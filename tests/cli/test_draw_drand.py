"""`double-random draw` with drand: committed now, held when the round is out (DR1 section 4)."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.bls.point_compression import compress_G1, compress_G2
from py_ecc.optimized_bls12_381.optimized_curve import G2, multiply

from app.adapters import drand_bls
from app.adapters.record_files import open_record
from app.cli.draw_session import Desk, Told, hold_new, hold_sealed
from app.domain.draw.basics.text import Refused
from app.domain.draw.entropy import Chain, round_message
from app.domain.draw.verifier.verify import verify
from app.services.ports import Chance
from tests.offline_desk import CEREMONY, SAMPLES, VALUES, names, registers, run, write_plan

_OWN_SECRET = 20261101
OWN_CHAIN = Chain(
    hash="0c" * 32,
    public_key=b"".join(part.to_bytes(48, "big") for part in compress_G2(multiply(G2, _OWN_SECRET))).hex(),
    genesis=1_700_000_000,
    period=3,
)


def _signed(number: int) -> str:
    """Give the own chain's signature of a round."""
    message = round_message(number)
    hashed = hash_to_G1(message, drand_bls.DOMAIN, hashlib.sha256)  # type: ignore[arg-type]  # it wants the constructor
    return compress_G1(multiply(hashed, _OWN_SECRET)).to_bytes(48, "big").hex()


class TestDrand:
    """A plan that names drand is committed now and held when its round is out."""

    def test_the_round_lies_ahead_and_the_draw_waits_for_it(self, tmp_path: Path) -> None:
        """Committing needs no value; resuming without one says which round and when."""
        out = tmp_path / "draw.zip"
        plan = write_plan(tmp_path, entropy={"kind": "drand"})
        result = run("draw", "--plan", plan, *registers(), "--out", out)
        assert result.exit_code == 0
        assert "--resume" in result.stdout
        written = json.loads((tmp_path / "draw-plan.json").read_bytes())
        ahead = 1692803367 + 3 * (written["entropy"]["round"] - 1) - datetime.now(UTC).timestamp()
        assert 3500 < ahead < 3610
        sealed = tmp_path / "draw-sealed.zip"
        waiting = run("draw", "--resume", sealed)
        assert waiting.exit_code == 1
        assert str(written["entropy"]["round"]) in waiting.stderr
        for wrong in (VALUES, ("--signature", "zz"), ("--signature", "a0" * 48)):
            refused = run("draw", "--resume", sealed, *wrong)
            assert refused.exit_code in {1, 2}
            assert sealed.exists()
            assert not out.exists()

    def test_a_round_of_a_pinned_chain_draws_and_another_signature_does_not(self, tmp_path: Path) -> None:
        """A chain of our own, signed with a secret of our own; the record verifies under that chain."""
        chance = Chance(new_secret=lambda: "5e" * 32, bls=drand_bls.verify, chains=(OWN_CHAIN,))
        desk = Desk(chance=chance, now=datetime.now(UTC), lead_s=60)
        plan = write_plan(tmp_path, entropy={"kind": "drand"})
        files = {name: SAMPLES / f"{name}.csv" for name in ("entities", "inspectors")}
        hold_new(plan, files, tmp_path / "draw.zip", Told(), desk=desk, commit_only=False)
        sealed = tmp_path / "draw-sealed.zip"
        number = json.loads((tmp_path / "draw-plan.json").read_bytes())["entropy"]["round"]
        with pytest.raises(Refused, match="bad-signature"):
            hold_sealed(sealed, None, Told(signature=_signed(number + 1)), desk=desk)
        relay = tmp_path / "round.json"
        signature = _signed(number)
        randomness = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
        relay.write_text(json.dumps({"round": number, "randomness": randomness, "signature": signature}))
        hold_sealed(sealed, None, Told(entropy=relay), desk=desk)
        with open_record(tmp_path / "draw.zip") as record:
            assert verify(record, bls=drand_bls.verify, chains=(OWN_CHAIN,)).ok

    def test_a_round_in_the_past_is_refused(self, tmp_path: Path) -> None:
        """Whoever knows it could choose the secret by it."""
        plan = write_plan(tmp_path, entropy={"kind": "drand", "round": 1000})
        result = run("draw", "--plan", plan, *registers(), "--out", tmp_path / "draw.zip")
        assert result.exit_code == 1
        assert names(tmp_path) == {"plan.json"}

    def test_a_ceremony_is_not_answered_by_drand(self, tmp_path: Path) -> None:
        """Nor by a round in a file."""
        path = tmp_path / "round.json"
        path.write_bytes(Path("tests/vectors/drand.json").read_bytes())
        plan = write_plan(tmp_path, entropy=CEREMONY)
        result = run("draw", "--plan", plan, *registers(), "--out", tmp_path / "draw.zip", "--entropy", path)
        assert result.exit_code == 2
        assert "ceremony" in result.stderr
