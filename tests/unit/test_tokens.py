"""What people type at three in the morning finds what their colleagues wrote at noon."""

from __future__ import annotations

import pytest

from nocturne.core import tokens
from nocturne.core.folding import folded


def finds(value: str, *texts: str) -> bool:
    needles = tokens.asked(value.strip('"*'), begins="*" in value)
    return tokens.matches(texts, needles)


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("et-0/1/0", "Interface et-0/1/0 flaps"),
        ("ET-0/1/0", "unit et-0/1/0.100 is down"),
        ("0/1/0", "Interface et-0/1/0 flaps"),
        ("et-0/1/*", "Interface et-0/1/7 flaps"),
        ("as6939", "session to AS6939 is down"),
        ("6939", "session to AS6939 is down"),
        ("10.0.0.1", "ping 10.0.0.1: no answer"),
        ("10.0.0", "ping 10.0.0.1: no answer"),
        ("10.0.0.0/8", "route 10.0.0.0/8 is gone"),
        ("2001:db8::/32", "prefix 2001:DB8::/32 withdrawn"),
        ("2001:db8::1", "2001:0db8:0:0:0:0:0:1 does not answer"),
        ("2001:db8:*", "2001:0db8::17 does not answer"),
        ("CIR-123456", "circuit cir-123456, both ends"),
        ("123456", "circuit CIR-123456, both ends"),
        ("00:1b:21:aa:bb:cc", "seen 001B.21AA.BBCC on port 7"),
        ("001b21aabbcc", "seen 00-1b-21-aa-bb-cc on port 7"),
        ("cr1.aa.example.net", "cr1.aa.example.net: fan 3 failed"),
        ("cr1", "cr1.aa.example.net: fan 3 failed"),
        ("example.net", "kofi@noc.example.net asks again"),
        ("kofi@noc.example.net", "From: Kofi@NOC.Example.Net"),
        ("kofi", "kofi@noc.example.net asks again"),
        ("#4711", "see #4711"),
    ],
)
def test_identifiers_are_found_as_people_type_them(typed: str, written: str) -> None:
    assert finds(typed, written)


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("et-0/1/0", "Interface et-0/1/1 flaps"),
        ("10.0.0.1", "ping 10.0.0.11: no answer"),
        ("cut", "a short cutover"),
        ('"fibre cut"', "cut of a fibre"),
        ('"fibre cut"', "fibre was cut"),
        ('"fibre cut"', "fibre. Then something was cut"),
        ("fib*", "a grafib"),
        ("!!", "wow !!"),
        ("mueller", "Miller"),
    ],
)
def test_what_is_only_like_it_is_not_found(typed: str, written: str) -> None:
    assert not finds(typed, written)


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("straße", "STRASSE gesperrt"),
        ("STRASSE", "Straße gesperrt"),
        ("aero", "Ærø er mørk"),
        ("mork", "Ærø er mørk"),
        ("moerk", "Ærø er mørk"),
        ("lodz", "Węzeł Łódź nie odpowiada"),
        ("Müller", "Herr Mueller rief an"),
        ("Mueller", "Herr Müller rief an"),
        ("muller", "Herr Müller rief an"),
        ("ete", "coupure de l'été"),
        ("istanbul", "İSTANBUL hattı kesik"),
        ("Αθηνα", "βλάβη στην ΑΘΉΝΑ"),
        ("ветка", "ВЁТКА"),
        ("光", "光ファイバー断線"),
        ("断線", "光ファイバー断線"),
        ("ファイバー", "光ファイバー断線"),
        ("故障", "设备故障请检查"),
        ("회선", "회선 장애"),
        ("회선*", "회선이 끊겼습니다"),
        ("ｃｒ１", "cr1 down"),
    ],
)
def test_letters_are_compared_as_each_language_writes_them(typed: str, written: str) -> None:
    assert finds(typed, written)


@pytest.mark.req("R2.1")
def test_two_words_meet_across_a_chart_but_a_phrase_stands_in_one_text() -> None:
    opened, note = "Lansing has no light", "Fibre cut near the bridge"
    needles = (*tokens.asked("light"), *tokens.asked("bridge"))
    assert all(tokens.matches((opened, note), (each,)) for each in needles)
    assert finds('"fibre cut near"', opened, note)
    assert finds('"fibre cut ne*"', opened, note)
    assert not finds('"light fibre"', opened, note)


@pytest.mark.req("R2.1")
def test_a_run_without_spaces_is_found_only_where_it_stands_whole() -> None:
    assert not finds("光断", "光ファイバー断線")
    assert not finds("線断", "光ファイバー断線")


@pytest.mark.req("R2.1")
def test_what_was_found_is_marked_where_it_stands() -> None:
    text = "The Fibre cut at et-0/1/0.100 near Müller's fibre  CUT"
    needles = (*tokens.asked("fibre cut"), *tokens.asked("et-0/1/0"), *tokens.asked("muller"))
    marked = [text[start:end] for start, end in tokens.spans(text, needles)]
    assert marked == ["Fibre cut", "et-0/1/0.100", "Müller", "fibre  CUT"]


def test_a_long_text_is_read_up_to_a_bound() -> None:
    text = "x " * tokens.LONGEST_TEXT + "behind"
    assert not finds("behind", text)
    assert max(len(each) for each in tokens.tokens("y" * 5_000)) == tokens.LONGEST_WORD
    assert finds("y" * 300, "y" * 5_000)


def test_what_folds_is_folded_for_good() -> None:
    for each in ("İstanbul", "ÅNGSTRÖM", "ﬁbre", "Ⅷ", "ẞ", "ŉ", "ǰ"):
        assert folded(folded(each)) == folded(each)
