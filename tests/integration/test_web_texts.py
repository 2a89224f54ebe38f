"""Ada writes the mails in the browser: she begins with the usual text, and reads what it would say of a ticket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nocturne.core import configuration
from nocturne.desk import templates
from nocturne.store import configured
from tests.cast import Cast
from tests.visitor import Visitor, forms_on, words

NEW = "/settings/new/templates"


@pytest.fixture(autouse=True)
def site(cast: Cast) -> Iterator[None]:
    configuration.use(configured.load())
    yield
    configuration.use(None)


@pytest.mark.req("R9.5")
def test_a_text_begins_with_the_usual_one_and_is_read_on_a_ticket_before_it_goes_out(
    cast: Cast, trouble: int
) -> None:
    ada = Visitor("ada")
    page = ada.get(f"{NEW}?like=resolved")
    assert "{resolution}" in words(page)
    assert "how it ended, in one line" in words(page)
    form = next(each for each in forms_on(page.content.decode()) if each.action == NEW)
    assert form.values["purpose"] == "resolved"
    assert form.values["text"].strip() == templates.STANDARD["resolved"][1]

    ours = "Good news: {ticket.number} is over.\n\n{text}\n\nState: {ticket.state}"
    looked = ada.post(NEW, form.values | {"name": "over", "text": ours, "step": "look"})
    assert looked.status_code == 200, words(looked)
    assert f"What it would say on ticket {trouble}" in words(looked)
    assert f"Good news: {trouble} is over. (Here stand the words of the update.) State: new" in words(looked)

    apply = next(each for each in forms_on(looked.content.decode()) if each.action == NEW)
    done = ada.post(NEW, apply.values | {"step": "apply", "reason": "friendlier"})
    assert done.status_code == 302, words(done)
    assert configured.load().templates["over"].text == ours


@pytest.mark.req("R9.5")
def test_a_placeholder_that_does_not_exist_is_told_beside_the_text_and_what_was_typed_is_kept(
    cast: Cast,
) -> None:
    ada = Visitor("ada")
    form = next(each for each in forms_on(ada.get(NEW).content.decode()) if each.action == NEW)
    typed = "We have it: {ticket.number} {ticket.subject} <b>{{ 7*7 }}"
    refused = ada.post(NEW, form.values | {"name": "ours", "text": typed, "step": "look"})
    assert refused.status_code == 422
    assert "{ticket.subject} is no placeholder of this text" in words(refused)
    again = next(each for each in forms_on(refused.content.decode()) if each.action == NEW)
    assert again.values["text"].strip() == typed
    assert "<b>" not in refused.content.decode().partition("<textarea")[2].partition("</textarea>")[0]


def test_a_writer_is_shown_no_ticket_that_they_may_not_read(cast: Cast) -> None:
    ada = Visitor("ada")
    form = next(each for each in forms_on(ada.get(NEW).content.decode()) if each.action == NEW)
    looked = ada.post(NEW, form.values | {"name": "ours", "step": "look"})
    assert looked.status_code == 200
    assert "What it would say" not in words(looked)
