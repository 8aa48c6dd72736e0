"""02-annotate.ipynb in JupyterLab, used by keyboard alone; the kernel is killed on the way.

The answers are those of the demo round, the suggestions constructed.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from shutil import copytree
from typing import Any

import axe_core_python
import nbformat
import psutil
import pytest
from conftest import DESKTOP
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from samorsak.annotations import Marked, QueueRow, Reason, Store, Suggestion, write_queue
from samorsak.annotations.model import Annotation
from samorsak.pipeline.session_rows import rows_of
from samorsak.scheme import read_scheme
from samorsak.widget.keys import category_keys

ROOT = Path(__file__).parents[2]
AXE = next(Path(axe_core_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
SCHEME = read_scheme("af")
NOTEBOOK = "02-annotate.ipynb"
QUEUE = "queue.jsonl"
LONG = 180
"""Seconds: Jupyter takes ten to start on an idle machine, and most of a minute on one that has other work."""

WORD = re.compile(r"\w+(?:(?:[-’':]|(?<=\d)[.,](?=\d))\w+)*")
"""A word as the page sees it, in answers as plain as those that are asked about here."""

SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}


# ---- JupyterLab, and the notebook in it


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(own: Path) -> dict[str, str]:
    """Give an environment with nobody's settings, and without our warnings, which libraries would not stand."""
    for name, content in SETTINGS.items():
        place = own / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(content), encoding="utf-8")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONWARNDEFAULTENCODING" and not name.startswith(("JUPYTER", "IPYTHON"))
    }
    folders = {f"JUPYTER_{name}_DIR": str(own / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    lab = {f"JUPYTERLAB_{name}_DIR": str(own / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    return kept | folders | lab | {"IPYTHONDIR": str(own / "ipython")}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the notebook out as in the tree of the project, to ask about a queue."""
    tree = tmp_path_factory.mktemp("tree")
    (tree / "notebooks").mkdir()
    copytree(ROOT / "annotations" / "af", tree / "annotations" / "af")
    notebook = nbformat.read(ROOT / "notebooks" / NOTEBOOK, as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.id == "forberedelser"]
    (line,) = [line for line in cell.source.splitlines() if line.startswith("ROUND = ")]
    cell.source = cell.source.replace(line, f'ROUND = Path("{QUEUE}")')
    nbformat.write(notebook, tree / "notebooks" / NOTEBOOK)
    write_queue(tree / "notebooks" / QUEUE, ROWS)
    return tree


@pytest.fixture(scope="module")
def server(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[psutil.Process, str]]:
    port, own = free_port(), tmp_path_factory.mktemp("jupyter")
    options = [
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={tree}",
        "--IdentityProvider.token=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    with (own / "log.txt").open("w", encoding="utf-8") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *options],
            env=environment(own),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        await_server(f"http://127.0.0.1:{port}/api/status", started, own / "log.txt")
        yield psutil.Process(started.pid), f"http://127.0.0.1:{port}/"
    finally:
        started.terminate()  # ends the kernels, too
        try:
            started.wait(30)
        finally:
            started.kill()


def await_server(status: str, started: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + LONG
    while time.monotonic() < until and started.poll() is None:
        try:
            with urllib.request.urlopen(status, timeout=10):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


class Lab:
    """The notebook in the browser; everything is done by pressing keys."""

    def __init__(self, browser: Chrome, server: psutil.Process, address: str) -> None:
        self.browser, self.server, self.address = browser, server, address

    def until(self, true: Callable[[], Any], seconds: float = LONG) -> Any:
        return WebDriverWait(self.browser, seconds, 0.05).until(lambda _: true())

    def script(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def press(self, *keys: str) -> None:
        """Press keys one after the other; ``ctrl+`` and ``shift+`` before one are held down meanwhile."""
        actions = ActionChains(self.browser, duration=0)
        for key in keys:
            held = [Keys.CONTROL] * ("ctrl+" in key) + [Keys.SHIFT] * ("shift+" in key)
            for modifier in held:
                actions.key_down(modifier)
            actions.send_keys(key.removeprefix("ctrl+").removeprefix("shift+"))
            for modifier in held:
                actions.key_up(modifier)
        actions.perform()

    def command(self, name: str) -> None:
        """Choose one of JupyterLab's commands from its palette."""
        chosen = "return document.querySelector('.lm-CommandPalette-item.lm-mod-active .lm-CommandPalette-itemLabel')"
        self.press("ctrl+shift+c")
        self.until(lambda: self.all(".lm-CommandPalette-input:focus"))
        self.press(*name)
        self.until(lambda: self.script(f"{chosen}?.textContent.replace('…', '')") == name)
        self.press(Keys.ENTER)
        self.until(lambda: not self.all(".lm-CommandPalette-input:focus"))

    def all(self, selector: str) -> list[Any]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def part(self, name: str) -> Any:
        return self.browser.find_element(By.CSS_SELECTOR, f'[data-testid="{name}"]')

    def in_sight(self, name: str) -> bool:
        """Say whether all of a part lies where the notebook shows its cells."""
        return bool(
            self.script(
                """
            const [outer, inner] = [document.querySelector(".jp-WindowedPanel-outer"), arguments[0]]
                .map((element) => element.getBoundingClientRect());
            return outer.top < inner.top + 1 && inner.bottom < outer.bottom + 1 && inner.height > 0;
        """,
                self.part(name),
            )
        )

    def focused(self) -> str:
        return str(self.script("return document.activeElement.dataset.testid ?? ''"))

    def state(self) -> dict[str, str]:
        return dict(self.script("return {...document.querySelector('[data-testid=samorsak]')?.dataset}"))

    def ready(self) -> bool:
        """Say whether nothing runs any more, and every cell with code has run."""
        idle = self.script("""
            const status = document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status;
            return status === "idle" && !document.querySelector(".jp-Spinner, .jp-Dialog")
        """)
        return idle and "Idle" in self.browser.find_element(By.ID, "jp-main-statusbar").text

    def ran(self) -> bool:
        prompts = self.script("""
            return [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map((e) => e.textContent)
        """)
        return self.ready() and prompts == [f"[{n + 1}]:" for n in range(len(prompts))] != []

    def enter_widget(self) -> None:
        """Go up to the widget's cell, and with Tab to the answer."""
        here = "return document.querySelector('.jp-Cell.jp-mod-active').textContent.includes('samorsak.annotate(')"
        for _ in range(20):
            if self.script(here):
                break
            self.press(Keys.ARROW_UP)
        for _ in range(10):
            if self.focused() == "answer":
                return
            self.press(Keys.TAB)
        raise AssertionError("the answer is not reached by keyboard")

    def kernel(self) -> psutil.Process:
        (found,) = [p for p in self.server.children(recursive=True) if "ipykernel_launcher" in p.cmdline()]
        return found

    def marked(self) -> list[tuple[str, str]]:
        found = self.script("""
            return [...document.querySelectorAll('.s-answer mark')].map((m) => [m.textContent, m.dataset.category])
        """)
        return [(text, category) for text, category in found]

    def grave(self) -> list[tuple[str, list[str]]]:
        """Give what axe-core finds serious or critical in the widget."""
        self.script(AXE)
        found = self.browser.execute_async_script("""
            axe.run(document.querySelector("[data-testid=samorsak]")).then(arguments[0])
        """)
        assert found["passes"]
        return [
            (v["id"], [node["html"][:120] for node in v["nodes"]])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]


@pytest.fixture
def lab(chromium: Chrome, server: tuple[psutil.Process, str]) -> Iterator[Lab]:
    """Open the notebook; at the end, nothing was asked for but of the server."""
    process, address = server
    for log in ("browser", "performance"):
        chromium.get_log(log)
    shape = {"width": DESKTOP[0], "height": DESKTOP[1], "deviceScaleFactor": 1, "mobile": False}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
    lab = Lab(chromium, process, address)
    chromium.get(f"{address}lab/tree/notebooks/{NOTEBOOK}")
    lab.until(lab.ready)
    yield lab
    messages = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    asked = {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}
    chromium.get("about:blank")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


# ---- what is asked, what is pressed, and what should be on disk then


def words(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in WORD.finditer(text)]


def outcomes(row: QueueRow) -> tuple[str, ...]:
    return SCHEME.outcomes(row.question)


def suggested(row: QueueRow) -> QueueRow:
    """Suggest words 1 to 3 and 5 to 8."""
    spans = words(row.text)
    stretches = [(spans[0][0], spans[2][1]), (spans[4][0], spans[7][1])]
    marks = [
        Suggestion(start=start, end=end, category=category, probability=0.6)
        for (start, end), category in zip(stretches, outcomes(row), strict=False)
    ]
    reason = Reason(name="low_margin", strength=0.7, statement=1)
    return row.model_copy(update={"statements": tuple(marks), "reasons": (reason,)})


def plain(text: str) -> bool:
    """Say whether an answer begins with ten words and nothing but commas and full stops between."""
    spans = words(text)[:10]
    between = [text[left[1] : right[0]] for left, right in pairwise(spans)]
    return len(spans) == 10 and spans[0][0] == 0 and all(re.fullmatch(r"[ ,.]+", gap) for gap in between)


def queue() -> list[QueueRow]:
    """Take twenty answers of each question, every other with two suggestions."""
    rows = rows_of(ROOT / "samorsak" / "rounds" / "uppfoljning-2024.yaml")
    rows = tuple(row for row in rows if plain(row.text))
    of_each = [[row for row in rows if row.question == question][:20] for question in SCHEME.questions]
    return [suggested(row) if place % 2 == 0 else row for own in of_each for place, row in enumerate(own)]


ROWS = queue()


@dataclass(frozen=True)
class Act:
    """Keys to press on an answer, and what is decided then; `marks` None: it is skipped.

    `asked` is how often Python is asked on the way.
    """

    keys: Sequence[str]
    marks: list[Marked] | None
    note: str = ""
    flags: tuple[str, ...] = ()
    asked: int = 1


def act(name: str, row: QueueRow) -> Act:
    """Give what to press on a row."""
    span = words(row.text)
    own = outcomes(row)
    key = category_keys(SCHEME, row.question)
    whole = Marked(0, len(row.text.rstrip()), "other")
    given = [Marked(s.start, s.end, s.category) for s in row.statements]
    first, second = given or (whole, whole)
    enter, right, select = Keys.ENTER, Keys.ARROW_RIGHT, f"shift+{Keys.ARROW_RIGHT}"
    everything = [Keys.HOME, f"shift+{Keys.END}"]
    label = SCHEME.label(row.question, own[3])
    acts = {
        "accept": Act([enter], given),
        "change": Act([key[own[4]], enter], [Marked(first.start, first.end, own[4]), second]),
        "join": Act(["6", enter], [Marked(first.start, second.end, first.category)]),
        "split": Act(
            [Keys.HOME, right, "5", key[own[5]], enter],
            [Marked(*span[0], first.category), Marked(span[1][0], first.end, own[5]), second],
        ),
        "borders": Act(
            ["3", "2", Keys.ARROW_DOWN, "4", "1", enter],
            [Marked(*span[1], first.category), Marked(span[3][0], span[8][1], second.category)],
        ),
        "remove": Act([Keys.DELETE, enter], [second]),
        "change of mind": Act([Keys.DELETE, key[own[6]], "0", "0", enter], given),
        "comment": Act(["9", *"osäker 70 b", enter, enter], given, "osäker 70 b"),
        "flag": Act(["8", enter], given, flags=("flagged",)),
        "no cause": Act(["n", enter], []),
        "other": Act([*everything, "o", enter], [whole]),
        "mark": Act(
            [select, select, key[own[0]], right, right, Keys.ARROW_LEFT, select, select, key[own[1]], enter],
            [Marked(0, span[1][1], own[0]), Marked(span[3][0], span[4][1], own[1])],
        ),
        "search": Act([*everything, "/", *label, enter, enter], [Marked(whole.start, whole.end, own[3])]),
        "there and back": Act([Keys.PAGE_UP, Keys.PAGE_DOWN, "n", enter], [], asked=3),
        "take back": Act(["n", enter, "0", *everything, "o", enter], [whole], asked=3),
        "skip": Act(["7"], None, flags=("skipped",)),
    }
    return acts[name]


WITH = ("accept", "change", "join", "split", "borders", "remove", "change of mind", "comment", "flag")
WITHOUT = ("mark", "no cause", "search", "other", "take back", "there and back", "skip", "mark", "search")


def plan() -> list[Act]:
    """Give an act for every row, all of those there are before any comes twice."""
    return [act((WITHOUT if n % 2 else WITH)[n // 2 % 9], row) for n, row in enumerate(ROWS)]


def on_disk(tree: Path) -> dict[str, Annotation]:
    view = Store(tree / "notebooks" / "annoterat-2024" / "annotations" / "af", SCHEME).view()
    return {recorded.annotation.answer_id: recorded.annotation for recorded in view}


def expected(done: dict[int, Act]) -> dict[str, tuple[Any, ...]]:
    found = {}
    for place, one in done.items():
        marks = None if one.marks is None else tuple(one.marks)
        found[ROWS[place].answer_id] = (marks, one.note, one.flags)
    return found


def check(tree: Path, done: dict[int, Act]) -> None:
    kept = {key: (a.statements, a.note, a.flags) for key, a in on_disk(tree).items()}
    assert kept == expected(done)


def code(lab: Lab, tree: Path, done: dict[int, Act], decisions: int) -> None:
    """Code until so many answers are decided; each is on disk when the next is shown."""
    acts = plan()
    while sum(one.marks is not None for one in done.values()) < decisions:
        state = lab.state()
        place = int(state["place"])
        assert place == min(set(range(len(ROWS))) - set(done))
        assert state["answerId"] == ROWS[place].answer_id
        lab.press(*acts[place].keys)
        seq = str(int(state["seq"]) + acts[place].asked)
        lab.until(lambda seq=seq: lab.state()["seq"] == seq, 60)
        done[place] = acts[place]
        check(tree, done)
        assert lab.focused() == "answer"


def cells(tree: Path) -> list[tuple[str, str, str]]:
    notebook = nbformat.read(tree / "notebooks" / NOTEBOOK, as_version=4)
    return [(cell.id, cell.cell_type, cell.source) for cell in notebook.cells]


# ---- the tests


def test_thirty_answers_by_keyboard_with_the_kernel_killed_on_the_way(lab: Lab, tree: Path) -> None:
    before, done = cells(tree), {}
    lab.command("Run All Cells")
    lab.until(lab.ran)
    lab.enter_widget()
    code(lab, tree, done, 15)
    assert lab.grave() == []
    kernel = lab.kernel()

    # killed while an answer is half done: what was decided is there, what was not is kept on the page
    place = int(lab.state()["place"])
    row = ROWS[place]
    lab.press("n", Keys.HOME, f"shift+{Keys.END}", "o")
    kernel.kill()
    lab.press(Keys.ENTER)
    lab.until(lambda: lab.part("warning").is_displayed())
    assert lab.part("warning").text.startswith("Python svarar inte")
    assert lab.in_sight("warning")
    check(tree, done)
    lab.until(lambda: lab.all(".jp-Dialog-button.jp-mod-accept:focus"))  # says that the kernel has died
    lab.press(Keys.ENTER)
    lab.until(lambda: lab.focused() == "answer")
    assert lab.marked() == [(row.text.strip(), "other")]
    assert lab.state()["answerId"] == row.answer_id
    check(tree, done)

    lab.command("Restart Kernel and Run All Cells")
    lab.until(lambda: lab.all(".jp-Dialog-button.jp-mod-accept:focus, .jp-Dialog-button.jp-mod-warn:focus"))
    lab.press(Keys.ENTER)
    lab.until(lambda: lab.ran() and lab.state().get("seq") == "1")  # a new widget
    assert lab.kernel().pid != kernel.pid
    assert int(lab.state()["place"]) == place
    lab.enter_widget()
    code(lab, tree, done, 30)
    assert lab.part("progress").text.startswith("30 av 40 avgjorda · 1 överhoppade")

    lab.command("Use Theme: JupyterLab Dark")
    lab.until(lambda: lab.state()["theme"] == "dark")
    assert lab.grave() == []

    # letters, digits and Enter were the widget's alone
    assert lab.all(".jp-Dialog") == []
    file = tree / "notebooks" / NOTEBOOK
    written = file.stat().st_mtime_ns
    lab.press("ctrl+s")
    lab.until(lambda: file.stat().st_mtime_ns > written)
    lab.until(lambda: not lab.all(".jp-mod-dirty"))
    assert cells(tree) == before
    origins = {a.answer_id: a.origin for a in on_disk(tree).values()}
    assert set(origins.values()) == {"suggested"}
