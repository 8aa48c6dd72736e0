"""Clusters that are not sure to be there are marked, wherever clusters are shown; all are constructed."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from discoveries import constructed_discovery

from samorsak.cluster import UNSTABLE
from samorsak.report.cluster_list import show_discovery
from samorsak.report.clusters import CLUSTER_COLUMNS, Discovery, write_discovery
from samorsak.report.map import write_map
from samorsak.wording import Lang


@pytest.fixture
def found() -> Discovery:
    """Three clusters: one just below what is stable, one just there, and one of repetitions alone."""
    one = constructed_discovery("lost")
    own = zip(one.clusters, (UNSTABLE - 0.01, UNSTABLE, None), strict=True)
    return replace(one, clusters=tuple(replace(c, stability=stability) for c, stability in own))


def test_the_table_marks_what_is_unstable(found: Discovery, tmp_path: Path) -> None:
    write_discovery(tmp_path, [found])
    with (tmp_path / "clusters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == CLUSTER_COLUMNS
    assert CLUSTER_COLUMNS[-1] == "unstable"
    assert [(row["stability"], row["unstable"]) for row in rows] == [
        ("0.590000", "yes"),
        ("0.600000", ""),
        ("", ""),
    ]


@pytest.mark.parametrize(
    ("lang", "heads"),
    [
        ("sv", ["stabilitet 0,59, osäkert: Regn", "stabilitet 0,60: Snö", "stabilitet –: "]),
        ("en", ["stability 0.59, unstable: Regn", "stability 0.60: Snö", "stability –: "]),
    ],
)
def test_the_list_marks_what_is_unstable(found: Discovery, lang: Lang, heads: list[str]) -> None:
    lines = [line for line in show_discovery([found], lang).splitlines() if "stabil" in line]
    assert [head in line for head, line in zip(heads, lines, strict=True)] == [True] * 3


@pytest.mark.parametrize(("lang", "word"), [("sv", " · osäkert"), ("en", " · unstable")])
def test_the_map_marks_what_is_unstable(found: Discovery, tmp_path: Path, lang: Lang, word: str) -> None:
    write_map(tmp_path / "map.html", [found], lang)
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    (held,) = re.findall(r'<script type="application/json" id="discovery">(.*?)</script>', page, re.S)
    verdicts = [c["verdict"] for c in json.loads(held)["questions"][0]["clusters"]]
    assert [verdict.endswith(word) for verdict in verdicts] == [True, False, False]
