"""The two hash algorithms, with and without OpenSSL's help."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.digest import check_alg, hasher, new_digest, sha256_hex
from app.domain.draw.basics.sm3 import Sm3
from app.domain.draw.basics.text import Refused

# GB/T 32905-2016, appendix A: "abc", and "abcd" sixteen times.
SM3_EXAMPLES = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]


@pytest.mark.parametrize(("message", "digest"), SM3_EXAMPLES)
def test_sm3_gives_the_examples_of_the_standard(message: bytes, digest: str) -> None:
    """In pure Python, and by whatever `new_digest` chose."""
    assert Sm3(message).hexdigest() == digest
    assert new_digest("sm3")(message).hexdigest() == digest


@given(st.lists(st.binary(max_size=150), max_size=4))
def test_pure_sm3_is_openssl_s_sm3_however_the_bytes_arrive(parts: list[bytes]) -> None:
    """Blocks are 64 bytes; the parts cut them anywhere."""
    pure, library = Sm3(), new_digest("sm3")(b"")
    for part in parts:
        pure.update(part)
        library.update(part)
    assert pure.digest() == library.digest()


def test_a_copy_goes_its_own_way() -> None:
    """A fed prefix is hashed once and continued many times."""
    prefix = Sm3(b"a" * 70)
    twin = prefix.copy()
    twin.update(b"b")
    assert prefix.digest() == Sm3(b"a" * 70).digest()
    assert twin.digest() == Sm3(b"a" * 70 + b"b").digest()


def test_without_openssl_s_sm3_python_s_own_serves() -> None:
    """A library that has no SM3, as OpenSSL may be built."""

    def library(name: str, data: bytes) -> Sm3:
        raise ValueError(f"unsupported hash type {name}{len(data)}")

    assert new_digest("sm3", library=library) is Sm3


def test_the_hash_of_text_is_that_of_its_utf_8_bytes() -> None:
    """Section 1, H."""
    assert hasher("sha256")("网") == hashlib.sha256("网".encode()).hexdigest()
    assert hasher("sm3")("abc") == SM3_EXAMPLES[0][1]
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("alg", ["SHA256", "md5", "", None, 1, ["sm3"]])
def test_other_algorithms_are_refused(alg: object) -> None:
    """Section 1: sha256 or sm3."""
    with pytest.raises(Refused, match="bad-alg"):
        check_alg(alg)
