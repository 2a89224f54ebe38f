"""Views that people keep: their own, their group's, the site's; each is read with its reader's eyes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid, NotFound
from nocturne.desk import accounts, belonging, clock, configuring, finding, pins, savedviews, viewacts
from nocturne.desk.builtviews import BUILT_IN
from nocturne.desk.terms import Opening
from nocturne.desk.viewacts import Wanted
from nocturne.store import configured
from nocturne.store.models import Audit, Group, Pin, SavedView, User
from tests.caller import caller, reporter
from tests.cast import Cast, account
from tests.visitor import Visitor

WEB = Door.WEB


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    configuration.use(None)


@pytest.fixture
def mine(anna: Actor) -> savedviews.View:
    return viewacts.create(Wanted("Backbone tonight", "is:open node:cr1.aa"), by=anna, door=WEB)


def found(key: str, actor: Actor) -> list[int]:
    asked = savedviews.question(savedviews.named(key, actor), actor, now=clock.now())
    return [row["number"] for row in finding.page(actor, asked, now=clock.now()).rows]


@pytest.fixture
def others(cast: Cast, ada: Actor) -> Actor:
    """Lars reads of every ticket what customers read, and nothing that is for the staff."""
    documents = {("group", "peers"): {}, ("clearance", "peers-see"): {"group": "peers", "sees": ["customer"]}}
    configuring.change(documents, by=ada, door=WEB)
    configured.refresh()
    return accounts.actor_of(account("lars", "peers"))


@pytest.mark.req("R2.1")
def test_a_view_that_anna_keeps_is_hers_and_nobody_elses(
    anna: Actor, kofi: Actor, mine: savedviews.View, trouble: int
) -> None:
    assert found(mine.key, anna) == [trouble]
    assert mine.title in {view.title for view in savedviews.readable(anna)}
    assert mine.title not in {view.title for view in savedviews.readable(kofi)}
    for act in (
        lambda: savedviews.named(mine.key, kofi),
        lambda: viewacts.change(mine.key, {"title": "Mine"}, by=kofi, door=WEB),
        lambda: viewacts.delete(mine.key, by=kofi, door=WEB),
        lambda: viewacts.duplicate(mine.key, by=kofi, door=WEB),
        lambda: pins.pin(mine.key, by=kofi),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.req("R2.1")
def test_what_is_given_to_a_group_is_read_by_its_members_and_changed_by_its_maker(
    anna: Actor, kofi: Actor, ada: Actor, mei: Actor, mine: savedviews.View
) -> None:
    viewacts.change(mine.key, {"kind": "group", "group": "operators"}, by=anna, door=WEB)
    assert savedviews.named(mine.key, kofi).query == "is:open node:cr1.aa"
    assert not savedviews.named(mine.key, kofi).may_change
    with pytest.raises(Forbidden):
        viewacts.change(mine.key, {"title": "Tonight"}, by=kofi, door=WEB)
    viewacts.change(mine.key, {"title": "Tonight"}, by=anna, door=WEB)
    assert savedviews.named(mine.key, kofi).title == "Tonight"
    in_it = belonging.groups_of(mei)
    assert ("operators" in in_it) == any(view.key == mine.key for view in savedviews.readable(mei))
    assert not Audit.objects.filter(subject_kind="view").exists(), (
        "a group's view is no act of administration"
    )


@pytest.mark.req("R2.1")
def test_nobody_gives_a_view_to_a_group_that_they_are_not_in(anna: Actor, mine: savedviews.View) -> None:
    refusals = set()
    for group in ("administrators", "no-such-group"):
        with pytest.raises(Invalid) as refused:
            viewacts.change(mine.key, {"kind": "group", "group": group}, by=anna, door=WEB)
        refusals.add(refused.value.code)
    assert refusals == {"no_such_group"}, "whether there is such a group is not told"


@pytest.mark.req("R2.1", "S19")
def test_the_sites_views_are_made_by_who_configures_it_and_stand_in_the_audit(
    anna: Actor, kofi: Actor, ada: Actor
) -> None:
    with pytest.raises(Forbidden):
        viewacts.create(Wanted("For all", "is:open", kind="site"), by=anna, door=WEB)
    made = viewacts.create(Wanted("For all", "is:open", kind="site", is_pinned=True), by=ada, door=WEB)
    assert savedviews.named(made.key, kofi).kind == "site"
    assert made.key in [view.key for view in pins.rail(kofi)]
    with pytest.raises(Forbidden):
        viewacts.delete(made.key, by=kofi, door=WEB)
    viewacts.change(made.key, {"query": "is:untaken"}, by=ada, door=WEB)
    viewacts.delete(made.key, by=ada, door=WEB)
    acts = (
        Audit.objects.filter(subject_kind="view").order_by("pk").values_list("act", "subject", "actor_label")
    )
    assert list(acts) == [
        ("site_view_made", "For all", "ada"),
        ("site_view_changed", "For all", "ada"),
        ("site_view_removed", "For all", "ada"),
    ]


@pytest.mark.req("R2.1", "R16.5")
def test_a_view_is_asked_with_its_readers_eyes(
    anna: Actor, others: Actor, trouble: int, complaint: int, ada: Actor
) -> None:
    User.objects.get(pk=anna.id).groups.add(Group.objects.get(name="peers"))
    anna = accounts.actor_of(User.objects.get(pk=anna.id))
    open_ones = viewacts.create(Wanted("Open", "is:open", kind="group", group="peers"), by=anna, door=WEB)
    hers = viewacts.create(Wanted("Untaken", "owner:none", kind="group", group="peers"), by=anna, door=WEB)
    assert found(hers.key, anna)
    as_lars = savedviews.named(hers.key, others)
    assert (as_lars.is_hidden, as_lars.query) == (True, "")
    with pytest.raises(Forbidden) as refused:
        found(hers.key, others)
    assert refused.value.code == "view_asks_hidden"
    with pytest.raises(Forbidden):
        viewacts.duplicate(hers.key, by=others, door=WEB)
    assert savedviews.named(open_ones.key, others).query == "is:open"
    assert set(found(open_ones.key, others)) <= {trouble, complaint}


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted("  "), "empty_title"),
        (Wanted("x" * 81), "view_text_too_long"),
        (Wanted("x", "is:nonsense"), "bad_query"),
        (Wanted("x", "(is:open"), "bad_query"),
        (Wanted("x", "is:open", order="nonsense"), "unknown_order"),
        (Wanted("x", "is:open", grouped="subject"), "unknown_group"),
        (Wanted("x", "is:open", columns=["nonsense"]), "unknown_column"),
        (Wanted("x", "is:open", density="airy"), "unknown_density"),
        (Wanted("x", "is:open", kind="house"), "unknown_owner_kind"),
        (Wanted("x", "is:open", kind="group"), "view_needs_group"),
    ],
)
def test_what_cannot_be_a_view_is_refused_with_its_reason(anna: Actor, wanted: Wanted, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        viewacts.create(wanted, by=anna, door=WEB)
    assert refused.value.code == code
    assert not SavedView.objects.exists()


@pytest.mark.req("R2.1")
def test_two_who_change_a_view_at_once_are_told_of_each_other(anna: Actor, mine: savedviews.View) -> None:
    viewacts.change(mine.key, {"title": "First"}, by=anna, door=WEB, version=mine.version)
    with pytest.raises(Conflict):
        viewacts.change(mine.key, {"title": "Second"}, by=anna, door=WEB, version=mine.version)
    assert savedviews.named(mine.key, anna).title == "First"


@pytest.mark.req("R2.1")
def test_every_view_that_comes_with_nocturne_can_be_asked_copied_and_never_changed(
    anna: Actor, trouble: int
) -> None:
    for key in BUILT_IN:
        found(key, anna)
        copied = viewacts.duplicate(key, by=anna, door=WEB)
        assert (copied.kind, copied.query) == ("person", BUILT_IN[key].query)
        with pytest.raises(Forbidden):
            viewacts.change(key, {"title": "x"}, by=anna, door=WEB)
        with pytest.raises(Forbidden):
            viewacts.delete(key, by=anna, door=WEB)
    assert found("untaken", anna) == [trouble]
    desk.take(trouble, by=anna, door=WEB)
    assert (found("mine", anna), found("untaken", anna)) == ([trouble], [])


@pytest.mark.req("R2.1")
def test_the_rail_has_the_order_that_its_owner_gives_it(
    anna: Actor, kofi: Actor, mine: savedviews.View
) -> None:
    assert [view.key for view in pins.rail(anna)] == ["untaken", "noalarm", "signoff"]
    pins.pin(mine.key, by=anna)
    pins.move(mine.key, -3, by=anna)
    pins.unpin("noalarm", by=anna)
    assert [view.key for view in pins.rail(anna)] == [mine.key, "untaken", "signoff"]
    assert [view.key for view in pins.rail(kofi)] == ["untaken", "noalarm", "signoff"]
    late = viewacts.create(
        Wanted("Ours", "is:open", kind="group", group="operators", is_pinned=True), by=kofi, door=WEB
    )
    assert pins.rail(anna)[-1].key == late.key, "what a group pins later comes into a rail that was arranged"
    viewacts.delete(mine.key, by=anna, door=WEB)
    assert not Pin.objects.filter(view=mine.key).exists()
    assert [view.key for view in pins.rail(anna)] == ["untaken", "signoff", late.key]


@pytest.mark.req("R2.1")
def test_the_views_of_a_group_that_goes_are_their_makers_own(anna: Actor, ada: Actor) -> None:
    configuring.change({("group", "peering"): {}}, by=ada, door=WEB)
    user = User.objects.get(pk=anna.id)
    user.groups.add(Group.objects.get(name="peering"))
    member = accounts.actor_of(user)
    made = viewacts.create(Wanted("Sessions", "bgp", kind="group", group="peering"), by=member, door=WEB)
    user.groups.remove(Group.objects.get(name="peering"))
    configuring.change({("group", "peering"): None}, by=ada, door=WEB)
    assert savedviews.named(made.key, accounts.actor_of(user)).kind == "person"


@pytest.mark.req("S18", "R15.9")
def test_a_program_keeps_views_asks_them_and_arranges_the_rail(cast: Cast, trouble: int) -> None:
    anna, kofi = caller(cast.anna), caller(cast.kofi)
    made = anna.post("/views", {"title": "cr1", "query": "node:cr1.aa", "columns": ["number", "problem"]})
    assert anna.status == 201, made
    assert [row["number"] for row in anna.get(f"/views/{made['key']}/tickets")["tickets"]] == [trouble]
    assert kofi.get(f"/views/{made['key']}")["code"] == "no_such_view"
    changed = anna.patch(f"/views/{made['key']}", {"title": "CR1", "version": made["version"]})
    assert (changed["title"], changed["version"]) == ("CR1", made["version"] + 1)
    anna.patch(f"/views/{made['key']}", {"title": "late", "version": made["version"]})
    assert anna.status == 409
    assert anna.call("PUT", "/me/pins", {"pins": [made["key"], "signoff"]})["pins"] == [
        made["key"],
        "signoff",
    ]
    assert anna.get("/me/pins")["pins"] == [made["key"], "signoff"]
    copied = anna.post("/views/untaken/copy", {"title": "Free"})
    assert (copied["title"], copied["query"], copied["kind"]) == ("Free", "is:untaken", "person")
    anna.call("DELETE", f"/views/{made['key']}")
    assert anna.status == 204
    assert made["key"] not in {view["key"] for view in anna.get("/views")["views"]}
    reads = caller(cast.anna, scopes="read")
    reads.post("/views", {"title": "x"})
    assert reads.status == 403


@pytest.mark.req("R2.1", "R16.5")
def test_a_customer_has_the_views_for_customers_and_their_own(
    cast: Cast, cleo_contact: object, complaint: int, trouble: int, ada: Actor
) -> None:
    viewacts.create(Wanted("Staff only", "is:untaken", kind="site"), by=ada, door=WEB)
    cleo = reporter("cleo", cleo_contact)
    assert {view["key"] for view in cleo.get("/views")["views"]} == {"board", "ended", "all"}
    made = cleo.post("/views", {"title": "Mine", "query": "library"})
    assert [row["number"] for row in cleo.get(f"/views/{made['key']}/tickets")["tickets"]] == [complaint]
    cleo.post("/views", {"title": "Owned", "query": "owner:anna"})
    assert cleo.status == 403


@pytest.mark.req("R2.1")
def test_whose_view_it_is_could_not_be_anything_else(anna: Actor, mine: savedviews.View) -> None:
    opened = desk.open(Opening(subject="Other"), by=anna, door=WEB).number
    assert opened not in found(mine.key, anna)
    assert len(mine.key) == belonging.KEY_LENGTH
    assert mine.key.isalnum()


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.mark.req("R2.1", "R16.1")
def test_a_search_is_kept_as_a_view_in_one_step_and_stands_in_the_rail(anna: Actor, trouble: int) -> None:
    visitor = Visitor("anna")
    visitor.post(
        "/views/new", {"title": "cr1 tonight", "query": "node:cr1.aa", "whose": "person", "pin": "1"}
    )
    view = savedviews.readable(anna)[-1]
    page = visitor.text("/")
    rail = page.partition("<nav class=rail")[2].partition("</nav>")[0]
    assert f'href="/views/{view.key}"' in rail
    assert re.search(r"cr1 tonight</span> <span class=count>1</span>", rail)
    assert f"row-{trouble}" in visitor.text(f"/views/{view.key}")
    refused = visitor.post("/views/new", {"title": "x", "query": "is:opn", "whose": "person"})
    assert refused.status_code == 422
    assert 'value="is:opn"' in refused.content.decode(), "what was typed is still there"


@pytest.mark.req("R2.1", "R16.1")
def test_columns_groups_and_order_are_each_persons_own_choice(anna: Actor, kofi: Actor) -> None:
    one = desk.open(Opening(subject="Loud", severity=1, queue="general"), by=anna, door=WEB).number
    two = desk.open(Opening(subject="Quiet", severity=4, queue="general"), by=anna, door=WEB).number
    desk.take(two, by=kofi, door=WEB)
    anna_at, kofi_at = Visitor("anna"), Visitor("kofi")
    anna_at.post(
        "/views/board/choice",
        {"columns": ["number", "severity", "circuit", "problem"], "grouped": "owner", "order": "-severity"},
    )
    page = anna_at.text("/")
    assert re.findall(r'data-col="([^"]+)"', page) == ["number", "severity", "circuit", "problem"]
    headings = re.findall(r"aria-hidden=true>▾</span> ([^<]+)</button> <span class=count>(\d+)", page)
    assert headings == [("kofi", "1"), ("not taken", "1")], "what has no value stands at the end"
    assert 'data-col="severity"' not in kofi_at.text("/")
    anna_at.post("/views/board/choice", {"columns": ["number", "problem"], "order": "-severity"})
    assert re.findall(r"id=row-(\d+)", anna_at.text("/")) == [str(two), str(one)]
    assert re.findall(r"id=row-(\d+)", anna_at.text("/?order=severity")) == [str(one), str(two)]
    anna_at.post("/views/board/choice", {"reset": "1"})
    assert 'data-col="age"' in anna_at.text("/")


@pytest.mark.req("R2.1")
@pytest.mark.parametrize("order", ["severity", "-owner", "queue,-number", "timer", "-opened,severity", "age"])
def test_a_list_in_any_order_goes_on_where_its_page_ended(anna: Actor, kofi: Actor, order: str) -> None:
    numbers = set()
    for place in range(7):
        opened = desk.open(
            Opening(subject=f"Ticket {place}", severity=1 + place % 3), by=anna, door=WEB
        ).number
        if place % 2:
            desk.take(opened, by=kofi if place % 3 else anna, door=WEB)
        numbers.add(opened)
    asked = finding.ask("is:open", anna, now=clock.now())
    whole = [row["number"] for row in finding.page(anna, asked, now=clock.now(), order=order).rows]
    assert set(whole) == numbers
    by_pages, after = [], None
    while True:
        page = finding.page(anna, asked, now=clock.now(), order=order, after=after, limit=2)
        by_pages += [row["number"] for row in page.rows]
        after = page.after
        if after is None:
            break
    assert by_pages == whole


@pytest.mark.req("R2.1", "R16.5")
def test_an_order_or_a_group_that_would_tell_what_is_hidden_is_none(others: Actor, anna: Actor) -> None:
    visitor = Visitor("lars")
    desk.open(Opening(subject="One"), by=anna, door=WEB)
    for asked in ("order=owner", "group=owner", "order=-priority", "group=field/none"):
        page = visitor.text(f"/views/all?{asked}")
        assert "class=heading" not in page
        assert not re.search(r'data-col="(owner|priority)"[^>]* aria-sort', page), asked


@pytest.mark.req("R2.1", "R2.2")
def test_what_has_changed_since_the_last_look_is_marked_until_it_is_seen(
    anna: Actor, kofi: Actor, trouble: int
) -> None:
    visitor = Visitor("anna")
    stays = desk.open(Opening(subject="Stays"), by=anna, door=WEB).number
    goes = desk.open(Opening(subject="Goes"), by=anna, door=WEB).number

    def look() -> None:
        form = next(each for each in visitor.forms("/views/untaken") if each.action.endswith("/look"))
        visitor.post(form.action, form.values)

    look()
    assert "is-new" not in visitor.text("/views/untaken")
    desk.take(goes, by=kofi, door=WEB)
    desk.change(trouble, {"priority": 1}, by=kofi, door=WEB)
    fresh = desk.open(Opening(subject="Fresh"), by=kofi, door=WEB).number
    for _again in range(2):
        page = visitor.text("/views/untaken")
        assert re.search(rf'<tr id=row-{fresh} [^>]*class="is-new"', page)
        assert re.search(rf'<tr id=row-{trouble} [^>]*class="is-changed"><td class="c-p changed"', page)
        assert re.search(rf'<tr id=row-{goes} [^>]*class="is-gone"', page)
        assert not re.search(rf"<tr id=row-{stays} [^>]*class=", page)
    look()
    page = visitor.text("/views/untaken")
    assert not any(f'"{word}"' in page for word in ("is-new", "is-changed", "is-gone"))


@pytest.mark.req("R2.1", "R16.5")
def test_a_ticket_that_was_hidden_since_the_last_look_is_not_told_of(
    anna: Actor, ada: Actor, others: Actor
) -> None:
    configuring.change({("queue", "here"): {}}, by=ada, door=WEB)
    told = desk.open(Opening(subject="Between us", queue="here"), by=anna, door=WEB).number
    visitor = Visitor("lars")
    form = next(each for each in visitor.forms("/views/all") if each.action.endswith("/look"))
    visitor.post(form.action, form.values)
    narrowed = {"group": "peers", "sees": ["customer"], "queues": ["here"]}
    configuring.change({("queue", "elsewhere"): {}, ("clearance", "peers-see"): narrowed}, by=ada, door=WEB)
    configured.refresh()
    assert "Between us" in visitor.text("/views/all")
    desk.change(told, {"queue": "elsewhere"}, by=anna, door=WEB)
    page = visitor.text("/views/all")
    assert "Between us" not in page
    assert "is-gone" not in page


@pytest.mark.req("R2.1")
def test_a_view_whose_question_is_not_for_its_reader_says_so_and_shows_no_row(
    anna: Actor, others: Actor, trouble: int
) -> None:
    User.objects.get(pk=anna.id).groups.add(Group.objects.get(name="peers"))
    anna = accounts.actor_of(User.objects.get(pk=anna.id))
    made = viewacts.create(Wanted("Untaken", "owner:none", kind="group", group="peers"), by=anna, door=WEB)
    visitor = Visitor("lars")
    answer = visitor.get(f"/views/{made.key}")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "asks for something that you may not read" in page
    assert "owner:none" not in page
    assert f"row-{trouble}" not in page
    assert "not for you to read" in visitor.text("/views")


@pytest.mark.req("R2.1")
def test_what_was_done_with_a_view_is_said_where_one_is_led(cast: Cast) -> None:
    anna = Visitor("anna")
    form = anna.form("/views/new")
    assert not form.values["order"], "it is shown in the usual order of its question"
    kept = anna.send("/views/new", title="Tonight", query="is:open")
    assert "The view is kept." in anna.text(kept.headers["Location"])
    key = SavedView.objects.get().key
    copied = anna.send("/views", f"/views/{key}/copy")
    assert "The copy is yours." in anna.text(copied.headers["Location"])
    account("cleo", contact=cast.cleo_contact)
    assert Visitor("cleo").send("/views/new", title="Mine", query="is:open").status_code == 302
