"""Ranked lists as a picture."""

import builtins
import re
import struct
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import CODED, SCHEME
from matplotlib.text import Text

from samorsak.errors import InputError
from samorsak.ranking import RankedRow, Ranking, Total, rank
from samorsak.report import figure
from samorsak.report.figure import write_figure

TOTAL = Total("2024", "lost", 40, 2)
LONG = "Otillräckliga förutsättningar för långsiktig samverkan mellan kommun och myndighet i hela länet"
ROWS = (
    RankedRow(
        "2024",
        "lost",
        "causes",
        "scheme",
        1,
        "rain",
        LONG,
        20,
        40,
        0.5,
        low=0.4,
        high=0.6,
        method="audited",
        audited=20,
    ),
    RankedRow(
        "2024",
        "lost",
        "causes",
        "scheme",
        2,
        "snow",
        "Snö",
        12,
        40,
        0.3,
        low=0.2,
        high=0.45,
        method="audited",
        audited=20,
        few_positives=True,
    ),
    RankedRow(
        "2024",
        "lost",
        "causes",
        "scheme",
        None,
        "other",
        "Övrigt",
        None,
        None,
        None,
        method="audited",
        audited=20,
    ),
)
RANKING = Ranking(ROWS, (TOTAL,))


def texts(monkeypatch: pytest.MonkeyPatch, path: Path, ranking: Ranking, **options: Any) -> list[str]:
    """Collect what is written in a picture, from top to bottom of each part."""
    written: list[str] = []
    own = Text.draw

    def draw(self: Text, *arguments: Any, **more: Any) -> None:
        written.append(self.get_text())
        own(self, *arguments, **more)

    monkeypatch.setattr(Text, "draw", draw)
    write_figure(path, ranking, SCHEME, "png", **options)
    return [text for text in written if text]


def test_the_same_bytes_every_time_without_date_or_version(tmp_path: Path) -> None:
    for form in ("svg", "png"):
        for name in ("a", "b"):
            write_figure(tmp_path / name, RANKING, SCHEME, form)  # type: ignore[arg-type]
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
        assert (
            re.search(rb"<dc:date>|tIME|matplotlib version|Matplotlib v", (tmp_path / "a").read_bytes())
            is None
        )
    assert list(tmp_path.glob("*.part")) == []


def test_numbers_stand_as_text_beside_the_points(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = texts(monkeypatch, tmp_path / "a.png", RANKING, note="Urval: Region=Syd")
    for expected in ("Urval: Region=Syd", "2024: Varför inte?", "Andel", "95 %-intervall", "Antal", "1", "2"):
        assert expected in written
    assert {"50,0\u00a0%", "40,0–60,0", "20", "30,0\u00a0%", "20,0–45,0", "12"} <= set(written)
    assert written.count("..") == 2  # share and number of what is hidden
    assert "Ofylld punkt: färre än fem granskade svar anger orsaken (osäkert underlag)." in written
    assert any(
        text.startswith("Visas inte, då talen är små eller skulle röja små tal: Övrigt.") for text in written
    )
    label = next(text for text in written if text.startswith("Otillräckliga"))
    assert label.replace("\n", " ") == LONG and max(map(len, label.split("\n"))) <= 48


def test_labels_stay_inside_the_picture(tmp_path: Path) -> None:
    boxes: list[tuple[float, float]] = []
    own = Text.draw

    def draw(self: Text, renderer: Any, *arguments: Any, **more: Any) -> None:
        box = self.get_window_extent(renderer)
        boxes.append((box.x0, box.x1))
        own(self, renderer, *arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", draw)
        write_figure(
            tmp_path / "a.png", Ranking((replace(ROWS[1], label=LONG), *ROWS), (TOTAL,)), SCHEME, "png"
        )
    assert min(x0 for x0, _ in boxes) >= 0 and max(x1 for _, x1 in boxes) <= 1500


def test_without_intervals_there_is_no_column_for_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = texts(monkeypatch, tmp_path / "a.png", rank(CODED, SCHEME, question="lost"), lang="en")
    assert "95% interval" not in written
    assert {"Regn", "50.0%", "2", "Share", "Number", "Not given: Vind"} <= set(written)


def test_a_picture_grows_with_its_lists(tmp_path: Path) -> None:
    write_figure(tmp_path / "one.png", rank(CODED, SCHEME, question="lost"), SCHEME, "png")
    write_figure(tmp_path / "two.png", rank(CODED, SCHEME), SCHEME, "png")
    sizes = [struct.unpack(">II", (tmp_path / name).read_bytes()[16:24]) for name in ("one.png", "two.png")]
    assert sizes[0][0] == sizes[1][0] == 1500 and sizes[1][1] > 1.5 * sizes[0][1]


def test_too_many_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure, "_HIGHEST", 3.0)
    with pytest.raises(InputError) as caught:
        write_figure(tmp_path / "a.png", rank(CODED, SCHEME, by="Region"), SCHEME, "png")
    assert str(caught.value) == "6 lists do not fit in a picture; choose with --question or --where"


def test_without_matplotlib_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = builtins.__import__

    def no_matplotlib(name: str, *arguments: Any) -> Any:
        if name.partition(".")[0] == "matplotlib":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return own(name, *arguments)

    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", no_matplotlib)
    with pytest.raises(InputError) as caught:
        write_figure(tmp_path / "a.svg", RANKING, SCHEME, "svg")
    assert str(caught.value) == (
        'a picture needs matplotlib, which is not installed; pip install "samorsak[figures]"'
    )
