"""Lists in words, as blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from samorsak.report.document import Block, Bullets, Paragraph
from samorsak.wording import Listing


def listing_blocks(listings: Iterable[Listing]) -> Iterator[Block]:
    """Give each list with its bullets, and each sentence as a paragraph."""
    for one in listings:
        yield Bullets(one.lead, one.items) if one.items else Paragraph(one.lead)
