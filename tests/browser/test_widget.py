"""The annotation widget in a page of its own, used by keyboard and mouse; every answer is constructed.

The page's model is a stand-in; what it sends is answered by the real widget, session and store.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from conftest import DESKTOP
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from samorsak.annotations import Annotation, Marked, QueueRow, Reason, Store, Suggestion
from samorsak.pipeline.nearest import NearestExamples
from samorsak.pipeline.session import Session
from samorsak.scheme import read_scheme
from samorsak.widget.view import AnnotationWidget

Browse = Callable[..., Chrome]
AXE = next(Path(axe_core_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
NARROW = (600, 900)

PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Widget</title><style>{css}
body {{ margin: 1rem; background: #fff; }} @media (prefers-color-scheme: dark) {{ body {{ background: #111; }} }}
</style></head><body><main id="place"></main><script type="module">{script}</script></body></html>"""

MODEL = """
const listeners = {}, state = arguments[0];
window.sent = [];
window.outside = [];
document.addEventListener("keydown", (event) => window.outside.push(event.key));
window.model = {
  get: (name) => state[name],
  set: (name, value) => { state[name] = value; for (const heard of listeners["change:" + name] ?? []) heard(); },
  on: (name, heard) => (listeners[name] ??= []).push(heard),
  off: (name, heard) => { listeners[name] = (listeners[name] ?? []).filter((other) => other !== heard); },
  send: (content) => window.sent.push(content),
  save_changes: () => {},
};
window.reply = (content) => { for (const heard of listeners["msg:custom"] ?? []) heard(content); };
window.closing = window.widget.render({ model: window.model, el: document.getElementById("place") });
"""

ANSWERS = (
    "Vi är för få och kommunen har slutat skicka folk till jobbspåren. Dessutom vet ingen vem som ska ringa vem.",
    "Tidsbrist 😀 e\u0301n vecka.\nKursen i svenska ställdes in.",
    "<script>alert(1)</script> \u202eregler\u202c & sekretess",
    "Vet ej",
)


class Used:
    """A browser with the widget in it; what the page asks is answered before anything is looked at."""

    def __init__(self, browser: Chrome, widget: AnnotationWidget) -> None:
        self.browser, self.widget = browser, widget
        self.dead = False

    def settle(self) -> None:
        def idle(browser: Chrome) -> bool:
            sent = browser.execute_script("return window.sent.splice(0)")
            for message in [] if self.dead else sent:
                browser.execute_script("window.reply(arguments[0])", self.widget.answer(message))
            return not sent

        WebDriverWait(self.browser, 20, 0.02).until(idle)

    def press(self, *keys: str) -> None:
        for key in keys:
            shifted = key.startswith("shift+")
            actions = ActionChains(self.browser, duration=0)
            if shifted:
                actions.key_down(Keys.SHIFT)
            actions.send_keys(key.removeprefix("shift+"))
            if shifted:
                actions.key_up(Keys.SHIFT)
            actions.perform()
            self.settle()

    def find(self, name: str) -> Any:
        return self.browser.find_element(By.CSS_SELECTOR, f'[data-testid="{name}"]')

    def focus(self) -> None:
        self.browser.execute_script("arguments[0].focus()", self.find("answer"))

    @property
    def status(self) -> str:
        return str(self.find("status").text)

    @property
    def marked(self) -> list[tuple[str, str]]:
        script = """return [...document.querySelectorAll('.s-answer mark')].map((m) => [m.textContent, m.dataset.category])"""
        return [(text, category) for text, category in self.browser.execute_script(script)]

    def decisions(self) -> list[tuple[str, list[tuple[str, str]] | None]]:
        found = []
        for recorded in self.widget.session.store.view():
            a = recorded.annotation
            marks = None if a.statements is None else [(a.text[m.start : m.end], m.category) for m in a.statements]
            found.append((a.answer_id, marks))
        return found


def suggestion(text: str, stretch: str, category: str, probability: float = 0.8) -> Suggestion:
    start = text.index(stretch)
    return Suggestion(start=start, end=start + len(stretch), category=category, probability=probability,
                      next_category="unclear_roles", next_probability=0.1)  # fmt: skip


def rows(suggested: bool) -> list[QueueRow]:
    found = []
    for number, text in enumerate(ANSWERS, 1):
        marks: tuple[Suggestion, ...] = ()
        reasons: tuple[Reason, ...] = ()
        if suggested and number == 1:
            marks = (
                suggestion(text, "Vi är för få", "limited_resources"),
                suggestion(text, "kommunen har slutat skicka folk till jobbspåren", "no_joint_measures", 0.55),
                suggestion(text, "vet ingen vem som ska ringa vem", "unclear_roles", 0.48),
            )
            reasons = (Reason(name="close_categories", strength=0.7, statement=3, says="lacking_structures"),)
        background = {"Region": "Syd", "Antal kommuner": "2", "Uppföljningen genomförd tillsammans": "Ja"}
        found.append(QueueRow(answer_id=f"{number}/missed", round="2024", question="missed", text=text,
                              background=background, statements=marks, reasons=reasons))  # fmt: skip
    return found


def example(text: str, category: str) -> Annotation:
    return Annotation("x", "", "missed", text, (Marked(0, len(text) - 1, category),), None, "constructed")


@pytest.fixture
def use(browse: Browse, tmp_path: Path) -> Iterator[Callable[..., Used]]:
    def opened(suggested: bool = False, size: tuple[int, int] = DESKTOP, dark: bool = False, **options: Any) -> Used:
        lang = options.pop("lang", "sv")
        store = Store(tmp_path / "annotations", read_scheme("af"))
        session = Session(rows(suggested), store.scheme, store, "kl", **options)
        known = [example(f"Vi har för lite {word}.", "limited_resources") for word in ("folk", "tid", "pengar", "lokaler")]
        widget = AnnotationWidget(session, NearestExamples(known), lang)
        script = widget._esm.replace("export default", "globalThis.widget =")
        (tmp_path / "widget.html").write_text(PAGE.format(css=widget._css, script=script), encoding="utf-8")
        browser = browse(tmp_path / "widget.html", size=size, dark=dark)
        traits = {name: getattr(widget, name) for name in ("lang", "texts", "scheme", "shown")}
        browser.execute_script(MODEL, traits)
        used = Used(browser, widget)
        used.settle()
        return used

    yield opened


def test_look(use: Callable[..., Used], tmp_path: Path) -> None:
    import time
    for size in (DESKTOP, NARROW):
        for dark in (False, True):
            used = use(True, size, dark)
            used.focus()
            used.press(Keys.ARROW_DOWN)
            time.sleep(0.5)
            used.settle()
            h = used.browser.execute_script("return document.documentElement.scrollHeight")
            used.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": size[0], "height": h, "deviceScaleFactor": 1, "mobile": False})
            used.browser.save_screenshot(f"/tmp/shot_{size[0]}_{'dark' if dark else 'light'}.png")
