"""A report as a page; every figure and answer is constructed."""

import hashlib
import html
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from documents import GROUPS, HOSTILE, MISSED, constructed_document

from samorsak.errors import InputError
from samorsak.report.document import (
    Bars,
    Bullets,
    Cell,
    Document,
    Note,
    Paragraph,
    Picture,
    Section,
    Slope,
    Stacked,
    Table,
    Verbatim,
    Verbatims,
)
from samorsak.report.page import write_page
from samorsak.report.page.markup import clean

VOID = {"meta", "link", "input", "br", "img"}


@dataclass
class Node:
    """An element of a page as a browser would read it."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def all(self, *tags: str, **attributes: str) -> list["Node"]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            node
            for node in self.walk()
            if (not tags or node.tag in tags) and wanted.items() <= node.attributes.items()
        ]

    def walk(self) -> Iterator["Node"]:
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.open[-1].children.append(node := Node(tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def written(path: Path, document: Document) -> str:
    write_page(path / "rapport.html", document)
    return (path / "rapport.html").read_bytes().decode("utf-8")


def read(page: str) -> Node:
    reader = Reader()
    reader.feed(page)
    reader.close()
    (root,) = reader.open
    return root


def held(root: Node) -> dict[str, Any]:
    (script,) = root.all("script", id="held")
    return json.loads(script.text)


def one_section(*blocks: Any, **changed: Any) -> Document:
    """Make a report of one section."""
    return replace(
        constructed_document(), sections=(Section("only", "Enda avsnittet", 1, tuple(blocks)),), **changed
    )


@pytest.fixture(scope="module")
def document() -> Document:
    return constructed_document()


@pytest.fixture(scope="module")
def page(document: Document, tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("page"), document)


@pytest.fixture(scope="module")
def root(page: str) -> Node:
    return read(page)


def test_its_outline_is_that_of_the_report(document: Document, root: Node) -> None:
    levels = [(node.tag, node.text) for node in root.all("h1", "h2", "h3", "h4")]
    expected = [("h1", document.title), ("h2", "Innehåll")]
    for one in document.sections:
        expected.append((f"h{one.level + 1}", one.heading))
        if any(isinstance(block, Verbatims) for block in one.blocks):
            expected.append((f"h{one.level + 2}", "Svaren bakom kategorierna"))
    assert levels == [*expected, ("h2", "Underlag")]
    (lower,) = [one.name for one in document.sections if one.level == 2]
    (upper,) = root.all("section", id="crosstables")
    assert [node.attributes["id"] for node in upper.all("section")] == [lower]


def test_it_has_landmarks_a_language_and_a_list_of_contents(document: Document, root: Node) -> None:
    assert [node.attributes["lang"] for node in root.all("html")] == ["sv"]
    assert [node.tag for node in root.all("header", "nav", "main", "footer")] == [
        "header",
        "nav",
        "main",
        "footer",
    ]
    ids = [node.attributes["id"] for node in root.walk() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    links = [node.attributes["href"] or "" for node in root.all("a")]
    assert links[0] == "#page-main"
    (contents,) = root.all("nav")
    assert [node.attributes["href"] for node in contents.all("a")] == [
        f"#{s.name}" for s in document.sections
    ]
    references = [link.removeprefix("#") for link in links]
    for name in ("aria-labelledby", "aria-describedby"):
        references += [node.attributes[name] or "" for node in root.walk() if name in node.attributes]
    assert set(references) <= set(ids)


def test_every_table_is_there_cell_by_cell(document: Document, root: Node) -> None:
    tables = [b for one in document.sections for b in one.blocks if isinstance(b, Table)]
    assert len(root.all("table")) == len(tables)
    for number, table in enumerate(tables, 1):
        (node,) = root.all("table", id=f"table-{table.name}")
        (caption,) = node.all("caption")
        assert caption.text == f"Tabell {number}. {table.caption}"
        head, *rows = node.all("tr")
        assert [cell.text for cell in head.all("th", "td")] == list(table.heads)
        assert all(cell.attributes["scope"] == "col" for cell in head.all("th"))
        for cells, row in zip(table.rows, rows, strict=True):
            assert [cell.text for cell in row.all("th", "td")] == [cell.text for cell in cells]
            assert [cell.attributes.get("scope") for cell in row.all("th", "td")] == ["row"] + [None] * (
                len(cells) - 1
            )


def test_paragraphs_lists_and_notes_stand_in_their_section_in_order(document: Document, root: Node) -> None:
    for one in document.sections:
        (node,) = root.all("section", id=one.name)
        expected, found = [], []
        for block in one.blocks:
            if isinstance(block, Paragraph):
                expected.append(("paragraph", block.text))
            if isinstance(block, Bullets):
                expected.append(("bullets", block.lead + "".join(block.items)))
            if isinstance(block, Note):
                expected.append(("note", f"Observera. {block.text}"))
        for child in node.children:
            if isinstance(child, Node) and child.attributes.get("class") in ("paragraph", "bullets", "note"):
                found.append((child.attributes["class"], child.text))
        assert found == expected


def test_a_picture_says_what_it_shows_in_two_widths(document: Document, root: Node) -> None:
    pictures = [b for one in document.sections for b in one.blocks if isinstance(b, Picture)]
    assert len(root.all("figure")) == len(pictures) == 5
    for number, picture in enumerate(pictures, 1):
        (figure,) = root.all("figure", id=f"picture-{picture.name}")
        (caption,) = figure.all("figcaption")
        assert caption.text == f"Diagram {number}. {picture.caption}"
        charts = figure.all("svg")
        assert [chart.attributes["class"] for chart in charts] == ["chart wide", "chart narrow"]
        for chart in charts:
            assert chart.attributes["role"] == "img"
            assert chart.attributes["aria-label"] == picture.alt
            rows = picture.chart.lines if isinstance(picture.chart, Slope) else picture.chart.rows
            said = " ".join(node.text for node in chart.all("text", class_="label"))
            for label, *_ in rows:
                assert " ".join(label.split()) in said


def number(node: Node, name: str) -> float:
    return float(node.attributes[name] or "")


def chart_of(tmp_path: Path, chart: Any, wide: bool = True) -> Node:
    root = read(written(tmp_path, one_section(Picture("p", "Bild", "Det här syns.", chart))))
    (found,) = root.all("svg", class_="chart wide" if wide else "chart narrow")
    return found


@pytest.mark.parametrize("wide", [True, False])
def test_bars_are_as_long_as_the_shares_and_intervals_where_they_belong(tmp_path: Path, wide: bool) -> None:
    rows = (("Ena", 0.4, 0.3, 0.5), ("Andra", 0.2, None, None), ("Ingen", 0.0, None, None))
    chart = chart_of(tmp_path, Bars(rows), wide)
    bars = chart.all("rect")
    left = number(bars[0], "x")
    per_share = number(bars[0], "width") / 0.4
    assert [number(bar, "width") / per_share for bar in bars] == pytest.approx([0.4, 0.2, 0.0], abs=0.001)
    (interval,) = chart.all("path", class_="interval")
    low, high = map(float, re.findall(r"^M([\d.]+) [\d.]+H([\d.]+)M", interval.attributes["d"] or "")[0])
    assert [(low - left) / per_share, (high - left) / per_share] == pytest.approx([0.3, 0.5], abs=0.002)
    assert [node.text for node in chart.all("text", class_="value")] == ["40\xa0%", "20\xa0%", "0\xa0%"]
    _, _, width, height = map(float, (chart.attributes["viewbox"] or "").split())
    assert all(
        0 <= number(node, "x") <= width and 0 <= number(node, "y") <= height for node in chart.all("text")
    )


@pytest.mark.parametrize("wide", [True, False])
def test_stacked_bars_are_split_as_the_shares_and_the_levels_keep_their_look(
    tmp_path: Path, wide: bool
) -> None:
    shares = ((0.5, 0.25, 0.25), (0.0, 0.1, 0.9))
    levels = ("Ja", "Kanske", "Nej")
    chart = chart_of(tmp_path, Stacked(levels, tuple((f"rad {i}", s) for i, s in enumerate(shares))), wide)
    boxes = [(node.attributes["class"], number(node, "width")) for node in chart.all("rect")]
    legend, drawn = boxes[:3], boxes[3:]
    looks = [look for look, _ in legend]
    assert len(set(looks)) == 3
    whole = sum(width for _, width in drawn[:3])
    expected = [(looks[i], share) for own in shares for i, share in enumerate(own) if share]
    assert [look for look, _ in drawn] == [look for look, _ in expected]
    assert [width / whole for _, width in drawn] == pytest.approx([s for _, s in expected], abs=0.001)
    texts = [node.text for node in chart.all("text")]
    assert texts[:3] == list(levels)
    assert {"50\xa0%", "25\xa0%", "90\xa0%"} <= set(texts)


def test_long_names_of_levels_are_written_over_lines(tmp_path: Path) -> None:
    levels = ("Vi har inte gjort någon bedömning av detta tillsammans med kommunen", "Ja", "Nej")
    chart = chart_of(tmp_path, Stacked(levels, (("rad", (0.2, 0.3, 0.5)),)), wide=False)
    said = [(node.text, number(node, "y")) for node in chart.all("text", class_="label")]
    assert " ".join(text for text, _ in said[:2]) == levels[0]
    assert [text for text, _ in said[2:4]] == ["Ja", "Nej"]
    assert [b - a for (_, a), (_, b) in pairwise(said[:4])] == [18, 22, 22]


@pytest.mark.parametrize("wide", [True, False])
def test_lines_go_up_and_down_with_the_shares_and_stop_where_a_round_has_none(
    tmp_path: Path, wide: bool
) -> None:
    lines = (
        ("upp", ((0.1, None, None), (0.2, 0.15, 0.3))),
        ("ny", (None, (0.2, None, None))),
        ("borta", ((0.05, None, None), None)),
    )
    chart = chart_of(tmp_path, Slope(("2023", "2024"), lines), wide)
    drawn = [node for node in chart.all("g") if node.all("path", class_="mark")][:3]
    points = [
        [
            tuple(map(float, re.findall(r"[\d.]+", mark.attributes["transform"] or "")))
            for mark in line.all("path", class_="mark")
        ]
        for line in drawn
    ]
    assert [len(own) for own in points] == [2, 1, 1]
    (up_before, up_now), (new,), (gone,) = points
    assert up_before[1] > up_now[1] == new[1]
    assert gone[1] > up_before[1]
    assert new[0] > up_before[0] and gone[0] < up_now[0]
    assert [len(line.all("path", class_="way")) for line in drawn] == [1, 0, 0]
    assert [len(line.all("line", class_="whisker")) for line in drawn] == [1, 0, 0]
    assert len({line.attributes["class"] for line in drawn}) == 3
    assert sorted(node.text for node in chart.all("text", class_="value")) == sorted(
        ["10\xa0%", "5\xa0%", "20\xa0%", "20\xa0%", "–"]
    )
    assert {"upp", "ny", "borta"} <= {node.text for node in chart.all("text")}


@pytest.mark.parametrize("wide", [True, False])
def test_labels_of_many_lines_do_not_cover_each_other(tmp_path: Path, wide: bool) -> None:
    lines = tuple((f"orsak {i}", ((0.1, None, None), (0.1 + i / 1000, None, None))) for i in range(20))
    chart = chart_of(tmp_path, Slope(("2023", "2024"), lines), wide)
    values = chart.all("text", class_="value")
    for x in {number(node, "x") for node in values}:
        own = sorted(number(node, "y") for node in values if number(node, "x") == x)
        assert len(own) == 20
        assert min(b - a for a, b in pairwise(own)) >= 17.9
    assert len({mark.attributes["d"] for mark in chart.all("path", class_="mark")}) == 4


def test_three_rounds_and_one(tmp_path: Path) -> None:
    for rounds in (("2022", "2023", "2024"), ("2024",)):
        line = ("orsak", tuple((0.1 * i, None, None) for i in range(1, len(rounds) + 1)))
        chart = chart_of(tmp_path, Slope(rounds, (line,)))
        assert [node.text for node in chart.all("text", class_="round")] == list(rounds)
        assert len(chart.all("path", class_="mark")) == len(rounds)


@pytest.mark.parametrize(
    "chart",
    [Bars(()), Stacked(("Ja",), ()), Slope(("2024",), ())],
    ids=["bars", "stacked", "slope"],
)
def test_a_picture_of_nothing_says_so(tmp_path: Path, chart: Any) -> None:
    root = read(written(tmp_path, one_section(Picture("p", "Bild", "Inget.", chart))))
    (figure,) = root.all("figure")
    assert (figure.all("svg"), figure.text) == ([], "Diagram 1. BildDet finns inget att visa.")


def test_charts_of_shares_that_are_all_zero_or_whole(tmp_path: Path) -> None:
    for chart in (
        Bars((("a", 0.0, 0.0, 0.0),)),
        Bars((("a", 1.0, 1.0, 1.0),)),
        Stacked(("Ja",), (("a", (1.0,)),)),
        Slope(("1", "2"), (("a", ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))),)),
        Slope(("1", "2"), (("a", (None, None)),)),
    ):
        for node in chart_of(tmp_path, chart).walk():
            assert not {"nan", "inf"} & set(map(str, node.attributes.values()))


def test_parts_that_hold_nothing(tmp_path: Path) -> None:
    empty = Table("t", "Tom tabell", ("", "Antal"), ())
    root = read(written(tmp_path, one_section(empty, Bullets("", ()), Verbatims("v", "Ingen", 0, ()))))
    assert [node.text for node in root.all("p", class_="below")] == ["Det finns inget att visa."]
    assert root.all("script") == root.all("details") == []
    nothing = replace(constructed_document(), sections=(), runs=())
    assert read(written(tmp_path, nothing)).all("main")[0].text.strip() == ""


def test_a_row_leads_to_the_statements_behind_it(document: Document, root: Node) -> None:
    (table,) = root.all("table", id="table-causes-missed")
    leads = {node.text: node.attributes["href"] for node in table.all("a")}
    assert leads == {label: f"#verbatims-missed-{name}" for name, label, *_ in MISSED}
    (counts,) = root.all("table", id="table-method-counts")
    assert counts.all("a") == []


def test_it_holds_each_answer_once_and_every_statement_where_it_stands(
    document: Document, root: Node
) -> None:
    said = [b for one in document.sections for b in one.blocks if isinstance(b, Verbatims)]
    there = held(root)
    assert list(there["groups"]) == [one.name for one in said]
    columns = [name for name, _ in there["columns"]]
    assert columns == ["Region", "Kommungrupp"]
    for one in said:
        for row, (place, start, end) in zip(one.rows, there["groups"][one.name], strict=True):
            answer_id, text, values = there["answers"][place]
            in_utf16 = text.encode("utf-16-le")
            assert (answer_id, text) == (row.answer_id, clean(row.text))
            assert in_utf16[2 * start : 2 * end].decode("utf-16-le") == clean(row.text[row.start : row.end])
            assert [there["columns"][i][1][value] for i, value in enumerate(values)] == [
                clean(row.background[name]) for name in columns
            ]
    rows = {(row.answer_id, row.text) for one in said for row in one.rows}
    assert len(there["answers"]) == len(rows) < sum(len(one.rows) for one in said)


def test_a_verbatim_without_a_stretch_is_the_whole_answer(tmp_path: Path) -> None:
    row = Verbatim("1", "Ont om tid 🙂", 0, 0)
    root = read(written(tmp_path, one_section(Verbatims("time", "Tid", 1, (row,)))))
    assert held(root)["groups"]["time"] == [[0, 0, 13]]  # the smiley is two of JavaScript's characters


def test_filters_list_what_occurs_sorted_as_in_swedish(root: Node) -> None:
    (form, _) = root.all("form", role="search")
    region, group = form.all("select")
    known = [option.text for option in region.all("option") if option.text not in map(clean, HOSTILE)]
    assert known == ["Alla", "Mitt", "Nord", "Syd", "Åland & öarna", "Öst", "(uppgift saknas)"]
    assert [option.text for option in group.all("option")] == ["Alla", *GROUPS]


def test_a_sample_is_said_to_be_one(root: Node) -> None:
    (fold,) = root.all("details", id="verbatims-missed-other")
    n = len(held(root)["groups"]["missed-other"])
    (counted,) = fold.all("span", class_="n")
    assert counted.text == f"{n} av {n + 400} påståenden, ett urval"


def everywhere(text: str) -> Document:
    """Make a report that has the text in every place that may hold one."""
    row = Verbatim(text, text + text, len(text), 2 * len(text), {text: text})
    blocks = (
        Paragraph(text),
        Bullets(text, (text,)),
        Note(text),
        Table("t", text, (text, text), ((Cell(text), Cell(text)),), (text,)),
        Picture("b", text, text, Bars(((text, 0.1, 0.05, 0.2),))),
        Picture("s", text, text, Stacked((text, text), ((text, (0.5, 0.5)),))),
        Picture("l", text, text, Slope((text, text), ((text, ((0.1, None, None), (0.2, None, None))),))),
        Verbatims("v", text, 1, (row,)),
    )
    return Document(text, text, "sv", (Section("s", text, 1, blocks),), ((text, text),), {})


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_can_leave_its_place(tmp_path: Path, text: str) -> None:
    page = written(tmp_path, everywhere(text))
    root = read(page)
    shape = [
        (node.tag, sorted(node.attributes)) for node in read(written(tmp_path, everywhere("Ord"))).walk()
    ]
    lines = ("text",)  # of a chart, over which a label may be split
    assert [(n.tag, sorted(n.attributes)) for n in root.walk() if n.tag not in lines] == [
        one for one in shape if one[0] not in lines
    ]
    shown = clean(text)
    assert root.all("h1")[0].text == root.all("title")[0].text == shown
    assert [cell.text for cell in root.all("td")] == [shown]
    assert held(root)["answers"] == [[shown, shown + shown, [0]]]
    assert held(root)["columns"] == [[shown, [shown]]]
    within = page.partition('id="held">')[2].partition("</script>")[0]
    assert json.loads(within) == held(root)
    assert not re.search("[<>&\u2028\u2029]", within)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)


def test_a_public_report_holds_no_answer(tmp_path: Path, document: Document) -> None:
    page = written(tmp_path, replace(document, public=True))
    root = read(page)
    assert root.all("script") == root.all("details") == root.all("form") == []
    assert "innehåller inga svar, och små antal är dolda" in page
    for text in verbatim_texts(document):
        for form in (text, html.escape(text), json.dumps(text)[1:-1]):
            assert form not in page
    assert [node.attributes["href"] for node in root.all("a")][1:] == [
        f"#{s.name}" for s in document.sections
    ]
    assert "script-src 'none'" in policy(root)


def verbatim_texts(document: Document) -> list[str]:
    said = [b for one in document.sections for b in one.blocks if isinstance(b, Verbatims)]
    texts = {row.text for one in said for row in one.rows}
    assert len(texts) > 40
    return sorted(texts)


def policy(root: Node) -> str:
    (found,) = root.all("meta", http_equiv="Content-Security-Policy")
    return found.attributes["content"] or ""


def test_only_its_own_style_and_script_count_and_nothing_may_be_fetched(root: Node) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in policy(root).split(";"))
    (style,) = root.all("style")
    (script,) = [node for node in root.all("script") if not node.attributes]
    for name, node in (("style-src", style), ("script-src", script)):
        found = rules.pop(name)
        assert b64decode(found[8:-1]) == hashlib.sha256(node.text.encode()).digest()
        assert found == f"'sha256-{b64encode(hashlib.sha256(node.text.encode()).digest()).decode()}'"
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "require-trusted-types-for": "'script'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    for node in root.walk():
        assert not {"style", "src", "srcset", "action"} & set(node.attributes)
        assert not any(name.startswith("on") for name in node.attributes)
        assert (node.attributes.get("href") or "#").startswith(("#", "data:,"))
    assert not re.search(r"url\(|@import", style.text)


def test_the_same_report_gives_the_same_bytes(tmp_path: Path, page: str) -> None:
    assert written(tmp_path, constructed_document()) == page


def test_640_answers_stay_far_below_three_megabytes(tmp_path: Path) -> None:
    page = written(tmp_path, constructed_document(answers=640))
    assert len(page.encode()) < 1_000_000


def test_in_english(tmp_path: Path) -> None:
    root = read(written(tmp_path, constructed_document("en")))
    assert [node.attributes["lang"] for node in root.all("html")] == ["en"]
    assert {node.text for node in root.all("h2", "h3")} >= {"Contents", "The answers behind the categories"}
    assert root.all("caption")[0].text.startswith("Table 1. ")
    assert {node.attributes["lang"] for node in root.all("details")[0].all("ol")} == {"sv"}


def test_a_page_that_cannot_be_written(tmp_path: Path, document: Document) -> None:
    with pytest.raises(InputError, match=r"rapport\.html: cannot be written"):
        write_page(tmp_path / "none" / "rapport.html", document)
