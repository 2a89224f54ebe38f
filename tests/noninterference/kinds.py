"""The kinds of values that can be hidden from somebody: by their data class, and by whose ticket they stand on."""

from __future__ import annotations

RESTRICTED, STAFF, CUSTOMER = "restricted", "staff", "customer"
LEGAL, SECURITY = "legal", "security"
"""Classes beside the ladder: one for entries and a column, one for a queue and all that is in it."""
ROWES, CLEOS, SITES = "rowe's tickets", "cleo's tickets", "the ticket of a site"
HOUSES, PEERS, NOTICES = "tickets of the house", "the ticket of the peers", "the ticket that anybody sees"
MERGED = "another's ticket merged into one's own"
