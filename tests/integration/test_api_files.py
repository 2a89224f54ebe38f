"""Files come in as a stream, go out as a stream, and run nowhere."""

from __future__ import annotations

import os
import stat
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.desk.terms import Extra
from nocturne.store import blobs
from nocturne.store.models import Attachment
from tests.caller import ROOT, Caller, caller, reporter
from tests.cast import Cast


def send(
    who: Caller,
    number: int,
    content: bytes,
    *,
    name: str = "trace.txt",
    kind: str = "text/plain",
    **more: str,
) -> Any:
    query = "&".join(f"{key}={quote(value)}" for key, value in {"name": name, **more}.items())
    return who.call("POST", f"/tickets/{number}/attachments?{query}", content, Content_Type=kind)


def fetch(who: Caller, url: str) -> Any:
    path = url.partition(ROOT)[2]
    return who.client.get(ROOT + path, headers={"Authorization": f"Bearer {who.token}"})


@pytest.mark.req("R11.2")
def test_a_file_comes_back_as_it_was(anna_calls: Caller, trouble: int) -> None:
    content = os.urandom(700_000)
    done = send(
        anna_calls,
        trouble,
        content,
        name="capture.pcap",
        kind="application/vnd.tcpdump.pcap",
        text="From cr1.",
    )
    assert anna_calls.status == 201, done
    entry = anna_calls.get(f"/tickets/{trouble}/entries/{done['entry']}")
    [file] = entry["files"]
    assert (entry["text"], file["name"], file["size"]) == ("From cr1.", "capture.pcap", 700_000)
    given = fetch(anna_calls, file["url"])
    assert b"".join(given.streaming_content) == content
    assert given.headers["Content-Length"] == "700000"
    head = anna_calls.client.head(
        ROOT + file["url"].partition(ROOT)[2], headers={"Authorization": f"Bearer {anna_calls.token}"}
    )
    assert (head.status_code, head.headers["Content-Length"]) == (200, "700000")


def test_a_form_brings_several_files(anna_calls: Caller, trouble: int) -> None:
    files = [SimpleUploadedFile(f"{name}.txt", b"x" * 10, "text/plain") for name in ("one", "two")]
    given = anna_calls.client.post(
        f"{ROOT}/tickets/{trouble}/attachments?text=Both%20ends",
        {"file": files},
        headers={"Authorization": f"Bearer {anna_calls.token}"},
    )
    assert given.status_code == 201, given.content
    entry = anna_calls.get(f"/tickets/{trouble}/entries/{given.json()['entry']}")
    assert [each["name"] for each in entry["files"]] == ["one.txt", "two.txt"]


HOSTILE = {
    "image/svg+xml": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "text/html": b"<script>alert(1)</script>",
    "application/xml": b"<?xml-stylesheet href='x.xsl'?><x/>",
    "application/pdf": b"%PDF-1.4 /OpenAction",
    "application/xhtml+xml": b"<html/>",
    "text/html; charset=utf-7": b"+ADw-script+AD4-",
    "image/png, text/html": b"GIF89a<script>",
    "\x00bad": b"x",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_that_is_sent_runs_in_a_browser(anna_calls: Caller, trouble: int, kind: str) -> None:
    done = send(anna_calls, trouble, HOSTILE[kind], name="x.html", kind=kind)
    [file] = anna_calls.get(f"/tickets/{trouble}/entries/{done['entry']}")["files"]
    given = fetch(anna_calls, file["url"])
    assert given.headers["Content-Type"] == "application/octet-stream"
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert given.headers["Cache-Control"] == "private, no-store"
    assert b"".join(given.streaming_content) == HOSTILE[kind]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        (".\u200bhtaccess", "htaccess"),
        ("invoice\u202etxt.exe", "invoicetxt.exe"),
        ("\x00\x07", "file"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".txt", "x" * 160 + ".txt"),
        ('a"b;c.txt', 'a"b;c.txt'),
        ("Störung.txt", "Störung.txt"),
    ],
)
def test_a_files_name_is_for_showing_only(anna_calls: Caller, trouble: int, sent: str, kept: str) -> None:
    done = send(anna_calls, trouble, b"x", name=sent)
    if "\x00" in sent:
        assert (anna_calls.status, done["field"]) == (422, "name")
        return
    [file] = anna_calls.get(f"/tickets/{trouble}/entries/{done['entry']}")["files"]
    assert file["name"] == kept
    shown = fetch(anna_calls, file["url"]).headers["Content-Disposition"]
    assert "\n" not in shown
    assert "\r" not in shown
    assert shown.isascii()
    sha256 = Attachment.objects.get().sha256
    path = blobs.storage().path(f"{sha256[:2]}/{sha256[2:4]}/{sha256}")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_file_over_the_limit_is_refused_and_not_kept(
    anna_calls: Caller, trouble: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from django.conf import settings

    monkeypatch.setattr(settings, "NOCTURNE", replace(settings.NOCTURNE, attachment_limit=1000))
    refused = send(anna_calls, trouble, b"x" * 1001)
    assert (anna_calls.status, refused["code"], refused["field"]) == (413, "attachment_too_large", "file")
    assert "1000" in refused["detail"]
    big = SimpleUploadedFile("big.txt", b"x" * 1001, "text/plain")
    given = anna_calls.client.post(
        f"{ROOT}/tickets/{trouble}/attachments",
        {"file": big},
        headers={"Authorization": f"Bearer {anna_calls.token}"},
    )
    assert (given.status_code, given.json()["code"]) == (413, "attachment_too_large")
    assert not Attachment.objects.exists()
    send(anna_calls, trouble, b"")
    assert anna_calls.status == 422


@pytest.mark.req("R16.6")
def test_a_file_is_given_to_those_who_may_read_its_entry(
    cast: Cast, anna_calls: Caller, complaint: int, trouble: int
) -> None:
    cleo = reporter("cleo", cast.cleo_contact)
    noted = send(anna_calls, complaint, b"staff only")
    replied = send(anna_calls, complaint, b"for cleo", kind="text/plain", text="See here.")
    shared = anna_calls.post(f"/tickets/{complaint}/entries", {"kind": "reply", "text": "hello"})
    assert shared
    token = Attachment.objects.order_by("pk").first().token  # type: ignore[union-attr]
    cleo.get(f"/attachments/{token}")
    hidden = cleo.last.content if cleo.last else b""
    cleo.get(f"/attachments/{'x' * len(token)}")
    assert (cleo.status, cleo.last.content.replace(b"x" * len(token), b"T")) == (
        404,
        hidden.replace(token.encode(), b"T"),
    )
    mine = send(cleo, complaint, b"my traceroute")
    assert cleo.status == 201, mine
    [file] = cleo.get(f"/tickets/{complaint}/entries/{mine['entry']}")["files"]
    assert b"".join(fetch(cleo, file["url"]).streaming_content) == b"my traceroute"
    refused = send(cleo, trouble, b"not theirs")
    assert (cleo.status, refused["code"]) == (404, "no_such_ticket")
    refused = send(cleo, complaint, b"x", kind="text/plain", data_class="")
    assert cleo.status == 201
    refused = cleo.call(
        "POST", f"/tickets/{complaint}/attachments?kind=note", b"x", Content_Type="text/plain"
    )
    assert cleo.status == 403
    assert noted["entry"] != replied["entry"]
    desk.update(trouble, "secret", by=cast.mei, door=Door.WEB, extra=Extra(data_class=DataClass.RESTRICTED))


def test_a_redacted_file_is_gone(cast: Cast, anna_calls: Caller, trouble: int) -> None:
    done = send(anna_calls, trouble, b"her address")
    [file] = anna_calls.get(f"/tickets/{trouble}/entries/{done['entry']}")["files"]
    ada = caller(cast.ada)
    ada.post(f"/tickets/{trouble}/entries/{done['entry']}/redaction", {"reason": "private"})
    assert fetch(anna_calls, file["url"]).status_code == 404
