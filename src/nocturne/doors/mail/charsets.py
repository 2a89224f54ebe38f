"""Bytes to text, whatever a mail claims of itself: never an error, and no codec that is not a charset."""

from __future__ import annotations

import codecs

_CODECS: dict[str, str] = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8", "utf-8-sig"), "utf-8-sig"),
    **dict.fromkeys(("us-ascii", "ascii", "ansi_x3.4-1968", "646", "default", "none", ""), "ascii"),
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in (*range(2, 12), 13, 14, 15, 16)},
    # What calls itself Latin 1 is Windows' superset of it more often than not.
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "l1", "iso_8859-1"), "cp1252"),
    **{
        f"{prefix}125{part}": f"cp125{part}"
        for prefix in ("windows-", "cp", "cp-", "x-cp")
        for part in range(9)
    },
    **{
        f"{prefix}{page}": f"cp{page}"
        for prefix in ("cp", "ibm")
        for page in (437, 850, 852, 855, 857, 862, 866)
    },
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "cp936", "euc-cn", "hz-gb-2312"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(
        ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "cp932", "windows-31j"), "cp932"
    ),
    **dict.fromkeys(("iso-2022-jp", "csiso2022jp", "iso-2022-jp-1", "iso-2022-jp-2"), "iso2022_jp_2"),
    **dict.fromkeys(("iso-2022-jp-3", "iso-2022-jp-2004"), "iso2022_jp_2004"),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "eucjp"), "euc_jp"),
    **dict.fromkeys(
        ("euc-kr", "ks_c_5601-1987", "ks_c_5601", "ksc5601", "cp949", "uhc", "windows-949"), "cp949"
    ),
    **dict.fromkeys(("koi8-r", "koi8", "cskoi8r"), "koi8-r"),
    **dict.fromkeys(("tis-620", "windows-874", "cp874", "iso-8859-11"), "cp874"),
    **dict.fromkeys(("macintosh", "mac", "x-mac-roman", "x-macroman"), "mac_roman"),
    "iso-2022-kr": "iso2022_kr",
    "koi8-u": "koi8-u",
    "utf-7": "utf-7",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32": "utf-32",
}
"""Charsets by the names that mail programs give them. Python knows names that are no charsets; none of them is here."""

FEW = 100
"""One character in so many may be broken before a text is taken for another charset."""


def codec_for(charset: str) -> str | None:
    return _CODECS.get(charset.strip().strip("'\"").lower().replace(" ", ""))


def decode(data: bytes, charset: str) -> str:
    """This will decode bytes as what they claim to be, else as what they are: UTF-8, or Windows' Latin."""
    claimed = codec_for(charset)
    if claimed == "ascii" or claimed is None:
        claimed = "utf-8-sig"
    text = _strictly(data, claimed) or _strictly(data, "utf-8-sig")
    if text is not None:
        return text
    mended = data.decode(claimed, "replace")
    if mended.count("\ufffd") * FEW <= len(mended):
        return mended
    return data.decode("cp1252", "replace")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return codecs.decode(data, codec, "strict")
    except (ValueError, LookupError):
        return None
