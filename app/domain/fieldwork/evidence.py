"""Evidence 证据材料 of a visit: the kinds of files that are taken, told by what they hold, not by names."""

from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
PDF: Final = "application/pdf"

_RIFF, _WEBP, _WEBP_AT = b"RIFF", b"WEBP", slice(8, 12)
_BEGINNINGS: Final = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))


def media_type(content: bytes) -> str | None:
    """Give the media type (RFC 6838) of a photo or document by its first bytes; None for anything else."""
    if content.startswith(_RIFF) and content[_WEBP_AT] == _WEBP:
        return WEBP
    return next((found for beginning, found in _BEGINNINGS if content.startswith(beginning)), None)
