"""Files go in and come out as files; nothing of them runs."""

from __future__ import annotations

import secrets

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk.files import clean_name
from nocturne.doors.web.given import keep_text
from nocturne.doors.web.views.attachments import disposition
from nocturne.store import blobs
from nocturne.store.models import Attachment, Entry
from tests.cast import Cast, account
from tests.visitor import Visitor, said


def upload(visitor: Visitor, number: int, name: str, content: bytes, media_type: str) -> Attachment:
    """This will attach a file to a note."""
    file = SimpleUploadedFile(name, content, media_type)
    answer = visitor.send(f"/tickets/{number}/notes", text="See the file.", files=file)
    assert answer.status_code == 302, said(answer)
    return Attachment.objects.latest("pk")


@pytest.mark.req("R11.2")
def test_a_file_comes_back_as_it_went_in(anna: Actor, trouble: int) -> None:
    visitor = Visitor("anna")
    content = bytes(range(256)) * 4000
    file = upload(visitor, trouble, "Messung März.bin", content, "application/x-thing")
    answer = visitor.client.get(f"/attachments/{file.token}")
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Messung M_rz.bin\"; filename*=UTF-8''Messung%20M%C3%A4rz.bin"
    )


@pytest.mark.parametrize(
    ("name", "media_type", "served"),
    [
        ("x.svg", "image/svg+xml", "application/octet-stream"),
        ("x.html", "text/html", "application/octet-stream"),
        ("x.xml", "application/xml", "application/octet-stream"),
        ("x.xhtml", "application/xhtml+xml", "application/octet-stream"),
        ("x.pdf", "application/pdf", "application/octet-stream"),
        ("x.png", "image/png", "image/png"),
        ("x.txt", "text/plain", "text/plain; charset=utf-8"),
        ("x.js", "text/javascript", "application/octet-stream"),
        ("x", "text/html; charset=utf-7\r\nX-Bad: 1", "application/octet-stream"),
    ],
)
def test_no_file_is_shown_as_a_page(
    anna: Actor, trouble: int, name: str, media_type: str, served: str
) -> None:
    visitor = Visitor("anna")
    kept = keep_text("<script>alert(1)</script>", name)
    desk.update(
        trouble, "x", by=anna, door=Door.WEB,
        extra=desk.Extra(files=[blobs.File(name, media_type, kept.size, kept.sha256)]),
    )  # fmt: skip
    answer = visitor.client.get(f"/attachments/{Attachment.objects.get().token}")
    headers = answer.headers
    assert headers["Content-Type"] == served
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Disposition"].startswith("attachment;")
    answer.close()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\trace.txt", "trace.txt"),
        ("​.htaccess", "htaccess"),
        ("trace\r\n.txt", "trace.txt"),
        ("a‮gpj.exe", "agpj.exe"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".txt", "x" * 160 + ".txt"),
    ],
)
def test_a_files_name_is_made_harmless(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_files_name_breaks_no_header() -> None:
    spelt = disposition('a"; filename="evil.html\r\nX: 1;%0d.txt')
    assert "\r" not in spelt
    assert "\n" not in spelt
    assert spelt.count('"') == 2


@pytest.mark.req("R16.6")
def test_a_file_is_for_those_who_read_its_update(
    cast: Cast, anna: Actor, complaint: int, trouble: int
) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo, visitor = Visitor("cleo"), Visitor("anna")
    hidden = upload(visitor, complaint, "internal.txt", b"secret", "text/plain")
    foreign = upload(visitor, trouble, "foreign.txt", b"secret", "text/plain")
    for token in (hidden.token, foreign.token, "x" * 22):
        assert cleo.get(f"/attachments/{token}").status_code == 404
        assert cleo.get(f"/attachments/{token}/view").status_code == 404
    kept = keep_text("for you", "for-you.txt")
    desk.reply(complaint, "See this.", by=anna, door=Door.WEB, extra=desk.Extra(files=[kept]))
    answer = cleo.client.get(f"/attachments/{Attachment.objects.latest('pk').token}")
    assert b"".join(answer.streaming_content) == b"for you"  # type: ignore[attr-defined]


def test_a_redacted_file_is_gone(cast: Cast, trouble: int) -> None:
    file = upload(Visitor("anna"), trouble, "x.txt", b"secret", "text/plain")
    entry = Entry.objects.get(pk=file.entry_id)
    address = f"/tickets/{trouble}/entries/{entry.address}"
    ada = Visitor("ada")
    ada.send(address, f"{address}/redaction", reason="A secret")
    assert ada.get(f"/attachments/{file.token}").status_code == 404


def test_a_formatted_mail_runs_loads_and_sends_nothing(anna: Actor, trouble: int) -> None:
    hostile = (
        "<style>body{display:none}</style><script>alert(1)</script><b onclick=alert(2)>bold</b>"
        "<img src=https://evil.example/x.png><a href=javascript:alert(3)>link</a><form action=//evil.example><input>"
        "<iframe src=//evil.example></iframe><meta http-equiv=refresh content='0;url=//evil.example'>"
        "<table><tr><td>cell</td></tr></table><svg onload=alert(4)>"
    )
    kept = keep_text(hostile, "mail.html")
    desk.update(
        trouble, "x", by=anna, door=Door.WEB,
        extra=desk.Extra(files=[blobs.File("mail.html", "text/html", kept.size, kept.sha256, "html")]),
    )  # fmt: skip
    visitor = Visitor("anna")
    token = Attachment.objects.get().token
    answer = visitor.get(f"/attachments/{token}/view")
    page = answer.content.decode()
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "<b>bold</b>" in page
    assert "cell" in page
    for bad in (
        "script",
        "onclick",
        "evil.example",
        "javascript",
        "<form",
        "<iframe",
        "refresh",
        "<svg",
        "<style",
    ):
        assert bad not in page, bad
    assert f"/attachments/{token}/view" in visitor.text(f"/tickets/{trouble}")


def test_a_file_over_the_limit_is_refused_and_the_words_are_kept(anna: Actor, trouble: int) -> None:
    from django.conf import settings

    small = type(settings.NOCTURNE)(**{**vars(settings.NOCTURNE), "attachment_limit": 1000})
    file = SimpleUploadedFile("big.bin", b"x" * 1001, "application/octet-stream")
    with override_settings(NOCTURNE=small):
        answer = Visitor("anna").send(f"/tickets/{trouble}/notes", text="Look at this.", files=file)
    assert answer.status_code == 413
    assert "larger than 1000 bytes" in said(answer)
    assert "Look at this." in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_full_disk_is_said_and_the_words_are_kept(
    anna: Actor, trouble: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs.DurableStorage, "_save", full)
    file = SimpleUploadedFile("trace.txt", secrets.token_bytes(20), "text/plain")
    answer = Visitor("anna").send(f"/tickets/{trouble}/notes", text="Look at this.", files=file)
    assert answer.status_code == 503
    assert "The disk is full" in said(answer)
    assert "Look at this." in answer.content.decode()
    assert Entry.objects.filter(ticket=trouble).count() == 1
