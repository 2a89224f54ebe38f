"""What shows that a gate is gone: for each of them, by the function and the question that stands in it, one look.

A gate that is in none of these tables fails a test. Give it a look here: somebody who may not read what it keeps, and
one question by which they would. If no answer can show it, say in QUIET why not.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.noninterference.looks import Look

NOWHERE = ("{break-in}", "{missing}")
NO_QUEUE = ("security", "nonsense")
NO_ENTRY = ("{privilege~on~own}", "AAAAAAAAAAAA")
MINE = Look("cleo", "GET /tickets/{own}")
MY_FACTS = Look("cleo", "GET /api/v1/tickets/{own}")
MY_ENTRIES = Look("cleo", "GET /api/v1/tickets/{own}/entries")
HEARD = Look("cleo", "GET /events?after={heard}")
MY_LIST = Look("cleo", "GET /api/v1/tickets")
MY_BOARD = Look("cleo", "GET /")
INTO_MINE = Look("cleo", "GET /api/v1/tickets/{rowes~second}/entries")
STAFFS_LIST = Look("anna", "GET /api/v1/tickets")
STAFFS_BOARD = Look("anna", "GET /")
ANYBODYS = Look("guest", "GET /tickets/{notice}")
RELATED = Look("anna", "GET /tickets/{trouble}")
FORM = Look("anna", "GET /tickets/open", unsaid="NL-IC")
QUEUES = Look("anna", "GET /tickets/open", unsaid="security")
IN_CONFIDENCE = Look(
    "mei", 'POST /api/v1/tickets/{own}/entries/{privilege~on~own}/correction {"text": "x"}', NO_ENTRY
)
APART = Look(
    "mei",
    "POST /tickets/{own}/split entries={privilege on own}&subject=x",
    ("{privilege on own}", NO_ENTRY[1]),
)
NOTE = Look("anna", 'POST /api/v1/tickets/{break-in}/entries {"kind": "note", "text": "x"}', NOWHERE)
INTO_QUEUE = Look("anna", 'POST /api/v1/tickets {"subject": "x", "queue": "security"}', NO_QUEUE)
BY_STATE = Look("paula", "GET /api/v1/tickets?q=state:resolved%20number:1..999")
BY_FACET = Look("paula", "GET /api/v1/tickets?q=state:resolved")
NEVER_MINE = Look("paula", "GET /api/v1/tickets?q=-owner:anna%20number:1..999", unsaid='"number":{trouble},')
NEVER_MINE_BY_FACET = Look("paula", "GET /api/v1/tickets?q=-owner:anna", unsaid='"number":{trouble},')
TAKEN_AWAY = Look("anna", "GET /api/v1/tickets.csv?q=is:open")
FILE = Look("cleo", "file note on own")
ANNAS_SHIFT = Look("anna", "GET /handover")
SAMS_SHIFT = Look("sam", "GET /handover")
ANNAS_TIMELINE = Look("anna", "GET /timeline")
HIDDEN_WORD = Look("cleo", "GET /api/v1/tickets?q=fault")
HIDDEN_PIECE = Look("cleo", "GET /api/v1/tickets?marked=true&q=library%20or%20shaper")
NOT_SAID = Look("paula", "GET /api/v1/tickets?q=-zeppelin", unsaid='"number":{trouble},')
BY_STATE_AND_WORD = Look("paula", "GET /api/v1/tickets?q=-zeppelin%20state:resolved")
OWN = "GET /api/v1/tickets/{own}"
LISTENS = "GET /events?after={heard}"
MADE_PRIVILEGED = "a confidence made privileged"
BY_PRIORITY = Look("cleo", "GET /api/v1/tickets?q=order:priority", meanwhile="another urgency")
OPENS_THE_CAUSE = Look("ada", "try to open the cause", unsaid="done")
HIDDEN_FIELD = Look("anna", "GET /tickets/open", meanwhile="hidden fields", unsaid="nformant")

SHOWN: Mapping[str, Look] = {
    "core.permits:classes as a whole": MINE,
    "core.permits:classes_somewhere as a whole": FORM,
    "core.permits:in_scope as a whole": NOTE,
    "core.permits:knows_queue as a whole": INTO_QUEUE,
    "core.permits:may as a whole": Look(
        "cleo", "POST /api/v1/tickets/{own}/restoration {}", unsaid="'status', '20"
    ),
    "core.permits:sees_column as a whole": FORM,
    "store.lists:open_to as a whole": MY_LIST,
    "store.models.charts:TicketQuerySet.visible_to as a whole": INTO_MINE,
    "store.reach:visible as a whole": MY_LIST,
    "store.search:_readable as a whole": BY_STATE,
    "store.fulltext.asking:heard permits.held(actor)": HIDDEN_WORD,
    "store.fulltext.asking:_where_readable permits.sees_column_everywhere(actor, column)": BY_STATE_AND_WORD,
    "store.fulltext.asking:_where_readable permits.held(actor)": BY_FACET,
    "store.fulltext.asking:_where_readable number in grant.sees": BY_FACET,
    "store.fulltext.asking:known_to permits.held(actor)": NEVER_MINE_BY_FACET,
    "store.fulltext.reading:_seen permits.classes(actor, place)": HIDDEN_PIECE,
    "store.fulltext.reading:_seen permits.held(actor)": HIDDEN_PIECE,
    "store.fulltext.walking:rest_of permits.held(actor)": NOT_SAID,
    "store.fulltext.walking:rest_of reach.visible(actor)": NOT_SAID,
    "desk.charts:_header_row permits.classes(reader, rows[0]['place'])": MY_FACTS,
    "desk.charts:_chart class_of(name) in seen": MINE,
    "desk.charts:_chart class_of('state') in seen": ANYBODYS,
    "desk.charts:chart class_of(name) in found.seen": MINE,
    "desk.charts:relations Ticket.objects.visible_to(reader)": RELATED,
    "desk.entries:_visible shown_class__in=seen": MINE,
    "desk.entries:_together permits.classes(reader, place)": MY_ENTRIES,
    "desk.entries:_family permits.held(reader)": INTO_MINE,
    "desk.entries:_family Ticket.objects.visible_to(reader)": INTO_MINE,
    "desk.entries:_views int(DataClass.STAFF) in classes": MY_ENTRIES,
    "desk.entries:view_of int(DataClass.STAFF) in seen": MY_ENTRIES,
    "desk.entries:shown_changes class_of(name) in seen": MY_ENTRIES,
    "desk.presence:_seen permits.classes(by, reach.places(rows, by)[0])": Look(
        "anna", "POST /tickets/{break-in}/presence does=reads", NOWHERE
    ),
    "watch.live.news:told permits.classes(actor, place)": HEARD,
    "watch.live.news:told permits.classes(actor, _before(facts, place))": Look(
        "cleo", "GET /events?after={heard}", unsaid='"gone"'
    ),
    "watch.live.news:_tell class_of(name) in seen": HEARD,
    "desk.ending:open_dependencies Ticket.objects.visible_to(reader)": Look(
        "anna", "POST /api/v1/tickets/{ended}/closure {}", unsaid="open_dependencies"
    ),
    "desk.explaining:place_of permits.in_scope(by, reach.places(rows, by)[0])": Look(
        "ada", "GET /api/v1/tickets/{break-in}/explanation?what=staff", NOWHERE
    ),
    "desk.explaining:place_in permits.knows_queue(by, row.pk)": Look(
        "ada", "GET /administration/rights?who=anna&where=security&what=ticket", NO_QUEUE
    ),
    "desk.explaining:_is_secret permits.classes_somewhere(by)": Look(
        "anna", "GET /api/v1/tickets/{own}/explanation?what=legal", ("legal", "nonsense")
    ),
    "store.tables:further classes(actor, place)": TAKEN_AWAY,
    "store.tables:further each in seen": TAKEN_AWAY,
    "desk.feeds:touched permits.classes(actor, place)": Look("cleo", "feed is:open"),
    "desk.files:find permits.classes(reader, reach.places([row], reader)[0])": FILE,
    "desk.keeping:find versions.seen_by(by, found.ticket)": IN_CONFIDENCE,
    "desk.merging:split versions.seen_by(by, each.ticket)": APART,
    "desk.merging:unmerge Ticket.objects.visible_to(by)": Look(
        "anna", "POST /api/v1/tickets/{break-in}/unmerge {}", NOWHERE
    ),
    "desk.opening:_parent Ticket.objects.visible_to(by)": Look(
        "anna", "POST /tickets/open subject=x&parent={break-in}&queue=general&text=hi", NOWHERE
    ),
    "desk.opening:_queue permits.knows_queue(by, found.pk)": INTO_QUEUE,
    "desk.reception:_known permits.in_scope(by, place)": Look(
        "cleo",
        'POST /api/v1/tickets/{rowes~second}/entries {"kind": "received", "text": "x"}',
        ("{rowes~second}", "{missing}"),
    ),
    "desk.roster:detail Ticket.objects.visible_to(by)": Look("ada", "GET /administration/person/sam"),
    "desk.roster:_queues permits.knows_queue(by, key)": Look(
        "ada", "GET /administration/person/sam", unsaid="security"
    ),
    "desk.tokens:_queues_named permits.knows_queue(by, row.pk)": Look(
        "anna", "POST /account/tokens label=x&queues=security", NO_QUEUE
    ),
    "desk.versions:seen_by permits.held(actor)": IN_CONFIDENCE,
    "desk.versions:seen_by permits.classes(actor, "
    "reach.places([{name: getattr(ticket, name) for name in reach.PLACE}], actor)[0])": IN_CONFIDENCE,
    "desk.write:add_unasked permits.knows_queue(case.by, mine['queue']['id'])": Look(
        "anna", 'PATCH /api/v1/tickets/{own} {"queue": "security"}', NO_QUEUE
    ),
    "doors.api.inventory:list_queues knows_queue(request.auth, row['pk'])": Look(
        "anna", "GET /api/v1/queues", unsaid="security"
    ),
    "doors.api.inventory:list_things sees_column(request.auth, asked.column)": Look(
        "anna", "GET /api/v1/inventory/circuits", ("circuits", "nonsense")
    ),
    "doors.web.frame:read lists.counts_are_plain(actor)": STAFFS_BOARD,
    "desk.nearby:_list permits.knows_queue(actor, key)": QUEUES,
    "desk.nearby:_may_look_up permits.sees_column(actor, _READ_AS[name])": FORM,
    "desk.columns:readable permits.sees_column(actor, each.fact)": Look(
        "cleo", "GET /?menu=1", unsaid="Dispatched to"
    ),
    "desk.finding:scope Ticket.objects.visible_to(actor, aside=reach.is_wide(actor))": Look(
        "anna", "GET /search/export?q={break-in}", unsaid=">1 ticket<"
    ),
    "store.workload:counted reach.visible(actor, number, aside=True)": Look(
        "anna", "GET /api/v1/workload", unsaid="security"
    ),
    "store.lists:rows current().class_of('state') in held(actor).sees": MY_LIST,
    "store.lists:rows held(actor)": MY_LIST,
    "store.lists:rows Ticket.objects.visible_to(actor, aside=reach.is_wide(actor))": NEVER_MINE,
    "store.lists:open_to reach.visible(actor, current().class_of('state'), aside=True)": MY_LIST,
    "store.lists:_projected held(actor)": STAFFS_LIST,
    "store.lists:_projected classes(actor, place)": STAFFS_LIST,
    "store.lists:_told_to each in seen": STAFFS_LIST,
    "store.lists:ringing_scope reach.visible(actor, current().class_of('ringing_since'), aside=True)": Look(
        "sam", "GET /bell", unsaid="bell on"
    ),
    "store.lists:views reach.visible(actor, current().class_of(column), aside=True)": RELATED,
    "store.lists:counts counts_are_plain(actor)": STAFFS_BOARD,
    "store.lists:counts_are_plain held(actor)": STAFFS_BOARD,
    "store.models.charts:TicketQuerySet.visible_to reach.visible(actor, aside=aside)": INTO_MINE,
    "store.figures:_readable reach.visible(actor, current().class_of(column))": Look("anna", "tile vendor"),
    "store.search:_readable reach.visible(asking.actor, current().class_of(column), aside=asking.aside)": BY_STATE,
    "watch.notices:_accounts versions.seen_by(actor, entry.ticket)": Look(
        "anna", "mail a confidence", unsaid="nothing"
    ),
    "watch.wordings:_shared_text DataClass.named(spoken.data_class) > DataClass.CUSTOMER": Look(
        "rowe", "mail the end of the other", unsaid="loud"
    ),
    "store.shifts:on_readable_entries permits.held(actor)": ANNAS_SHIFT,
    "store.shifts:on_readable_entries reach.visible(actor, number)": SAMS_SHIFT,
    "desk.handover:_changed row['shown_class'] in classes": ANNAS_SHIFT,
    "store.handover:classes_on permits.classes(actor, place)": Look("sam", "GET /handover/shifts/{shift}"),
    "store.timeline:_Asked.learn permits.held(self.actor)": ANNAS_TIMELINE,
    "store.timeline:_Asked.learn permits.classes(self.actor, place)": Look("sam", "GET /timeline"),
    "store.timeline:_Asked.reads row['shown_class'] in seen": ANNAS_TIMELINE,
    "store.append:_bring_up_to_date lowest <= DataClass.CUSTOMER": Look("cleo", OWN, meanwhile="a note"),
    "store.append:_bring_up_to_date lowest <= DataClass.STAFF": Look("anna", OWN, meanwhile="a confidence"),
    "store.append:_bring_up_to_date lowest <= DataClass.RESTRICTED": Look(
        "mei", OWN, meanwhile="a privilege"
    ),
    "desk.keeping:_mark_for_readers lowest <= DataClass.CUSTOMER": Look(
        "cleo", OWN, meanwhile=MADE_PRIVILEGED
    ),
    "desk.keeping:_mark_for_readers lowest <= DataClass.STAFF": Look("anna", OWN, meanwhile=MADE_PRIVILEGED),
    "desk.keeping:_mark_for_readers lowest <= DataClass.RESTRICTED": Look(
        "mei", OWN, meanwhile="a privilege made another's"
    ),
    "desk.keeping:_redact original.shown_class > DataClass.STAFF": Look(
        "anna", OWN, meanwhile="a confidence redacted"
    ),
    "desk.versions:last_seen shown in seen": Look("lena", OWN, meanwhile="a confidence"),
    "desk.versions:last_seen class_of(name) in seen": Look("lena", OWN, meanwhile="marks in confidence"),
    "desk.marks:of permits.held(actor)": Look("anna", "GET /", meanwhile="a confidence"),
    "desk.marks:_entries_of reach.visible(actor, number)": Look("sam", "GET /", meanwhile="a note"),
    "desk.marks:_last_of_own reach.visible(actor, int(DataClass.CUSTOMER))": Look(
        "guest", "GET /", meanwhile="a word on the notice"
    ),
    "watch.live.news:_tell int(DataClass.CUSTOMER) in seen": Look(
        "guest", LISTENS, meanwhile="a word on the notice"
    ),
    "watch.live.news:who permits.held(actor)": Look("cleo", LISTENS, unsaid="event: again"),
    "desk.presence:Sitting.seen_by self.writes_in in seen": Look(
        "anna",
        "POST /tickets/{trouble}/presence does=reads",
        meanwhile="mei writes in confidence",
        unsaid="writes",
    ),
    "watch.live.company:Seats.told permits.classes(actor, place)": Look(
        "sam", LISTENS, meanwhile="mei is there", unsaid="mei"
    ),
    "watch.live.company:Seats.told int(DataClass.STAFF) in seen": Look(
        "sam", LISTENS, meanwhile="anna is at the notice", unsaid="event: presence"
    ),
    "desk.onshift:here permits.classes(reader, place)": Look(
        "sam", "GET /api/v1/workload", meanwhile="mei is there"
    ),
    "core.permits:sees_column_everywhere as a whole": BY_PRIORITY,
    "store.lists:orders as a whole": BY_PRIORITY,
    "store.lists:orders sees_column_everywhere(actor, _header_column(each))": BY_PRIORITY,
    "store.ordering:_is_open sees_column_everywhere(actor, judged)": Look(
        "cleo", "GET /api/v1/tickets?q=order:owner", meanwhile="another owner"
    ),
    "desk.charts:_chart class_of('reporter') in seen": Look(
        "guest", "GET /tickets/{notice}", meanwhile="somebody reported it"
    ),
    "desk.entries:_views row['ticket_id'] in staffs": Look(
        "cleo", f"{OWN}/entries", meanwhile="a reply on hold", unsaid="Nobody has read this"
    ),
    "desk.entries:_views view.ticket in staffs": Look(
        "cleo", f"{OWN}/entries", meanwhile="a reply withdrawn", unsaid="Nobody has read this"
    ),
    "desk.troubles:_dead_notices reach.visible(by)": Look(
        "ada", "GET /administration/health", meanwhile="a mail given up", unsaid="mailbox of few"
    ),
    "desk.troubles:_hidden permits.knows_queue(by, key)": Look(
        "ada", "GET /administration/health", meanwhile="mail for few", unsaid="sly@elsewhere"
    ),
    "desk.configuring:refuse_granting_what_is_not_held permits.held(by)": Look(
        "ada", "try to grant what is the lawyers'", unsaid="done"
    ),
    "desk.administering:_refuse_unheld permits.held(by)": Look(
        "ada", "try to make somebody a lawyer", unsaid="done"
    ),
    "desk.administering:refuse_opening permits.held(by)": OPENS_THE_CAUSE,
    "desk.administering:refuse_opening number in sees": OPENS_THE_CAUSE,
    "desk.explaining:_concerns permits.knows_queue(by, known.queue_ids.get(name, 0))": Look(
        "anna", f"{OWN}/explanation?what=staff", meanwhile="a clearance for few", unsaid="quietly"
    ),
    "desk.fieldlookups:find permits.sees_column(by, _READABLE[kind])": Look(
        "anna", "try to name the circuit", unsaid="NL-IC"
    ),
    "desk.fieldlookups:find Ticket.objects.visible_to(by)": Look(
        "anna", "try to name the break-in", unsaid="Found"
    ),
    "desk.lifecycles:_places Ticket.objects.visible_to(by)": Look(
        "ada", "try to count the states", meanwhile="a ticket of few"
    ),
    "desk.exports:columns_for permits.sees_column(actor, name)": Look(
        "anna", "GET /search/export?q=is:open", meanwhile="hidden fields", unsaid="nformant"
    ),
    "doors.api.inventory:list_fields sees_column(request.auth, PREFIX + each.name)": Look(
        "anna", "GET /api/v1/fields", meanwhile="hidden fields", unsaid="nformant"
    ),
    "doors.api.acts:local permits.sees_column(actor, PREFIX + field.name)": Look(
        "anna", 'PATCH /api/v1/tickets/{own} {"fields": {"informant": "x"}}', meanwhile="hidden fields"
    ),
    "store.lists:_shown configuration.class_of(PREFIX + field.name) in seen": Look(
        "anna", "GET /api/v1/tickets", meanwhile="a hidden field filled", unsaid="wanda"
    ),
    "doors.web.localforms:before_opening permits.held(actor)": HIDDEN_FIELD,
    "doors.web.localforms:before_opening current().class_of(PREFIX + each.name) in classes": HIDDEN_FIELD,
    "doors.web.acts.ways:_needed_in current().class_of(name) in chart.seen": Look(
        "anna", "GET /tickets/{own}/resolution", meanwhile="a hidden field needed", unsaid="nformant"
    ),
    "watch.wordings:_is_for_customers current().class_of(column) <= DataClass.CUSTOMER": Look(
        "cleo", "mail a reply", meanwhile="subjects unseen", unsaid="library"
    ),
}
"""The looks that a mutant changes."""

ABOUT_ONESELF = "it tells somebody of their own rights, which are no secret to them"
ABOUT_ACTS = "it says what may be done; what the doer reads of it is kept elsewhere"
SECOND = "another gate keeps the same behind it: "
LESS = "without it somebody is told less than they may know"
NEEDS_FIELDS = "no hidden field is named in a text, or in a line: shown by the tests of local fields"
BY_LAW = "nothing of that night shows it: the law of both interpreters does, with readers drawn by lot"
QUIET: Mapping[str, str] = {
    "core.permits:project as a whole": "no door asks it: charts and lists keep the columns themselves",
    "core.permits:rung as a whole": ABOUT_ONESELF,
    "doors.api.own:me permits.rung(actor)": ABOUT_ONESELF,
    "desk.handover:drafts Ticket.objects.visible_to(reader)": ABOUT_ONESELF,
    "store.shifts:on_readable_entries permits.classes_somewhere(actor)": SECOND
    + "each class is asked of tickets",
    "store.shifts:subjects permits.classes(actor, place)": SECOND
    + "its entry is read only with the subject here",
    "desk.handover:_chosen Ticket.objects.visible_to(reader)": SECOND
    + "their rows are read as a list of theirs",
    "desk.outstanding:_as_read class_of(name) in classes": SECOND
    + "all of the staff read these columns here",
    "desk.outstanding:_may_be_told class_of(column) in classes": SECOND
    + "all of the staff read these columns here",
    "store.handover:numbers reach.visible(actor, each, aside=True)": SECOND
    + "rows are read as a list of theirs",
    "doors.web.views.act:_may held(actor)": ABOUT_ACTS,
    "desk.localfields:class_of_change number > DataClass.STAFF": ABOUT_ACTS,
    "desk.asking:_demand_reader versions.seen_by(actor, case.ticket)": ABOUT_ACTS,
    "desk.asking:read data_class <= DataClass.CUSTOMER": ABOUT_ACTS,
    "desk.write:within_reach each <= DataClass.RESTRICTED": ABOUT_ACTS,
    "core.query.meaning:_Asking.knows data_class in self.seen": BY_LAW,
    "core.fulltext:code data_class <= DataClass.RESTRICTED": "it spells a class, and compares it with nobody's",
    "doors.web.headings:_kept held(actor)": SECOND
    + "an order that would tell of what is hidden is not followed by their lists",
    "store.fulltext.asking:lanes each in sees": SECOND
    + "classes that are not theirs are not looked in at all",
    "store.fulltext.asking:_where_readable number in mine.sees": SECOND
    + "a key that its reader may not read finds nothing",
    "store.fulltext.reading:_entries data_class in classes": SECOND
    + "only what may be read is fetched; a reply that waits is nobody's but the staff's",
    "store.fulltext.reading:pieces permits.held(actor)": SECOND + "each merged ticket is read as its own",
    "desk.similar:_Found.best reach.visible(self.reader)": SECOND
    + "rows are found by words that they may read",
    "desk.similar:_Found.add_things class_of('machine') in seen": SECOND + "it must be readable everywhere",
    "desk.similar:_Found.add_things class_of('site') in seen": SECOND + "it must be readable everywhere",
    "desk.recalling:_Facts.linked Ticket.objects.visible_to(self.reader)": BY_LAW,
    "desk.recalling:known current().class_of(column) in seen": BY_LAW,
    "desk.recalling:known permits.classes(reader, reach.places([row], reader)[0])": BY_LAW,
    "desk.recalling:recall Ticket.objects.visible_to(reader)": BY_LAW,
    "store.searchlinks:_rows Ticket.objects.visible_to(asking.actor, aside=asking.aside)": BY_LAW,
    "store.searchlinks:_telling reach.visible(asking.actor, current().class_of(column), aside=asking.aside)": BY_LAW,
    "store.searchlinks:_told reach.visible(asking.actor, current().class_of(column), aside=asking.aside)": BY_LAW,
    "store.searchlinks:linked Ticket.objects.visible_to(asking.actor, aside=asking.aside)": BY_LAW,
    "store.searchpast:_columns reach.visible(asking.actor, each, aside=True)": BY_LAW,
    "store.searchvalues:classes_read reach.visible(actor, number, aside=True)": BY_LAW,
    "store.searchvalues:classes_read held(actor)": BY_LAW,
    "store.searchvalues:classes_read classes_somewhere(actor)": SECOND + "each class is asked for by itself",
    "store.figures:_readable Ticket.objects.visible_to(actor)": SECOND
    + "whoever reads a column of a ticket may know of it",
    "core.query.allowed:demand as a whole": SECOND + "a key that its reader may not read finds nothing",
    "desk.workload:demand permits.sees_column(actor, 'owner')": SECOND
    + "tickets whose owner is hidden are not counted",
    "desk.charts:chart class_of('merged_into') in found.seen": SECOND
    + "both doors show it to the staff alone",
    "desk.charts:chart class_of('relation') in found.seen": SECOND + "both doors show it to the staff alone",
    "desk.charts:chart class_of('clock') in found.seen": SECOND + "both doors show it to the staff alone",
    "doors.web.views.ticket:chart_context int(DataClass.STAFF) in chart.seen": SECOND
    + "what it would show is not on the chart",
    "desk.entries:_mark permits.classes(reader, place)": "a mark that is sealed for other classes is none at all",
    "doors.api.asking:_guest permits.classes_somewhere(permits.GUEST)": "guests are shown something on this site",
    "doors.web.frame:of_guest permits.classes_somewhere(guest)": "guests are shown something on this site",
    "desk.calendars:of_ticket Ticket.objects.visible_to(by)": "it gives hours of work, and the act is refused",
    "desk.projection:refuse_taking_what_is_used name in before.classes": "it compares two configurations",
    "store.lists:ringing classes(actor, place)": "whoever is told of timers reads owners and subjects there",
    "store.lists:ringing class_of(column) in seen": "whoever is told of timers reads owners and subjects there",
    "desk.marks:sealed permits.held(actor)": "it says whose a mark is; whoever shows another's is told that it is none",
    "desk.marks:_entries_of permits.classes_somewhere(actor)": SECOND + "each class is asked of tickets",
    "watch.live.news:mark_after permits.held(actor)": SECOND + "only what they may read is counted before",
    "watch.live.news:told permits.held(actor)": LESS,
    "watch.live.company:Seats.told permits.held(actor)": LESS,
    "desk.presence:note int(writes_in) in seen": LESS,
    "store.timeline:_readable permits.classes_somewhere(actor)": SECOND
    + "each entry is judged with its ticket as well",
    "store.timeline:_readable shown_class__in=classes": SECOND
    + "each entry is judged with its ticket as well",
    "store.timeline:walk permits.held(actor)": "it says how far a page looks back, and that is told to everybody",
    "doors.web.localforms:on_chart current().class_of(PREFIX + view.name) in classes": SECOND
    + "what its reader may not read is not on the chart",
}
"""Gates that no answer can show to be gone, and why."""

NOT_COVERED: Mapping[str, str] = {
    "store.lists:followed sees_column_everywhere(actor, 'affected')": "nobody in the night reads priorities and not "
    "who is affected; tests/integration/test_affected_counted.py has somebody",
    **dict.fromkeys(
        (
            "desk.similar:_Found.add_things permits.sees_column_everywhere(self.reader, 'machine/0')",
            "desk.similar:_Found.add_things permits.sees_column_everywhere(self.reader, 'site')",
        ),
        "everybody of the night who knows of a ticket reads its machines and its site",
    ),
    "desk.finding:rows_of Ticket.objects.visible_to(actor)": "rows that are asked for by number: a test of its own "
    "asks for one that is hidden",
    "store.tables:tags reach.visible(actor, number)": "whoever takes a list away here reads tags on all of it",
    "desk.viewcounts:_key permits.held(actor)": "a count is shared only by who asks within seconds of each other",
    **dict.fromkeys(
        (
            "core.permits:sees_all_tickets as a whole",
            "desk.fielduse:_figures permits.sees_all_tickets(by)",
            "desk.fielduse:_figures permits.sees_column_everywhere(by, column)",
        ),
        "nobody of the night reads all tickets alike, so nobody has figures of fields",
    ),
    "desk.timeline:_is_said int(DataClass.STAFF) in classes": "no reply waits where somebody of the staff reads "
    "customers' words and not the staff's",
    **dict.fromkeys(
        (
            "desk.fieldlookups:facts data_class(name, class_of) in seen",
            "desk.fieldlookups:facts permits.classes(by, place)",
            "desk.fieldlookups:_row permits.sees_column(by, column, place)",
            "doors.web.completing:_settable permits.sees_column(actor, name, place)",
            "doors.web.completing:_shared_values permits.sees_column(actor, PREFIX + field.name)",
            "desk.localfields:demand configuration.class_of(name) in case.seen",
            "desk.moving:demand_filled known.class_of(name) in seen",
        ),
        NEEDS_FIELDS,
    ),
    "desk.templates:preview class_of('state' if column == 'meaning' else column) <= DataClass.CUSTOMER": "no text "
    "is tried out",
    "doors.web.settings.texts:sample Ticket.objects.visible_to(reader)": "no text is tried out",
    "watch.enclosures:of notice.entry.shown_class > DataClass.CUSTOMER": "no reply is closed to customers afterwards",
    "desk.versions:changed_since shown in seen": "nobody writes over what another has changed unseen",
    "desk.write:Case.seen permits.classes(self.by, self.place)": "nobody writes over what another has changed unseen",
    "store.workload:worked reach.visible(actor, current().class_of('worked'))": "whoever reads an entry here reads "
    "how long it took",
    "watch.live.news:_tell each.shown in seen": "on PostgreSQL listeners hear of an entry once it is committed, which "
    "nothing is that happens between two questions",
    "watch.live.news:scope_of permits.held(actor)": "one alone listens here; an integration test has several",
    "watch.live.readers:_now permits.classes_somewhere(reader.actor)": "guests are shown something on this site",
}
"""Gates of which the night has nothing to show yet, and what it would take."""
