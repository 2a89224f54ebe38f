"""Questions in the language of the search box, every word of it: for laws that hold whatever is asked."""

from __future__ import annotations

from hypothesis import strategies as st

ASKED = (
    "is:open", "is:mine", "is:untaken", "is:waiting", "is:closed,resolved", "is:overdue", "is:noalarm", "is:merged",
    "is:signoff", "is:ringing", "is:watched", "is:objected", "is:new", "is:asked",
    "state:open", "state:waiting,new", "type:trouble", "type:complaint,planned", "queue:general", "queue:gen*",
    "owner:me", "owner:anna", "owner:none", "owner:KOFI,none", "owner:an*", "owner:@operators", "owner:@night",
    "owner:anna@noc.example", "reporter:cleo", "reporter:cleo@college.example", "reporter:@college.example",
    "reporter:none", "reporter:me", "reporter.organisation:College", "watcher:anna", "watcher:cleo", "watcher:me",
    "watcher:none", "watcher:@operators,@college.example", "expert:kofi", "checked_by:mei", "opener:ann",
    "asked:kofi", "asked:me", "asked:none", "asked:@night", "asked:ko*",
    "priority:1", "priority:1..2", "priority:>2", "severity:<=2", "severity:3,4", "severity:>=s3", "severity:..2",
    "network:Backbone", "network:none", "network:back*", 'site:"Ann Arbor"', "site:none", "circuit:NL-1", "circuit:nl*",
    "vendor:norlink", "vendor:none", "machine:cr1.aa", "node:cr*", "node:none", "node:x_1%", "node:x_*",
    'machine.site:"Ann Arbor"', "node.network:backbone", "machine.site:none", "site.network:Backbone",
    "circuit.vendor:norlink", "circuit.site:Detroit", "circuit.site:none",
    "cause:fibre", "cause:none", "cause:fib*", "resolution:splice", "component:port", "ref:INC", "next:call",
    "referred:norlink", "destination:none", "customer:College", "customer:none", "customer:col*", "service:none",
    "service:Mail", "affected:lansing", "node:*", "circuit:*", "owner:*", "customer:*", "cause:*", "machine.site:*",
    "reporter:*", "watcher:*", "asked:*", "was:node:*", "changed:owner to:*", "parent.node:*",
    "owner:jÜR*", "vendor:mÜLLER", "site:Zü*", "reporter:ÉMILIE", "customer:ÖLWERK", "cause:ÖL",
    "affected:öl*", "was:vendor:Müller", "node:ÄR1",
    "affected:>1", "affected:<2", "affected:1..2", "affected:..0",
    "affected:College,>=2",
    "opened:today", "opened:2026-11", "opened:2026-10..2026-11", "opened:>yesterday", "opened:<2d",
    "opened:>=2026-11-20",
    "opened:>-3h", "opened:lastweek", "opened:2d", "opened:..2026-11-21", 'opened:<"2026-11-22 08:00"',
    "opened:<2026-11-22 09:00", "age:>2h",
    "age:1d..3d", "age:<90m", "started:none", "started:yesterday", "restored:*", "resolved:none", "closed:>1d",
    "updated:today", "updated:<1h", "idle:>2h", "due:<1d", "due:none", "due:*", "due:tomorrow", "starts:thisweek",
    "ends:none", "worked:>1h", "worked:<=30m",
    "clock:vendor", "clock:noc,stopped", "clock:vendor>4h", "clock:noc<1h", "clock:vendor:1h..8h", "clock:customer>=0m",
    "parent:2", "parent:none", "parent:*", "child:*", "depends:*", "was:parent:*",
    "parent.state:open", "parent.owner:anna", "parent.is:open", "parent.parent.severity:1",
    "child:3", "child.severity:>2", "child.owner:none", "depends:4", "depends.state:waiting", "depends:none",
    "blocks:5",
    "blocks.is:open", "refers:6", "refers.owner:kofi", "merged:7", "merged.number:1..9", "parent.was:state:waiting",
    "has:children", "has:complaints", "has:complaints>1", "has:complaints<2", "has:children=2", "has:files",
    "has:files>1", "has:outage", "has:outages>=2", "has:owner", "has:parent", "has:cause", "has:machines>1",
    "has:machines:1..2", "has:watchers", "has:customers", "has:depends", "has:site", "has:due",
    "was:owner:kofi", "was:owner:none", "was:state:waiting", "was:severity:1", "was:queue:general", "was:node:cr1.aa",
    "was:owner:anna,kofi", "was:owner:@night", "was:owner:anna@noc.example", "was:severity:1..2", "was:severity:>2",
    "was:site:none", "was:owner:me", "was:vendor:nor*", "was:type:complaint",
    "changed:state", "changed:any", "changed:owner after:yesterday", "changed:state after:2d before:6h",
    "changed:state by:anna", "changed:owner from:kofi to:anna", "changed:owner to:none",
    "changed:severity,priority by:me", "changed:owner from:@night to:anna@noc.example", "changed:severity from:1..2",
    'changed:owner to:"Anna Lindqvist",@night', "changed:owner from:ko* to:none,an*",
    "changed:any by:@operators after:2026-11-20", "changed:state to:resolved,waiting", "changed:cause", "changed:node",
    "changed:due", "changed:state by:Nocturne", "changed:subject after:1d",
    "number:1..20", "number:>20", "number:<=7", "age:>1mo", 'owner:"Anna Lindqvist"', 'owner:"ANNA L"*',
    "text:10:25", "number:3,5", "4711", "#12", "TT7", "noc#9", "subject:fibre", "subject:cut,copper", "file:trace",
    "fibre", '"fibre cut"', "fib*", '"50%"', "a_b", "et-0/1/0", '"4711"', '"or"', "text:or", "text:fibre,cut", "Note:",
    "2001:db8::1", "de:ad:be:ef:00:01", "tag:bgp", "tag:none", "tag:b*",
)  # fmt: skip
"""One of each word, with values that exist in the laws' tickets and some that do not."""
FRAMES = (
    "",
    "order:newest",
    "order:priority,-opened",
    "order:-due group:queue",
    "limit:20 group:severity",
    "order:updated",
    "order:affected",
)


def _joined(parts: list[str]) -> str:
    return " ".join(parts)


_TERMS = st.tuples(st.sampled_from(["", "", "-", "not "]), st.sampled_from(ASKED)).map("".join)
TREES: st.SearchStrategy[str] = st.recursive(
    _TERMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(_joined),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' or '.join(parts)})"),
        inner.map(lambda part: f"({part})"),
        inner.map(lambda part: f"-({part})"),
    ),
    max_leaves=5,
)
QUERIES = st.tuples(TREES, st.sampled_from(FRAMES)).map(" ".join)
