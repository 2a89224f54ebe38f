"""The kinds of values that can be hidden from somebody: by their data class, and by whose ticket they stand on."""

from __future__ import annotations

RESTRICTED, STAFF, CUSTOMER = "restricted", "staff", "customer"
ROWES, CLEOS, HOUSES = "rowe's tickets", "cleo's tickets", "tickets of the house"
MERGED = "another's ticket merged into one's own"
