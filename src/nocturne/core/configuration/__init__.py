"""The configuration of a site as documents: what local staff may change without code and without restart.

A document has a kind, a name and a body of plain values (text, numbers, flags, lists, tables). The same body is a row
in the database, a TOML file in an exported tree, and what a settings page edits. Here documents are read into typed
values and checked against each other; who may change them, and what becomes of a change, is the desk's.
"""

from nocturne.core.configuration.inforce import current, use
from nocturne.core.configuration.whole import (
    KINDS,
    Configuration,
    Document,
    Documents,
    assemble,
    renamed,
)

__all__ = ["KINDS", "Configuration", "Document", "Documents", "assemble", "current", "renamed", "use"]
