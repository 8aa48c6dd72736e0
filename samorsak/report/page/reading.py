"""What a page shows, read back from its HTML."""

from __future__ import annotations

from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

from samorsak.report.document import Document, Picture, Verbatims
from samorsak.report.document.shown import BASIS, FRONT, Shown
from samorsak.report.page.charts import draw_chart, is_empty
from samorsak.report.page.markup import clean, html
from samorsak.report.page.verbatims import counted, hold

HELD = "(statements)"
"""Where `Shown.charts` has what the script of the page holds, and `Shown.texts` how many statements."""

_VOID = {"meta", "link", "input", "br", "hr", "img"}
_SKIPPED = {"style", "script", "noscript", "form"}


def read_page_figures(path: Path) -> Shown:
    """Read what a page shows: its texts by section, its tables and the drawings of its charts by name.

    Raises
    ------
    OSError, UnicodeDecodeError
        The file cannot be read.
    """
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return Shown(reader.texts, reader.tables, {name: "".join(own) for name, own in reader.charts.items()})


def expected_charts(document: Document) -> dict[str, str]:
    """Give the drawings of a report as the page shows them, and what its script holds."""
    pictures = [b for one in document.sections for b in one.blocks if isinstance(b, Picture)]
    drawn = {
        block.name: "".join(
            html(draw_chart(block.chart, block.alt, document.lang, wide)) for wide in (True, False)
        )
        for block in pictures
        if not is_empty(block.chart)
    }
    reader = _Reader()
    for name, svg in drawn.items():
        reader.feed(f'<figure id="picture-{name}">{svg}</figure>')
    held = hold(document)
    own = {HELD: held.json(document.lang)} if held else {}
    return {name: "".join(pieces) for name, pieces in reader.charts.items()} | own


def expected_counts(document: Document) -> list[str]:
    """Give how many statements the page says there are behind each category."""
    if document.public:
        return []
    blocks = [b for one in document.sections for b in one.blocks if isinstance(b, Verbatims) and b.rows]
    return [text for block in blocks for text in (clean(block.label), counted(block, document.lang))]


class _Reader(HTMLParser):
    """Keeps, for each open element, where the text in it belongs."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = defaultdict(list)
        self.tables: dict[str, list[list[str]]] = {}
        self.charts: dict[str, list[str]] = defaultdict(list)
        self._open: list[tuple[str, list[str] | None]] = []
        self._picture = ""
        self._rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        into = self._open[-1][1] if self._open else None
        name = own.get("id", "")
        if tag == "section":
            into = self.texts[name] if "class" not in own else None
        elif tag in ("header", "nav"):
            into = self.texts[FRONT]
        elif tag == "title":
            into = self.texts["(head)"]
        elif tag == "footer":
            into = self.texts[BASIS]
        elif tag == "summary":
            into = self.texts[HELD]
        elif tag == "script" and name == "held":
            into = self.charts[HELD]
        elif tag in _SKIPPED:
            into = None
        elif tag == "figure":
            self._picture = name.removeprefix("picture-")
        elif tag == "svg":
            if "narrow" not in own.get("class", "") and into is not None:
                into.append(own.get("aria-label", ""))
            into = self.charts[self._picture]
        elif tag == "table":
            self._rows = self.tables.setdefault(name.removeprefix("table-"), [])
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append("")
            into = None
        if any(opened == "svg" for opened, _ in self._open) or tag == "svg":
            self.charts[self._picture].append(f"<{tag} {sorted(own.items())}>")
        if tag not in _VOID:
            self._open.append((tag, into))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, _ = self._open.pop()
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._open:
            return
        _, into = self._open[-1]
        if any(opened in ("td", "th") for opened, _ in self._open):
            if self._rows and self._rows[-1]:
                self._rows[-1][-1] += data
        elif into is not None:
            into.append(data)
