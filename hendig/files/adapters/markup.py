"""A message between machines made anew: its elements and their texts, and nothing that points elsewhere."""

from __future__ import annotations

from lxml import etree

from hendig.files.adapters.refused import Refused

MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 40


def anew(content: bytes) -> bytes:
    """The same message as UTF-8, without comments and instructions. A DOCTYPE or an entity is refused."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # Before anything is built: an entity can only be declared in what these words begin.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused("doctype")
    if content.count(b"<") > 2 * MOST_ELEMENTS:
        raise Refused("deep")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise Refused("broken") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("doctype")
    if root.xpath("/*" + "/*" * MOST_DEPTH):
        raise Refused("deep")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
