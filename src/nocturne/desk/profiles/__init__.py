"""What a new site can start from: for each profile a tree of documents that stand on top of what every site has."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from django.utils.translation import gettext_noop as N_  # noqa: N812

from nocturne.core.configuration import Document, tree
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS
from nocturne.core.refusals import Invalid

PROFILES: dict[str, str] = {
    "minimal": N_("One queue, and RFC 1297’s types and fields: grow from there."),
    "nren": N_(
        "A research network: backbone, peering, customers, planned work, and a security queue for few."
    ),
    "helpdesk": N_("A help desk: workstations, mainframe and requests, with office hours and approval."),
}
"""Each profile's name, and what it is for in a sentence."""
USUAL = "minimal"


def documents(profile: str) -> dict[Document, dict[str, Any]]:
    """Give all documents of a site that starts from a profile.

    :raises Invalid: there is no such profile.
    """
    if profile not in PROFILES:
        raise Invalid("unknown_profile", field="profile", given=profile, known=list(PROFILES))
    found = {document: dict(body) for document, body in STANDARD_DOCUMENTS.items()}
    own, wrongs = tree.documents_in(dict(_files(files(__package__) / profile, "")))
    if wrongs:  # a package that was damaged after it was built
        raise wrongs[0].refusal
    return found | own


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for each in folder.iterdir():
        name = f"{path}{each.name}"
        if each.is_dir():
            yield from _files(each, f"{name}/")
        elif name.endswith(tree.SUFFIX):
            yield name, each.read_text(encoding="utf-8")
