"""Evidence over HTTP: checked by content, size and digest, kept whatever happens, seen by few."""

import errno
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.deps import House
from tests.api.field_desk import JPEG, FieldDesk
from tests.api.journey import Journey

PDF = b"%PDF-1.7\nmade up"


@dataclass
class BrokenStore:
    """A disk that is full, or gone; no real one can be filled in a test."""

    number: int

    def put(self, content: bytes) -> str:
        raise OSError(self.number, "made up", str(len(content)))

    def get(self, stored_as: str) -> bytes:
        raise OSError(self.number, "made up", stored_as)


def files(house: House) -> list[Path]:
    """Every file of the evidence folder."""
    return [found for found in house.settings.evidence_folder.rglob("*") if found.is_file()]


def test_a_photo_and_a_document_are_handed_in_and_read_again(journey: Journey, house: House) -> None:
    """Issue 3: type, size and digest checked; each view of the content is by those who may."""
    desk = FieldDesk.visited(journey)
    photo = desk.upload(name="现场 1.jpg")
    assert photo.status_code == 201, photo.text
    known = photo.json()
    assert (known["media_type"], known["size"], known["filename"]) == ("image/jpeg", len(JPEG), "现场 1.jpg")
    assert desk.upload(PDF, who=desk.second, name="whatever.jpg").json()["media_type"] == "application/pdf"
    assert desk.upload().json() == known
    listed = journey.call(desk.second, "GET", f"{desk.path}/evidence").json()["items"]
    assert [one["media_type"] for one in listed] == ["image/jpeg", "application/pdf"]
    content = journey.call("auditor", "GET", photo.headers["location"] + "/content")
    assert (content.content, content.headers["content-type"]) == (JPEG, "image/jpeg")
    assert content.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E7%8E%B0")
    assert content.headers["x-content-type-options"] == "nosniff"
    assert len(files(house)) == 2
    assert desk.save(desk.body(), "a").status_code == 200
    assert desk.submit().status_code == 200
    assert desk.upload(PDF + b" late").status_code == 201


def test_what_is_no_photo_or_pdf_is_refused_whatever_its_name(journey: Journey, house: House) -> None:
    """By content, not by name; the digest must match; too much is refused."""
    desk = FieldDesk.visited(journey)
    assert desk.upload(b"<html>", name="photo.jpg").json()["type"] == "/problems/evidence-type"
    assert desk.upload(b"").json()["type"] == "/problems/evidence-type"
    wrong = desk.upload(sha256="0" * 64)
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/evidence-digest")
    assert desk.upload(sha256="no digest").status_code == 422
    most = house.settings.max_evidence_mib * 1024 * 1024
    large = desk.upload(JPEG + bytes(most))
    assert (large.status_code, large.json()["type"]) == (422, "/problems/evidence-too-large")
    assert journey.call(desk.lead, "GET", f"{desk.path}/evidence").json()["items"] == []
    assert files(house) == []


@pytest.mark.parametrize(
    ("number", "slug"),
    [
        (errno.ENOSPC, "evidence-store-full"),
        (errno.EDQUOT, "evidence-store-full"),
        (errno.EIO, "evidence-not-stored"),
    ],
)
def test_a_full_disk_is_said_clearly_and_changes_nothing(
    journey: Journey, house: House, number: int, slug: str
) -> None:
    """A store that fails: 503, no row; when it works again the same file goes in."""
    desk = FieldDesk.visited(journey)
    house.evidence = BrokenStore(number)
    refused = desk.upload()
    assert (refused.status_code, refused.json()["type"]) == (503, f"/problems/{slug}")
    assert journey.call(desk.lead, "GET", f"{desk.path}/evidence").json()["items"] == []
    house.evidence = None
    assert desk.upload().status_code == 201


def test_a_file_that_is_gone_or_changed_is_never_shown_as_evidence(journey: Journey, house: House) -> None:
    """What is read must have the digest under which it was handed in."""
    desk = FieldDesk.visited(journey)
    path = desk.upload().headers["location"] + "/content"
    files(house)[0].write_bytes(JPEG + b"changed")
    assert journey.call(desk.lead, "GET", path).json()["type"] == "/problems/evidence-unreadable"
    files(house)[0].unlink()
    assert journey.call(desk.lead, "GET", path).status_code == 503


def test_evidence_is_withdrawn_before_the_submission_only_and_kept(journey: Journey) -> None:
    """DELETE names the version it saw; the piece stays in the list, withdrawn; its content stays readable."""
    desk = FieldDesk.visited(journey)
    path = desk.upload().headers["location"]
    assert journey.call(desk.lead, "DELETE", path).status_code == 428
    assert journey.call(desk.lead, "DELETE", path, headers={"If-Match": '"other"'}).status_code == 412
    tag = {"If-Match": journey.call(desk.lead, "GET", path).headers["etag"]}
    assert journey.call(desk.second, "DELETE", path, headers=tag).status_code == 204
    listed = journey.call(desk.lead, "GET", f"{desk.path}/evidence").json()["items"]
    assert [bool(one["withdrawn_at"]) for one in listed] == [True]
    assert journey.call(desk.lead, "GET", path + "/content").content == JPEG
    again = {"If-Match": journey.call(desk.lead, "GET", path).headers["etag"]}
    assert journey.call(desk.lead, "DELETE", path, headers=again).json()["type"] == "/problems/wrong-state"
    anew = desk.upload().headers["location"]
    assert anew != path
    desk.submitted()
    late = {"If-Match": journey.call(desk.lead, "GET", anew).headers["etag"]}
    assert journey.call(desk.lead, "DELETE", anew, headers=late).json()["type"] == "/problems/wrong-state"


def test_evidence_is_for_the_team_and_for_those_who_decide(journey: Journey) -> None:
    """Every role against every act of evidence; nothing before the visit has begun."""
    desk = FieldDesk.opened(journey)
    assert desk.upload().json()["type"] == "/problems/wrong-state"
    journey.go(desk.visit)
    path = desk.upload().headers["location"]
    stranger = journey.officer("psb-008")
    readers = {"reviewer", "approver", "auditor"}
    for who in [*journey.keys]:
        if who in {desk.lead, desk.second}:
            continue
        outside = who in {stranger, "inspector"}
        read = 404 if outside else 200 if who.split("-")[0] in readers else 403
        for place in (f"{desk.path}/evidence", path, path + "/content"):
            assert journey.call(who, "GET", place).status_code == read, (who, place)
        write = {403, 404} if outside else {403}
        assert desk.upload(who=who).status_code in write, who
        gone = journey.call(who, "DELETE", path, headers={"If-Match": "*"})
        assert gone.status_code in write, who
    for place in (f"{desk.path}/evidence/none", f"{desk.path}/evidence/none/content"):
        assert journey.call(desk.lead, "GET", place).status_code == 404
    missing = journey.call(desk.lead, "DELETE", f"{desk.path}/evidence/none", headers={"If-Match": "*"})
    assert missing.status_code == 404
