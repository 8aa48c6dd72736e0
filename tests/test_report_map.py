"""The map of a discovery as a page and as a picture; every statement is constructed."""

import hashlib
import html
import json
import re
import sys
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from discoveries import HOSTILE, constructed_discovery
from matplotlib.text import Annotation
from PIL import Image

from samorsak.errors import InputError
from samorsak.report import map_picture
from samorsak.report.clusters import Discovery
from samorsak.report.map import COLOURS, PLAIN, mark, marks, write_map
from samorsak.report.map_picture import write_map_picture

FOUND = [constructed_discovery("lost"), constructed_discovery("won")]
EMPTY = Discovery("lost", "Varför inte?", 0, 5, {"rain": "Regn"}, (), (), ())


def written(path: Path, found: list[Discovery], lang: str = "sv") -> str:
    write_map(path, found, lang)  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


def shown(page: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="discovery">(.*?)</script>', page, re.S)
    return json.loads(found)


def test_the_page_holds_every_statement_once_and_nothing_else_of_an_answer(tmp_path: Path) -> None:
    page = written(tmp_path / "map.html", FOUND)
    for one, there in zip(FOUND, shown(page)["questions"], strict=True):
        said = there["statements"]
        assert said["text"] == [s.text for s in one.statements]
        assert said["id"] == [s.answer_id for s in one.statements]
        assert said["cluster"] == [s.cluster or 0 for s in one.statements]
        assert [list(one.labels)[place] for place in said["category"]] == [s.category for s in one.statements]
        assert list(zip(said["x"], said["y"], strict=True)) == [s.place for s in one.statements]
    assert page.count("det regnade 3 gånger") == 2  # once for each question


def test_texts_cannot_leave_their_place_in_the_page(tmp_path: Path) -> None:
    page = written(tmp_path / "map.html", FOUND)
    assert set(HOSTILE) <= set(shown(page)["questions"][0]["statements"]["text"])
    bare = written(tmp_path / "bare.html", [replace(EMPTY, wording=one.wording) for one in FOUND])
    assert (
        len(re.findall("<script", page))
        == len(re.findall("<script", bare))
        == 3 + len(re.findall("<script", drawing(page)))
    )
    for mark_of_hostility in ("<b>", "<img src=x", "\u2028", "\u2029", "alert(1)</script>"):
        assert mark_of_hostility not in page.replace(drawing(page), "")


def drawing(page: str) -> str:
    return re.findall(r"<script>(.*?)</script>", page, re.S)[0]


def test_only_the_scripts_of_the_page_may_run_and_nothing_may_be_fetched(tmp_path: Path) -> None:
    page = written(tmp_path / "map.html", FOUND)
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', page)
    rules = dict(rule.strip().split(" ", 1) for rule in html.unescape(policy).split(";"))
    assert {name: rule for name, rule in rules.items() if name != "script-src"} == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    allowed = [
        b64decode(rule.removeprefix("'sha256-").removesuffix("'")) for rule in rules["script-src"].split()
    ]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    assert allowed == [hashlib.sha256(script.encode()).digest() for script in scripts]
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert not re.search(r'(?:src|href)="', page.replace(drawing(page), ""))


def test_the_same_discovery_gives_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "a.html", FOUND) == written(tmp_path / "b.html", FOUND)
    write_map_picture(tmp_path / "a.png", FOUND[0])
    write_map_picture(tmp_path / "b.png", FOUND[0])
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("lang", "title", "verdict"),
    [("sv", "Karta över påståenden", "täcks av Regn"), ("en", "Map of statements", "covered by Regn")],
)
def test_the_page_speaks_swedish_or_english(tmp_path: Path, lang: str, title: str, verdict: str) -> None:
    page = written(tmp_path / "map.html", FOUND, lang)
    assert f'<html lang="{lang}">' in page
    assert f"<title>{title}</title>" in page
    assert shown(page)["questions"][0]["clusters"][0]["verdict"] == verdict


def test_neighbouring_groups_differ_in_colour_and_marker() -> None:
    looks = [mark(place) for place in range(42)]
    assert len({(look["colour"], look["marker"]) for look in looks}) == 42
    for one, other in pairwise(looks):
        assert one["colour"] != other["colour"] and one["marker"] != other["marker"]
    given = marks(["rain", "other", "snow", "no_cause"])
    assert [given[name]["marker"] for name in given] == ["circle", "cross", "square", "x"]


@pytest.mark.parametrize("ground", ["#ffffff", "#16181d"])
def test_colours_stand_out_on_light_and_dark(ground: str) -> None:
    assert all(contrast(colour, ground) >= 3 for colour in (*COLOURS, PLAIN))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, relative luminance)."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_the_picture_tells_what_it_shows_and_no_time(tmp_path: Path) -> None:
    write_map_picture(tmp_path / "map.png", FOUND[0])
    with Image.open(tmp_path / "map.png") as picture:
        assert dict(picture.info) == {
            "Software": "samorsak",
            "Description": "Varför inte? 41 påståenden, 3 kluster, 11 påståenden (27\N{NO-BREAK SPACE}%) utanför dem. "
            "Former och färger: kategorier.",
            "dpi": picture.info["dpi"],
        }


def test_labels_stand_beside_each_other(tmp_path: Path, drawn: Callable[..., list[Annotation]]) -> None:
    one = FOUND[0]
    crowded = replace(
        one, statements=tuple(replace(s, place=(s.place[0] / 50, s.place[1])) for s in one.statements)
    )
    for discovery in (one, crowded):
        labels = drawn(discovery)
        assert {label.get_text() for label in labels} == {"1 regn, skyfall", "2 snö, storm", "3 blåst, vind"}
        boxes = [label.get_bbox_patch().get_window_extent() for label in labels]
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_of_many_clusters_the_largest_are_named(
    drawn: Callable[..., list[Annotation]], tmp_path: Path
) -> None:
    one = FOUND[0]
    clusters = tuple(replace(one.clusters[0], cluster=c + 1, words=(chr(97 + c),)) for c in range(60))
    statements = tuple(
        replace(one.statements[0], cluster=c + 1, place=(float(c % 8), float(c // 8))) for c in range(60)
    )
    labels = drawn(replace(one, clusters=clusters, statements=statements))
    assert [label.get_text().split()[0] for label in labels] == [str(c + 1) for c in range(40)]
    with Image.open(tmp_path / "map.png") as picture:
        assert picture.info["Description"].endswith("De 40 största klustren är namngivna.")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., list[Annotation]]:
    """Draw a map and give the labels in it, as they stand in the end."""
    found: list[Any] = []
    write = map_picture._write_labels

    def keep(axes: Any, canvas: Any, one: Discovery) -> None:
        write(axes, canvas, one)
        canvas.draw()
        found[:] = [text for text in axes.texts if isinstance(text, Annotation)]

    def draw(one: Discovery) -> list[Annotation]:
        monkeypatch.setattr(map_picture, "_write_labels", keep)
        write_map_picture(tmp_path / "map.png", one)
        return found

    return draw


def test_nothing_is_a_map_too(tmp_path: Path) -> None:
    page = written(tmp_path / "map.html", [EMPTY])
    assert shown(page)["questions"][0]["statements"]["text"] == []
    assert shown(written(tmp_path / "none.html", []))["questions"] == []
    write_map_picture(tmp_path / "map.png", EMPTY)
    with Image.open(tmp_path / "map.png") as picture:
        assert picture.info["Description"] == "Varför inte? Inga påståenden."


@pytest.mark.parametrize(("name", "write"), [("bokeh", write_map), ("matplotlib", write_map_picture)])
def test_without_the_extra_there_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, write: Callable[..., None]
) -> None:
    for module in [name, *(m for m in sys.modules if m.startswith(f"{name}."))]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError) as raised:
        write(tmp_path / "map", FOUND if name == "bokeh" else FOUND[0])
    assert str(raised.value) == f"a map needs {name}; install it with: pip install 'samorsak[discovery]'"
    assert list(tmp_path.iterdir()) == []
