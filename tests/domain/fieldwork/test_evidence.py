"""Evidence is told by its content, never by its name."""

import pytest

from app.domain.fieldwork.evidence import media_type


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", None),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"<html><script>", None),
        (b"MZ\x90\x00", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_photos_and_pdf_are_known_by_their_first_bytes(content: bytes, expected: str | None) -> None:
    """JPEG (ITU T.81), PNG (ISO/IEC 15948), WebP (RFC 9649), PDF (ISO 32000); nothing else."""
    assert media_type(content) == expected
