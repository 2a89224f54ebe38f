"""Catalogues of texts: read, written and compiled as gettext expects them; what does not fit is refused."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from tools import texts
from tools.catalogues import Text, compile_all, read, written

HEAD = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
TEMPLATE = """
{% translate "Save note" %}{{ one.more|default:_("nothing") }}
{% blocktranslate count n=left %}{{ n }} timer{% plural %}{{ n }} timers{% endblocktranslate %}
{% translate "open" context "state" %}{# translate "not said" #}
"""


def key(single: str, plural: str = "", context: str = "") -> tuple[str, str, str]:
    return context, single, plural


@pytest.fixture
def german(tmp_path: Path) -> Path:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    lines = [
        Text(key("Save note"), ["Notiz speichern"]),
        Text(key("%(n)s timer", "%(n)s timers"), ["%(n)s Timer", "%(n)s Timer – mehrere"]),
        Text(key("open", context="state"), ["offen"]),
        Text(key('Two\nlines, "quoted"'), ['Zwei\nZeilen, „zitiert“ \\ "so"']),
        Text(key("not yet"), [""]),
        Text(key("unsure"), ["unsicher"], flags={"fuzzy"}),
    ]
    (folder / "django.po").write_text(written(HEAD, lines))
    return tmp_path


def test_a_compiled_catalogue_is_what_gettext_reads(german: Path) -> None:
    compile_all(german)
    found = gettext.translation("django", german, ["de"])
    assert found.gettext("Save note") == "Notiz speichern"
    assert found.ngettext("%(n)s timer", "%(n)s timers", 2) == "%(n)s Timer – mehrere"
    assert found.pgettext("state", "open") == "offen"
    assert found.gettext('Two\nlines, "quoted"') == 'Zwei\nZeilen, „zitiert“ \\ "so"'
    assert found.gettext("not yet") == "not yet"
    assert found.gettext("unsure") == "unsure"


def test_what_is_written_is_read_again_as_it_was(german: Path) -> None:
    file = german / "de" / "LC_MESSAGES" / "django.po"
    head, found = read(file)
    assert written(head, found.values()) == file.read_text()


def test_texts_are_found_where_they_are_marked() -> None:
    assert set(texts.in_template(TEMPLATE)) == {
        key("Save note"),
        key("nothing"),
        key("%(n)s timer", "%(n)s timers"),
        key("open", context="state"),
    }
    source = 'a = _("one " "line")\nb = N_("two" + " parts")\nc = ngettext("x", "xs", n)\nd = _(variable)\n'
    assert set(texts.in_python(source)) == {key("one line"), key("two parts"), key("x", "xs")}


@pytest.mark.parametrize(
    ("original", "other", "says"),
    [
        ("Sent to %(name)s.", "Gesendet.", "other placeholders"),
        ("Sent.", "Gesendet an %(name)s.", "other placeholders"),
        ("Write {ticket.number}.", "{ticket.nummer} schreiben.", "other placeholders"),
        ("Go <b>on</b>", "<i>Weiter</i>", "other markup"),
        ("End.\n", "Ende.", "another line"),
    ],
)
def test_a_translation_that_does_not_fit_is_named(original: str, other: str, says: str) -> None:
    found = {key(original): Text(key(original), places=["desk/wording.py"])}
    complaints = list(texts.complaints_of(found, {key(original): Text(key(original), [other])}))
    assert len(complaints) == 1
    assert says in complaints[0]
    assert "desk/wording.py" in complaints[0]


def test_what_is_missing_unsure_or_nowhere_said_is_named() -> None:
    found = {key(word): Text(key(word)) for word in ("new", "unsure")}
    there = {
        key("unsure"): Text(key("unsure"), ["unsicher"], flags={"fuzzy"}),
        key("old"): Text(key("old"), ["alt"]),
    }
    assert [each.partition(":")[0] for each in texts.complaints_of(found, there)] == [
        "is not translated",
        "is not sure",
        "is translated, but nowhere said",
    ]
