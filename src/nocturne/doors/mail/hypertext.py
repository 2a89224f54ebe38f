"""HTML that strangers send: made harmless once, when it comes in, and read as text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

LONGEST = 500_000
MOST_LINKS = 5000
DEEPEST = 200

TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
    ),
    *(
        "dd",
        "del",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
    ),
    *(
        "i",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
    ),
    *("sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "bdo": {"dir"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
"""No style, no class, no id, no event: nothing that positions, hides, loads or runs. No images: they call home."""
SCHEMES = {"http", "https", "mailto", "tel"}
GONE_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "textarea",
}

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
_LEFT_OPEN = frozenset(
    ("br", "hr", "img", "meta", "link", "input", "col", "base", "p", "o:p", "li", "td", "th", "tr")
)
"""Tags that do not nest, or that honest mails leave open everywhere."""
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "br",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "ul",
        "ol",
        "table",
        "hr",
        "dt",
        "dd",
    )
)


class TooComplex(ValueError):
    """HTML that is not worth cleaning; the mail is shown as text."""


def sanitise(source: str) -> str:
    """This will keep what is text and structure, and write behind each link the host it leads to.

    :raises TooComplex: it is larger, deeper or has more links than any honest mail.
    """
    if len(source) > LONGEST or source.lower().count("<a") > MOST_LINKS or _depth(source) > DEEPEST:
        raise TooComplex
    hosts = _WithHosts()
    hosts.feed(_clean(source))
    hosts.close()
    # Once more: what stands at the end has gone through the allow-list as it is, whatever came between.
    return _clean("".join(hosts.out))


def as_text(source: str) -> str:
    """This will read HTML as a person would: blocks on their own lines, quotes marked, addresses behind their links."""
    if len(source) > LONGEST or _depth(source) > DEEPEST:
        return _words_between_tags(source)
    reader = _AsText()
    # Cleaned first: the standard library's parser is slow on some broken HTML, and never on what is well formed.
    reader.feed(_clean(source, TAGS | {"img"}, ATTRIBUTES | {"img": {"alt"}}))
    reader.close()
    return reader.text()


def _words_between_tags(source: str) -> str:
    first, *rest = source.split("<")
    pieces = [first, *(each.partition(">")[2] for each in rest)]
    return "\n".join(line for piece in pieces if (line := " ".join(html.unescape(piece).split())))


def _clean(source: str, tags: set[str] = TAGS, attributes: dict[str, set[str]] = ATTRIBUTES) -> str:
    return nh3.clean(
        source,
        tags=tags,
        attributes=attributes,
        url_schemes=SCHEMES,
        clean_content_tags=GONE_WITH_CONTENT,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
    )


def _depth(source: str) -> int:
    """Measure how deep the tags could nest at most, without building anything."""
    deepest = depth = 0
    for match in _TAG.finditer(source):
        if match[2].lower() not in _LEFT_OPEN:
            depth = max(0, depth - 1) if match[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest


class _WithHosts(HTMLParser):
    """Writes clean HTML again, with the host behind each link whose words do not show it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._link = ""
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        spelt = "".join(f' {name}="{html.escape(value or "")}"' for name, value in attrs if name != "rel")
        self.out.append(f"<{tag}{spelt}>")
        if tag == "a":
            self._link, self._words = dict(attrs).get("href") or "", ""

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")
        if tag == "a" and (host := _host(self._link)):
            if self._words.strip().lower() not in (host, self._link.lower()):
                self.out.append(f" [{html.escape(host)}]")
            self._link = ""

    def handle_data(self, data: str) -> None:
        self._words += data if self._link else ""
        self.out.append(html.escape(data, quote=False))


def _host(link: str) -> str:
    """Name where a link leads; user names in front of the host, which only mislead, are left out."""
    try:
        parts = urlsplit(link)
        return parts.hostname or (parts.path if parts.scheme in ("mailto", "tel") else "")
    except ValueError:
        return "?"


class _AsText(HTMLParser):
    """Collects the words of clean HTML in lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._quotes = 0
        self._link = ""
        self._words = ""

    def text(self) -> str:
        self._end_line()
        return "\n".join(self._lines).strip("\n") + "\n" if any(self._lines) else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag == "blockquote":
            self._end_line(blank=tag in ("p", "table"))
        self._quotes += tag == "blockquote"
        if tag in ("td", "th"):
            self._line += " "
        if tag == "a":
            self._link, self._words = dict(attrs).get("href") or "", ""
        if tag == "img" and (words := dict(attrs).get("alt")):
            self._line += f"[{words}]"

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            if self._link.startswith(("http://", "https://")) and self._words.strip() != self._link:
                self._line += f" <{self._link[:500]}>"
            self._link = ""
        if tag in _BLOCKS or tag == "blockquote":
            self._end_line(blank=tag in ("p", "table"))
        self._quotes = max(0, self._quotes - (tag == "blockquote"))

    def handle_data(self, data: str) -> None:
        self._words += data if self._link else ""
        self._line += data

    def _end_line(self, *, blank: bool = False) -> None:
        line = " ".join(self._line.split())
        if line:
            self._lines.append("> " * self._quotes + line)
        if blank and self._lines and self._lines[-1]:
            self._lines.append("")
        self._line = ""
