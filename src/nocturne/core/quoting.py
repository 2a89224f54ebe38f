"""The new part of a mail and the quoted tail under it.

Only what trails is folded: answers between quoted lines stay in sight, and nothing is ever taken away
(`new + tail` is the whole text). Every line is looked at a fixed number of times, whatever is in it.
"""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_LOOKED_AT = 300
LONGEST_SIGNATURE = 15
LONGEST_UNCLEAR_SIGNATURE = 6
"""Under a `--` without its space, which may as well part two pieces of a log."""
HEADER_LINES = 8

_ORIGINAL = frozenset(
    (
        *("original message", "original appointment", "ursprüngliche nachricht"),
        *("ursprüngliche mail", "message d'origine", "message original"),
        *(
            "message initial",
            "mensaje original",
            "mensagem original",
            "messaggio originale",
            "messaggio originario",
        ),
        *("oorspronkelijk bericht", "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse"),
        *("opprinnelig melding", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość"),
        *("původní zpráva", "pôvodná správa", "eredeti üzenet", "orijinal mesaj", "исходное сообщение"),
        *("αρχικό μήνυμα", "原始邮件", "原始郵件", "原邮件", "元のメッセージ", "원본 메시지", "הודעה מקורית"),
    )
)
_WROTE = (
    *(
        "wrote:",
        "writes:",
        "schrieb:",
        "a écrit :",
        "a écrit:",
        "escribió:",
        "escreveu:",
        "ha scritto:",
        "schreef:",
    ),
    *(
        "skrev:",
        "kirjoitti:",
        "napisał:",
        "napisał(a):",
        "napisał/a:",
        "napsal:",
        "napsal(a):",
        "napísal:",
        "írta:",
    ),
    *(
        "yazdı:",
        "şunu yazdı:",
        "пишет:",
        "написал:",
        "написал(а):",
        "έγραψε:",
        "写道:",
        "写道：",
        "寫道：",
        "のメール:",
    ),
    *("geschreven:", "rašė:", "scris:", "kirjutas:", "님이 작성:", "כתב:", "כתבה:"),
)
_VERBS = tuple(f" {words.rstrip(':：')} " for words in _WROTE)
_ON_A_DAY = (
    "on ",
    "am ",
    "le ",
    "el ",
    "il ",
    "em ",
    "op ",
    "den ",
    "dne ",
    "w dniu ",
    "dnia ",
    "a(z) ",
    "в ",
)
_HEADER_WORDS: dict[str, str] = {
    **dict.fromkeys(
        ("from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "feladó", "от", "发件人"), "from"
    ),
    **dict.fromkeys(("差出人", "kimden", "expéditeur", "από", "寄件者", "보낸 사람"), "from"),
    **dict.fromkeys(
        ("sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "inviato", "data"), "date"
    ),
    **dict.fromkeys(
        ("verzonden", "skickat", "sendt", "lähetetty", "wysłano", "odesláno", "elküldve"), "date"
    ),
    **dict.fromkeys(
        ("fecha", "dato", "дата", "отправлено", "gönderme tarihi", "发送时间", "送信日時", "日付"), "date"
    ),
    **dict.fromkeys(
        ("to", "an", "à", "para", "a", "aan", "till", "til", "vastaanottaja", "do", "komu"), "to"
    ),
    **dict.fromkeys(("címzett", "кому", "kime", "收件人", "宛先", "destinataire", "προς", "받는 사람"), "to"),
    **dict.fromkeys(
        ("subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "ämne"), "subject"
    ),
    **dict.fromkeys(
        ("emne", "aihe", "temat", "předmět", "tárgy", "тема", "konu", "主题", "件名", "θέμα", "제목"),
        "subject",
    ),
}
_SENT_FROM = (
    *(
        "sent from my ",
        "get outlook for ",
        "sent from outlook",
        "von meinem ",
        "gesendet von ",
        "envoyé de mon ",
    ),
    *(
        "envoyé depuis ",
        "enviado desde mi ",
        "enviado do meu ",
        "inviato da ",
        "verstuurd vanaf ",
        "skickat från min ",
    ),
    *(
        "sendt fra min ",
        "lähetetty ",
        "wysłane z ",
        "odesláno z ",
        "отправлено с ",
        "发自我的",
        "iphoneから送信",
    ),
)


def fold_quotes(text: str) -> tuple[str, str]:
    """Split a mail's text into what is new and the trailing quotes and signature; either may be empty.

    A mail that holds nothing but a quote keeps all of it in sight. What somebody forwards is what they want to
    say: a forwarded mail is not for folding.
    """
    lines = text.splitlines(keepends=True)
    cut = _above_signature(lines, _first_original(lines))
    quoted = _above_quotes(lines, cut)
    if quoted < cut:
        cut = _above_signature(lines, quoted)
    if not any(line.strip() for line in lines[:cut]):
        return text, ""
    return "".join(lines[:cut]), "".join(lines[cut:])


def _first_original(lines: Sequence[str]) -> int:
    """Find where a mail program put the whole earlier mail under the new text, without quote marks.

    Where quote marks follow nevertheless, answers may stand between them: then only the marks count.
    """
    for place, line in enumerate(lines):
        begins = _says_original(line) or (_names_header(line) == "from" and _is_header_block(lines, place))
        if begins and not any(_is_quote(each) for each in lines[place : place + HEADER_LINES + 4]):
            return _above_rule(lines, place)
    return len(lines)


def _above_quotes(lines: Sequence[str], cut: int) -> int:
    """Go up over a trailing block of quoted lines and the line that says whose they are."""
    place = top = _above_blank(lines, cut)
    if not place or not _is_quote(lines[place - 1]):
        return cut
    while place and (_is_quote(lines[place - 1]) or not lines[place - 1].strip()):
        place -= 1
        top = place if lines[place].strip() else top
    return _above_attribution(lines, top)


def _above_attribution(lines: Sequence[str], place: int) -> int:
    """Take along "On … Anna wrote:", which mail programs break over up to three lines."""
    bottom = _above_blank(lines, place)
    last = _shortened(lines[bottom - 1]) if bottom else ""
    if not last.endswith((":", "：")):
        return bottom - 1 if bottom and _says_original(lines[bottom - 1]) else place
    said = ""
    for above in range(bottom - 1, max(bottom - 4, -1), -1):
        line = _shortened(lines[above])
        if not line or _is_quote(lines[above]):
            break
        said = f"{line} {said}"
        if line.startswith(_ON_A_DAY) and any(verb in said.replace(":", " ") for verb in _VERBS):
            return above
    return bottom - 1 if last.endswith((*_WROTE, ">:")) else place


def _above_signature(lines: Sequence[str], cut: int) -> int:
    """Take along a signature under its `-- ` line (RFC 3676, 4.3), or the line a telephone adds."""
    place = _above_blank(lines, cut)
    if not place:
        return cut
    if _shortened(lines[place - 1]).startswith(_SENT_FROM):
        return place - 1
    for above in range(place - 1, max(place - 1 - LONGEST_SIGNATURE, 0) - 1, -1):
        mark = lines[above].rstrip("\r\n")
        if mark == "-- " or (mark == "--" and place - above <= LONGEST_UNCLEAR_SIGNATURE):
            return above
    return cut


def _above_blank(lines: Sequence[str], place: int) -> int:
    while place and not lines[place - 1].strip():
        place -= 1
    return place


def _above_rule(lines: Sequence[str], place: int) -> int:
    """Take along a line of underscores above an earlier mail."""
    above = _above_blank(lines, place)
    return (
        above - 1
        if above and len(lines[above - 1].strip()) > 9 and not lines[above - 1].strip().strip("_-")
        else place
    )


def _says_original(line: str) -> bool:
    text = _shortened(line)
    return text.startswith(("--", "__")) and text.strip("-_ ") in _ORIGINAL


def _is_header_block(lines: Sequence[str], place: int) -> bool:
    """Tell whether the lines from here are the headers of an earlier mail: who, when, to whom, about what."""
    return {_names_header(line) for line in lines[place : place + HEADER_LINES]} >= {
        "from",
        "date",
        "to",
        "subject",
    }


def _names_header(line: str) -> str:
    word, colon, _ = _shortened(line).strip("* ").replace("：", ":").partition(":")
    return _HEADER_WORDS.get(word.strip("* \u00a0"), "") if colon else ""


def _is_quote(line: str) -> bool:
    return line[:40].lstrip(" \u00a0").startswith(">")


def _shortened(line: str) -> str:
    return line[:LONGEST_LOOKED_AT].strip().casefold() if len(line) <= LONGEST_LOOKED_AT else ""
