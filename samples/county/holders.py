"""Unified social credit codes that pass every check of the register and yet belong to nobody.

A code holds the organisation code of GB 11714, which has a check character of its own. That one is made wrong
here on purpose: the whole passes GB 32100, which the service checks, but no authority can have issued it.
"""

from random import Random

from stdnum.cn import uscc

from samples.county.words import REGION

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_COMPANY, _INDIVIDUAL = "91", "92"


def organisation_check(body: str) -> str:
    """Compute the check character of an organisation code, GB 11714, from its first eight characters."""
    total = sum(int(character, 36) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def made_up_uscc(rng: Random, *, company: bool) -> str:
    """Make up a unified social credit code."""
    body = "MA" + "".join(rng.choice(_ALPHABET) for _ in range(6))
    wrong = [digit for digit in "0123456789" if digit != organisation_check(body)]
    code = (_COMPANY if company else _INDIVIDUAL) + REGION + body + rng.choice(wrong)
    return code + str(uscc.calc_check_digit(code))
