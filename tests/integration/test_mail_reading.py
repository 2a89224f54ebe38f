"""Reading mails as the world sends them: whatever is wrong with one, something comes out, soon, and within bounds."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nocturne.doors.mail import hypertext, spool
from nocturne.doors.mail.charsets import decode
from nocturne.doors.mail.filenames import safe_name
from nocturne.doors.mail.headers import decode_words
from nocturne.doors.mail.letter import Letter
from nocturne.doors.mail.readers import Died, Reader
from nocturne.doors.mail.reading import read

pytestmark = [pytest.mark.req("R15.5", "R16.7")]


@pytest.fixture
def reading(tmp_path: Path) -> Callable[[bytes], Letter]:
    return lambda raw: read(raw, tmp_path)


def lines(*fields: str | bytes, body: bytes = b"Hello.\r\n") -> bytes:
    header = [each if isinstance(each, bytes) else each.encode() for each in fields]
    return b"\r\n".join([*header, b"", body])


FROM = "From: Cleo <cleo@college.example>"


def nested(depth: int) -> bytes:
    """A multipart in a multipart in a multipart …"""
    raw = b"Content-Type: text/plain\r\n\r\nin the middle"
    for level in range(depth):
        raw = (
            f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode()
            + raw
            + f"\r\n--b{level}--\r\n".encode()
        )
    return FROM.encode() + b"\r\n" + raw


def many_parts(count: int) -> bytes:
    part = b"--b\r\nContent-Type: application/x-thing; name=x\r\n\r\nx\r\n"
    return lines(FROM, "Content-Type: multipart/mixed; boundary=b", body=part * count + b"--b--\r\n")


def rubbish(seed: int) -> bytes:
    """Bytes that came from a mail once, with some of them changed."""
    chosen = random.Random(seed)
    raw = bytearray(
        lines(
            FROM,
            "Subject: =?utf-8?b?w6TDtg==?=",
            "MIME-Version: 1.0",
            "Content-Type: multipart/mixed; boundary=\"=_x\"; charset*=utf-8''utf-8",
            body=b"--=_x\r\nContent-Type: text/plain; charset=utf-8\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n"
            b"--=_x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*0*=utf-8''a%20;"
            b" filename*1=b.pdf\r\n\r\n%PDF\r\n--=_x--\r\n",
        )
    )
    for _ in range(chosen.randrange(1, 12)):
        place = chosen.randrange(len(raw))
        match chosen.randrange(3):
            case 0:
                raw[place] = chosen.randrange(256)
            case 1:
                del raw[place : place + chosen.randrange(1, 30)]
            case _:
                raw[place:place] = bytes(chosen.choices(b'=?;:\r\n\0"<>()\xff', k=chosen.randrange(1, 6)))
    return bytes(raw)


CORPUS: dict[str, bytes] = {
    "several From": lines(FROM, "From: Mallory <mallory@elsewhere.example>"),
    "several addresses in From": lines("From: a@one.example, b@two.example"),
    "several Subjects": lines(FROM, "Subject: one", "Subject: two"),
    "several Message-IDs": lines(FROM, "Message-ID: <a@b>", "Message-ID: <c@d>"),
    "no From": lines("Subject: from nobody"),
    "empty From": lines("From: ", "Subject: x"),
    "group From": lines("From: Everyone: a@one.example, b@two.example;"),
    "From without an address": lines("From: Cleo Reyes"),
    "no header at all": b"Hello, this is no mail.\nReally not.\n",
    "only a header": lines(FROM, "Subject: nothing else")[:-10],
    "binary": bytes(range(256)) * 40,
    "one NUL": b"\0",
    "mbox line first": b"From cleo@college.example Mon Nov 16 09:12:00 2026\n" + lines(FROM, "Subject: x"),
    "a line that is no field": lines(FROM, "this is no field", "Subject: after it"),
    "spaces before colon": lines("From : Cleo <cleo@college.example>", "Subject : x"),
    "NULs in header": lines(FROM, b"Subject: a\0b", body=b"a\0b\r\n"),
    "raw 8-bit header": lines(FROM, b"Subject: \xe4\xf6\xfc in Latin 1"),
    "raw UTF-8 header": lines(FROM, "Subject: Störung"),
    "unknown charset": lines(
        FROM, "Content-Type: text/plain; charset=x-klingon", body="Störung\r\n".encode()
    ),
    "codec that is no charset": lines(FROM, "Content-Type: text/plain; charset=zip", body=b"plain words\r\n"),
    "idna for a charset": lines(FROM, "Subject: =?idna?q?x?=", "Content-Type: text/plain; charset=idna"),
    "lying charset": lines(
        FROM, "Content-Type: text/plain; charset=us-ascii", body="Störung\r\n".encode("cp1252")
    ),
    "broken encoded word": lines(FROM, "Subject: =?utf-8?b?####?= =?utf-8?q?=ZZ?= =?x?y?z?="),
    "cut encoded words": lines(FROM, "Subject: =?utf-8?b?w6TD?= =?utf-8?b?tg==?="),
    "missing boundary": lines(FROM, "Content-Type: multipart/mixed", body=b"words\r\n"),
    "unclosed boundary": lines(
        FROM, "Content-Type: multipart/mixed; boundary=b", body=b"--b\r\n\r\nwords\r\n"
    ),
    "boundary that never comes": lines(FROM, "Content-Type: multipart/mixed; boundary=b", body=b"words\r\n"),
    "prefix boundary": lines(
        FROM,
        "Content-Type: multipart/mixed; boundary=b",
        body=b"--bb\r\n\r\nx\r\n--b\r\n\r\nwords\r\n--b--\r\n",
    ),
    "reused boundary": lines(
        FROM,
        "Content-Type: multipart/mixed; boundary=b",
        body=b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n--b--\r\n--b--\r\n",
    ),
    "name* without value": lines(FROM, "Content-Type: text/plain; name*", body=b"words\r\n"),
    "odd parameters": lines(
        FROM, "Content-Type: text/plain; charset*0=u; charset*2=8; =; ;;", body=b"words\r\n"
    ),
    "broken base64": lines(FROM, "Content-Transfer-Encoding: base64", body=b"SGVsbG8*!*\r\n"),
    "lying base64": lines(FROM, "Content-Transfer-Encoding: base64", body=b"These are plain words.\r\n"),
    "broken quoted-printable": lines(
        FROM, "Content-Transfer-Encoding: quoted-printable", body=b"a=ZZ=\r\n=4"
    ),
    "unknown transfer encoding": lines(
        FROM, "Content-Transfer-Encoding: x-uuencode", body=b"begin 644 x\r\n"
    ),
    "message/rfc822 in base64": lines(
        FROM,
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64",
        body=base64.encodebytes(lines(FROM, "Subject: inside")),
    ),
    "message/partial": lines(FROM, "Content-Type: message/partial; id=x; number=1; total=2"),
    "message/external-body": lines(
        FROM, "Content-Type: message/external-body; access-type=URL; URL=http://x/"
    ),
    "huge field": lines(FROM, b"X-Huge: " + b"x" * 3_000_000, "Subject: after it"),
    "huge header": lines(FROM, *[f"X-Field-{n}: {'y' * 400}" for n in range(5000)]),
    "a fold of many lines": lines(FROM, b"Subject: a" + b"\r\n b" * 100_000),
    "8,000 recipients": lines(
        FROM, "To: " + ", ".join(f"Person {n} <p{n}@college.example>" for n in range(8000))
    ),
    "nested comments": lines("From: " + "(" * 2000 + ")" * 2000 + " cleo@college.example"),
    "nested groups": lines("From: " + "a:" * 3000 + "cleo@college.example" + ";" * 3000),
    "quotes without end": lines('From: "Cleo <cleo@college.example>' + '"' * 999),
    "250 multiparts deep": nested(250),
    "2,000 multiparts deep": nested(2000),
    "10,000 parts": many_parts(10_000),
    "lone carriage returns": lines(FROM, "Subject: x").replace(b"\r\n", b"\r"),
    "one endless line": lines(FROM, "Subject: x", body=b"x" * 5_000_000),
    "endless spaces": lines(FROM, "Subject: x", body=b" " * 3_000_000 + b"\n" + b"> " * 1_000_000),
    "a million short lines": lines(FROM, "Subject: x", body=b"x\n" * 1_000_000),
    "encoded words without end": lines(FROM, "Subject: " + "=?utf-8?q?a?= " * 3000),
    "half an encoded word, often": lines(FROM, "Subject: " + "=?" * 30_000),
    "a date from nowhere": lines(FROM, "Date: Thu, 99 Foo 0000 99:99:99 +9999"),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    child = Reader()
    yield child
    child.end()


@pytest.mark.parametrize("what", CORPUS)
def test_a_malformed_mail_is_read_within_bounds(what: str, tmp_path: Path, reader: Reader) -> None:
    """It is read where it would be, in the child with its limits; one that is too much for it would die there."""
    path = spool.put(tmp_path, CORPUS[what], spool.Envelope("general", "correspond", time.time()))

    letter = reader.read(path, tmp_path, size=len(CORPUS[what]))

    assert len(letter.body_hash) == 64
    assert len(letter.pieces) <= 200
    for value in (letter.subject, letter.message_id, *(value for _, value in letter.headers)):
        assert not set(value) & set("\r\n\0\u202e")
    assert "\0" not in letter.text


def test_any_bytes_at_all_are_read(tmp_path: Path) -> None:
    for seed in range(600):
        read(rubbish(seed), tmp_path)


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("unclosed boundary", "words\n"),
        ("missing boundary", "words\n"),
        ("boundary that never comes", "words\n"),
        ("prefix boundary", "words\n"),
        ("reused boundary", "words\n"),
        ("unknown charset", "Störung\n"),
        ("codec that is no charset", "plain words\n"),
        ("lying charset", "Störung\n"),
        ("no header at all", "Hello, this is no mail.\nReally not.\n"),
        ("name* without value", "words\n"),
        ("broken base64", "Hello\n"),
    ],
)
def test_what_a_broken_mail_says_is_still_read(
    what: str, text: str, reading: Callable[[bytes], Letter]
) -> None:
    assert reading(CORPUS[what]).text == text


@pytest.mark.parametrize("what", ["several From", "several addresses in From", "group From"])
def test_of_several_senders_none_is_chosen(what: str, reading: Callable[[bytes], Letter]) -> None:
    letter = reading(CORPUS[what])

    assert letter.sender == ("", "")
    assert "several_senders" in letter.flags


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("cleo@college.example", "cleo@college.example"),
        ("Cleo (of the college (library)) <Cleo@College.Example>", "cleo@college.example"),
        ('"noc@lakenet.example" <mallory@elsewhere.example>', "mallory@elsewhere.example"),
        ("=?utf-8?q?noc=40lakenet=2Eexample=2C?= <mallory@elsewhere.example>", "mallory@elsewhere.example"),
        ("=?utf-8?q?anna=40lakenet=2Eexample?=", ""),
        ("cleo@college.example\r\n\tBcc: victim@elsewhere.example", ""),
    ],
)
def test_the_senders_address_is_what_stands_there_and_nothing_decoded(
    value: str, address: str, reading: Callable[[bytes], Letter]
) -> None:
    assert reading(lines(f"From: {value}")).sender[1] == address


def test_a_line_that_is_no_field_hides_none_of_the_others(reading: Callable[[bytes], Letter]) -> None:
    assert reading(CORPUS["a line that is no field"]).subject == "after it"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("=?utf-8?b?w6TD?= =?utf-8?b?tg==?=", "äö"),
        (f"=?iso-2022-jp?B?{base64.b64encode('回線障害'.encode('iso2022_jp')).decode()}?=", "回線障害"),
        (f"=?gb2312?B?{base64.b64encode('光缆'.encode('gb2312')).decode()}?= down", "光缆 down"),
        ("=?koi8-r?Q?=F3=D7=D1=DA=D8?=", "Связь"),
        ("=?utf-8*en?q?with_language?=", "with language"),
        ("=?zip?b?eJw=?= stays", "=?zip?b?eJw=?= stays"),
        ("no words at all", "no words at all"),
    ],
)
def test_encoded_words_are_read_in_the_charsets_people_use(words: str, text: str) -> None:
    assert decode_words(words) == text


def test_bytes_are_never_lost_to_what_a_mail_claims() -> None:
    assert decode("Störung".encode(), "iso-8859-1; x=y") == "Störung"
    assert decode("Störung".encode("cp1252"), "utf-8") == "Störung"
    assert decode("障害".encode("cp932"), "Shift_JIS") == "障害"
    assert decode(b"\x80 5", "iso-8859-1") == "€ 5"
    assert decode(("words " * 1000).encode() + b"\xff", "utf-8").startswith("words words")


def test_plain_words_are_taken_before_html_and_the_page_is_kept_beside_them(
    reading: Callable[[bytes], Letter], tmp_path: Path
) -> None:
    letter = reading(
        lines(
            FROM,
            "Content-Type: multipart/alternative; boundary=b",
            body=b"--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
            b"--b\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n--b--\r\n",
        )
    )

    assert letter.text == "plain\n"
    [page] = letter.pieces
    assert page.purpose == "html"
    assert (tmp_path / page.place).read_bytes() == b"<b>rich</b>"


def test_words_around_an_attachment_all_count(reading: Callable[[bytes], Letter], tmp_path: Path) -> None:
    letter = reading(
        lines(
            FROM,
            "Content-Type: multipart/mixed; boundary=b",
            body=b"--b\r\n\r\nbefore\r\n--b\r\nContent-Type: application/octet-stream\r\n"
            b'Content-Disposition: attachment; filename="../../etc/trace route.txt"\r\n\r\n1 * * *\r\n'
            b"--b\r\nContent-Type: text/html\r\n\r\n<p>after<br>it\r\n--b--\r\n",
        )
    )

    assert letter.text == "before\n\nafter\nit\n"
    [trace] = [piece for piece in letter.pieces if piece.purpose == "file"]
    assert trace.name == "trace route.txt"
    assert (tmp_path / trace.place).read_bytes() == b"1 * * *"


def test_lines_that_were_broken_for_the_way_are_joined_again(reading: Callable[[bytes], Letter]) -> None:
    flowed = lines(
        FROM,
        "Content-Type: text/plain; format=flowed",
        body=b"This was one \r\nparagraph.\r\n\r\n> quoted \r\n> words\r\n-- \r\nCleo\r\n",
    )

    letter = reading(flowed)

    assert letter.text == "This was one paragraph.\n\n> quoted words\n-- \nCleo\n"
    assert letter.text[letter.tail :].startswith("> quoted words")


def test_a_forwarded_mail_is_kept_as_a_file_whatever_its_encoding(
    reading: Callable[[bytes], Letter], tmp_path: Path
) -> None:
    [piece] = reading(CORPUS["message/rfc822 in base64"]).pieces

    assert piece.media_type == "message/rfc822"
    assert b"Subject: inside" in (tmp_path / piece.place).read_bytes()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\windows\\trace.txt", "trace.txt"),
        (".htaccess", "htaccess"),
        ("...", "part-3.pdf"),
        ("", "part-3.pdf"),
        ('a<b>"|?*.txt', "ab.txt"),
    ],
)
def test_a_file_has_a_name_that_can_be_saved_anywhere(given: str, name: str) -> None:
    assert safe_name(given, "application/pdf", 3) == name


def test_a_file_name_is_not_endless() -> None:
    assert len(safe_name("x" * 5000 + ".tar.gz", "application/gzip", 1)) <= 150


HOSTILE = {
    "script": "<script>alert(1)</script>fine",
    "event": '<b onmouseover="alert(1)">fine</b><img src=x onerror=alert(1)>',
    "javascript link": '<a href="javascript:alert(1)">fine</a><a href="jAvAs\tcript:alert(1)">x</a>',
    "data link": '<a href="data:text/html,<script>alert(1)</script>">fine</a>',
    "remote image": 'fine<img src="https://tracker.example/x.gif"><table background="https://t.example/y"></table>',
    "style": '<div style="position:fixed;top:0;background:url(https://t.example)">fine</div><style>*{display:none}</style>',
    "form": '<form action="https://evil.example"><input name=password><button>go</button></form>fine',
    "refresh": '<meta http-equiv=refresh content="0;url=https://evil.example">fine',
    "frame": '<iframe srcdoc="<script>alert(1)</script>"></iframe><object data=x></object><embed src=x>fine',
    "svg": '<svg onload=alert(1)><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>fine',
    "math": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></math>fine",
    "mutation": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">fine',
    "comment": "<!--[if mso]><script>alert(1)</script><![endif]-->fine<!-- --!><img src=x onerror=alert(1)> -->",
    "base": '<base href="https://evil.example/"><a href="/x">fine</a>',
    "class and id": '<div id="header" class="toolbar">fine</div>',
    "entities": '<a href="&#106;avascript:alert(1)">fine</a>&lt;script&gt;alert(1)&lt;/script&gt;',
    "link in the host": '<a href="https://x.example/&quot;><script>alert(1)</script>">fine</a>',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_html_can_neither_run_nor_call_home(what: str) -> None:
    clean = hypertext.sanitise(HOSTILE[what]).lower()

    assert "fine" in clean
    for bad in (
        "<script",
        "<img",
        "<style",
        "<form",
        "<input",
        "<iframe",
        "<object",
        "<svg",
        "<math",
        "<meta",
        "<base",
    ):
        assert bad not in clean
    for bad in (" on", "style=", "id=", "class=", "src=", 'href="javascript', 'href="data', "background"):
        tags = "".join(piece.partition(">")[0] for piece in clean.split("<")[1:])
        assert bad not in tags


def test_a_link_says_where_it_really_leads() -> None:
    clean = hypertext.sanitise('<a href="https://bank.example@evil.example/login">https://bank.example/</a>')

    assert clean.endswith("[evil.example]")
    assert 'rel="noopener noreferrer nofollow"' in clean


def test_html_that_is_too_deep_or_has_too_many_links_is_shown_as_text(
    reading: Callable[[bytes], Letter],
) -> None:
    for source in ("<div>" * 50_000 + "words", '<a href="https://x.example">words</a>' * 6000):
        letter = reading(lines(FROM, "Content-Type: text/html", body=source.encode()))
        assert "html_not_shown" in letter.flags
        assert [piece for piece in letter.pieces if piece.purpose == "html"] == []
        assert "words" in letter.text


def test_html_that_is_endless_costs_only_its_page(reading: Callable[[bytes], Letter]) -> None:
    letter = reading(lines(FROM, "Content-Type: text/html", body=b"words " + b"&" * 900_000))

    assert "html_not_shown" in letter.flags
    assert letter.text.startswith("words ")


def test_html_alone_is_read_as_text_with_its_quotes_marked(reading: Callable[[bytes], Letter]) -> None:
    page = (
        b"<html><head><title>x</title><style>p{}</style></head><body><p>It is back.</p>"
        b"<div>On Monday Anna wrote:<blockquote>Is it back?</blockquote></div></body></html>"
    )

    letter = reading(lines(FROM, "Content-Type: text/html; charset=utf-8", body=page))

    assert letter.text.startswith("It is back.\n")
    assert letter.text[letter.tail :] == "On Monday Anna wrote:\n> Is it back?\n"


def test_a_child_that_dies_of_a_mail_says_so_and_the_next_is_read(tmp_path: Path) -> None:
    reader = Reader()
    path = spool.put(tmp_path, lines(FROM), spool.Envelope("general", "correspond", time.time()))
    try:
        with pytest.raises(Died):
            reader.read(tmp_path / "gone.mail", tmp_path, size=1)
        assert reader.read(path, tmp_path, size=1).text == "Hello.\n"
    finally:
        reader.end()
