"""Laws of the words a text is found by: whoever copies from a text finds it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core import tokens
from nocturne.core.folding import folded, spelt_out

ALPHABET = "ab1 0.-/:@_#,'\"*()&+Zéßøłöİ光断ー線กา한ΣЖ\n"
TEXTS = st.text(ALPHABET, max_size=60) | st.text(max_size=60)
PHRASED = ["fibre", "cut", "et-0/1/0", "light", "光断", "Müller", "10.0.0.1", "as6939", "line"]
NAMES = st.from_regex(r"[a-z]{2,4}-[0-9]{1,2}/[0-9]{1,2}/[0-9]{1,3}(\.[0-9]{1,4})?", fullmatch=True)


@pytest.mark.req("R2.1")
@given(TEXTS)
def test_letters_fold_once_and_for_all(text: str) -> None:
    for fold in (folded, spelt_out):
        assert fold(fold(text)) == fold(text)


@pytest.mark.req("R2.1")
@given(TEXTS, st.data())
def test_words_copied_from_a_text_find_it(text: str, data: st.DataObject) -> None:
    words = [each for each in text.split() if tokens.tokens(each) and '"' not in each and "*" not in each]
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    assert tokens.matches([text], tokens.asked(word))
    if word[-1].isalnum():
        assert tokens.matches([text], tokens.asked(word, begins=True))


@pytest.mark.req("R2.1")
@given(st.lists(st.sampled_from(PHRASED), min_size=1))
def test_a_phrase_copied_from_a_text_finds_it(words: list[str]) -> None:
    text = " ".join(words)
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            phrase = " ".join(words[start:end])
            assert tokens.matches([f"before {text}. after"], tokens.asked(phrase))


@pytest.mark.req("R2.1")
@given(TEXTS, TEXTS, TEXTS)
def test_what_a_text_is_found_by_finds_it_among_others_too(text: str, other: str, value: str) -> None:
    needles = tokens.asked(value)
    if tokens.matches([text], needles):
        assert tokens.matches([other, text], needles)


@pytest.mark.req("R2.1")
@given(TEXTS, TEXTS)
def test_the_index_holds_all_that_reading_would_find(text: str, value: str) -> None:
    """Every phrase that stands in a text is among its pairs: the index may find too much, never too little."""
    known, pairs = tokens.marks(text)
    for needle in tokens.asked(value):
        if needle.needs_reading and tokens.stands_in(text, needle):
            assert set(needle.tokens) <= known
            steps = pairwise(needle.sequence)
            assert {tokens.pair(one, other) for one, other in steps} <= pairs


@pytest.mark.req("R2.1")
@given(NAMES, st.sampled_from(["{}", "port {} down", "({})", "{}, both ends", "{}."]))
def test_an_interface_is_found_whole_and_by_its_beginning(name: str, sentence: str) -> None:
    text = sentence.format(name.upper())
    assert tokens.matches([text], tokens.asked(name))
    assert tokens.matches([text], tokens.asked(name.partition(".")[0]))
    assert tokens.matches([text], tokens.asked(name.partition("-")[0]))


@pytest.mark.req("R2.1")
@given(TEXTS, TEXTS)
def test_marks_stand_in_order_and_never_within_another(text: str, value: str) -> None:
    found = tokens.spans(text, tokens.asked(value))
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
