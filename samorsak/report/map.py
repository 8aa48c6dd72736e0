"""The map of a discovery: every statement a point, in one HTML file that needs no network."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from statistics import median_low
from string import Template

from samorsak.errors import InputError
from samorsak.report.clusters import Discovery, FoundCluster
from samorsak.report.delimited import write_text
from samorsak.report.phrases import by_language
from samorsak.scheme import NO_CAUSE, OTHER
from samorsak.wording import Lang, number, percent

MAP = "map.html"
"""What the map is called in the folder that `samorsak discover` writes."""

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#c0568f", "#a87f00", "#7b52c8", "#2b8fcb")
"""After Okabe and Ito, each with a contrast of at least 3:1 on white and on near-black."""

MARKERS = ("circle", "square", "triangle", "diamond", "inverted_triangle", "star")
"""As many colours as are no multiple of it: two groups share a colour or a marker, and both only after 42."""

PLAIN = "#7d7d7d"
"""The colour of what is in no group: of `other`, no cause, and outside of all clusters."""

OUTSIDE = {"colour": PLAIN, "marker": "dot"}
"""How a statement outside of all clusters looks, where colours show clusters."""

TEMPLATES = Path(__file__).parent.parent / "templates"

_SAID = {  # Swedish, English
    "title": ("Karta över påståenden", "Map of statements"),
    "about": (
        "Varje punkt är ett påstående. Punkter nära varandra säger ungefär samma sak; i övrigt betyder läget "
        "inget. Ett kluster är ett förslag.",
        "Each point is a statement. Points close to each other say much the same; otherwise the place means "
        "nothing. A cluster is a proposal.",
    ),
    "question": ("Fråga", "Question"),
    "colour": ("Färg och form visar", "Colour and shape show"),
    "by_category": ("kategori", "category"),
    "by_cluster": ("kluster", "cluster"),
    "map": ("Karta", "Map"),
    "picture": (
        "Karta med en punkt för varje påstående. Samma påståenden går att läsa i listorna.",
        "Map with a point for each statement. The same statements can be read in the lists.",
    ),
    "closer": ("Zooma in", "Zoom in"),
    "farther": ("Zooma ut", "Zoom out"),
    "all": ("Visa allt", "Show all"),
    "clusters": ("Kluster", "Clusters"),
    "categories": ("Kategorier", "Categories"),
    "statements": ("Påståenden", "Statements"),
    "choose": (
        "Välj en punkt på kartan, ett kluster eller en kategori.",
        "Choose a point on the map, a cluster or a category.",
    ),
    "nothing": ("Inga påståenden.", "No statements."),
    "no_clusters": ("Inga kluster.", "No clusters."),
    "chosen": ("{name}: {n} påståenden", "{name}: {n} statements"),
    "cluster": ("Kluster {}", "Cluster {}"),
    "outside": ("Utanför alla kluster", "Outside of all clusters"),
    "told": (
        "{} påståenden, {} kluster, {} påståenden ({}) utanför dem. Former och färger: kategorier.",
        "{} statements, {} clusters, {} statements ({}) outside of them. Shapes and colours: categories.",
    ),
    "labelled": ("De {} största klustren är namngivna.", "The {} largest clusters are named."),
    "more": ("Visa fler", "Show more"),
    "also": ("och {n} till på samma plats", "and {n} more at the same place"),
    "id": ("Svars-id", "Answer id"),
    "covered": ("täcks av {}", "covered by {}"),
    "part": ("del av {}", "part of {}"),
    "between": ("mellan {}", "between {}"),
    "uncovered": ("täcks inte av någon kategori", "covered by no category"),
    "no_cause": ("ingen orsak", "no cause"),
    "unstable": ("osäkert", "unstable"),
    "needs_script": (
        "Kartan behöver JavaScript. Samma påståenden står i clustered.csv.",
        "The map needs JavaScript. The same statements are in clustered.csv.",
    ),
}
WORDS = by_language(_SAID)

_IN_SCRIPT = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
"""Characters that could end a script or begin another one; within JSON they are the same, so written."""


def write_map(path: Path, found: Sequence[Discovery], lang: Lang = "sv") -> None:
    """Draw the statements of each question as points, in a page that works without network.

    BokehJS draws the points, on a canvas; it stands in the file, which asks for nothing else: its content
    security policy allows no request, and no script but those in it. Texts reach the page as text only. The
    same discovery and version of bokeh give the same bytes.

    Parameters
    ----------
    path : Path
    found : sequence of Discovery
    lang : {"sv", "en"}

    Raises
    ------
    InputError
        The extra is not installed, or the file cannot be written.
    """
    drawing, script = _bokeh(), _template("map.js")
    words = WORDS[lang]
    shown = {"words": words, "outside": OUTSIDE, "questions": [_question(one, lang) for one in found]}
    page = Template(_template("map.html")).substitute(
        {key: escape(text) for key, text in words.items()},
        lang=lang,
        policy=escape(_policy([drawing, script])),
        style=_template("map.css"),
        found=json.dumps(shown, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT),
        drawing=drawing,
        script=script,
    )
    write_text(path, page)


def _bokeh() -> str:
    try:
        from bokeh.resources import Resources
    except ModuleNotFoundError:
        raise InputError("a map needs bokeh; install it with: pip install 'samorsak[discovery]'") from None
    return "\n".join(Resources(mode="inline", components=["bokeh", "bokeh-api"], log_level="error").js_raw)


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(scripts: Iterable[str]) -> str:
    """Allow these scripts, by their check sums, and no request at all (Content Security Policy 3).

    Styles are free, as BokehJS sets its own; without requests they can fetch and tell nothing.
    """
    sums = (b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{found}'" for found in sums)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )


def _question(one: Discovery, lang: Lang) -> dict[str, object]:
    """Give what the page shows of a question; statements as columns, as there may be many."""
    names = list(one.labels)
    of = {name: place for place, name in enumerate(names)}
    return {
        "wording": one.wording,
        "size": point_size(len(one.statements)),
        "extent": [_extent([s.place[axis] for s in one.statements]) for axis in (0, 1)],
        "categories": [{"name": one.labels[name], **mark} for name, mark in marks(names).items()],
        "clusters": [
            {**_cluster(c, one.labels, lang), "middle": middle}
            for c, middle in zip(one.clusters, cluster_middles(one), strict=True)
        ],
        "statements": {
            "id": [s.answer_id for s in one.statements],
            "text": [s.text for s in one.statements],
            "category": [of[s.category] for s in one.statements],
            "cluster": [s.cluster or 0 for s in one.statements],
            "x": [round(s.place[0], 3) for s in one.statements],
            "y": [round(s.place[1], 3) for s in one.statements],
        },
    }


def _extent(values: Sequence[float]) -> tuple[float, float]:
    """Give what an axis shows: all values, and a margin."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    margin = 0.06 * (high - low) or 1.0
    return round(low - margin, 3), round(high + margin, 3)


def cluster_middles(one: Discovery) -> list[tuple[float, float]]:
    """Give where each cluster lies: the median of its statements' places."""
    places: dict[int | None, list[tuple[float, float]]] = {}
    for s in one.statements:
        places.setdefault(s.cluster, []).append(s.place)
    own = [places[c.cluster] for c in one.clusters]
    return [(median_low(x for x, _ in at), median_low(y for _, y in at)) for at in own]


def _cluster(c: FoundCluster, labels: Mapping[str, str], lang: Lang) -> dict[str, object]:
    words = WORDS[lang]
    names = " / ".join(labels[category] for category in c.categories)
    return {
        "name": words["cluster"].format(c.cluster),
        "label": cluster_label(c),
        "words": list(c.words),
        "verdict": words[c.verdict].format(names) + (f" · {words['unstable']}" if c.unstable else ""),
        "size": f"{number(c.size, lang=lang)} ({percent(c.share, 1, lang)})",
        **mark(c.cluster - 1),
    }


def cluster_label(c: FoundCluster) -> str:
    """Give what stands on the map for a cluster: its number and its first words."""
    return f"{c.cluster} {', '.join(c.words[:2])}".rstrip()


def point_size(n: int) -> float:
    """Give the size of each of so many points, in pixels of the screen.

    Examples
    --------
    >>> point_size(500), round(point_size(50_000), 1)
    (8.0, 3.0)
    """
    return float(min(8.0, 8.0 * (1000 / max(n, 1)) ** 0.25))


def mark(place: int) -> dict[str, str]:
    """Give the colour and the marker of the group at a place, from 0.

    Examples
    --------
    >>> mark(0), mark(8)
    ({'colour': '#0072b2', 'marker': 'circle'}, {'colour': '#d55e00', 'marker': 'triangle'})
    """
    return {"colour": COLOURS[place % len(COLOURS)], "marker": MARKERS[place % len(MARKERS)]}


def marks(categories: Iterable[str]) -> dict[str, dict[str, str]]:
    """Give each category its colour and marker; `other` and no cause are grey crosses."""
    plain = {OTHER: {"colour": PLAIN, "marker": "cross"}, NO_CAUSE: {"colour": PLAIN, "marker": "x"}}
    own = [name for name in categories if name not in plain]
    given = {name: mark(place) for place, name in enumerate(own)}
    return {name: plain.get(name) or given[name] for name in categories}
