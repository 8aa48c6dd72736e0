"""The annotation widget in a page of its own, used by keyboard and mouse; every answer is constructed.

The page's model is a stand-in; what it sends is answered by the real widget, session and store.
"""

from collections.abc import Callable
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
            held = [Keys.CONTROL] * ("ctrl+" in key) + [Keys.SHIFT] * ("shift+" in key)
            actions = ActionChains(self.browser, duration=0)
            for modifier in held:
                actions.key_down(modifier)
            actions.send_keys(key.removeprefix("ctrl+").removeprefix("shift+"))
            for modifier in held:
                actions.key_up(modifier)
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
            marks = (
                None
                if a.statements is None
                else [(a.text[m.start : m.end], m.category) for m in a.statements]
            )
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
                suggestion(
                    text, "kommunen har slutat skicka folk till jobbspåren", "no_joint_measures", 0.55
                ),
                suggestion(text, "vet ingen vem som ska ringa vem", "unclear_roles", 0.48),
            )
            reasons = (Reason(name="close_categories", strength=0.7, statement=3, says="lacking_structures"),)
        background = {"Region": "Syd", "Antal kommuner": "2", "Uppföljningen genomförd tillsammans": "Ja"}
        found.append(QueueRow(answer_id=f"{number}/missed", round="2024", question="missed", text=text,
                              background=background, statements=marks, reasons=reasons))  # fmt: skip
    return found


def example(text: str, category: str) -> Annotation:
    return Annotation("x", "", "missed", text, (Marked(0, len(text) - 1, category),), None, "constructed")


def widget_of(folder: Path, suggested: bool = False, lang: str = "sv", **options: Any) -> AnnotationWidget:
    store = Store(folder / "annotations", read_scheme("af"))
    session = Session(rows(suggested), store.scheme, store, "kl", **options)
    words = ("folk", "tid", "pengar", "lokaler")
    known = [example(f"Vi har för lite {word}.", "limited_resources") for word in words]
    return AnnotationWidget(session, NearestExamples(known), lang)  # type: ignore[arg-type]


def write_page(widget: AnnotationWidget, place: Path) -> Path:
    script = widget._esm.replace("export default", "globalThis.widget =")
    place.write_text(PAGE.format(css=widget._css, script=script), encoding="utf-8")
    return place


def begin(browser: Chrome, widget: AnnotationWidget) -> Used:
    traits = {name: getattr(widget, name) for name in ("lang", "texts", "scheme", "shown")}
    browser.execute_script(MODEL, traits)
    used = Used(browser, widget)
    used.settle()
    return used


@pytest.fixture
def use(browse: Browse, tmp_path: Path) -> Callable[..., Used]:
    def opened(
        suggested: bool = False, size: tuple[int, int] = DESKTOP, dark: bool = False, **options: Any
    ) -> Used:
        widget = widget_of(tmp_path, suggested, **options)
        return begin(browse(write_page(widget, tmp_path / "widget.html"), size=size, dark=dark), widget)

    return opened


def violations(used: Used) -> list[tuple[str, list[str]]]:
    used.browser.execute_script(AXE)
    found = used.browser.execute_async_script(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(arguments[0])"
    )
    assert found["passes"]
    return [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found["violations"]]


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["wide", "narrow"])
def test_nobody_is_shut_out(use: Callable[..., Used], size: tuple[int, int], dark: bool, lang: str) -> None:
    used = use(True, size, dark, lang=lang)
    used.focus()
    assert used.find("samorsak").get_attribute("data-theme") == ("dark" if dark else "light")
    assert violations(used) == []
    used.press(Keys.ARROW_RIGHT, f"shift+{Keys.ARROW_RIGHT}", "9")  # a selection, and the comment's field
    assert violations(used) == []
    used.press(Keys.ESCAPE, "?")
    assert violations(used) == []
    used.press(Keys.ESCAPE, "/", "r")
    assert violations(used) == []
    used.press(Keys.ESCAPE, "7", "7", "7", "7")
    assert used.find("samorsak").get_attribute("data-state") == "finished"
    assert violations(used) == []
    width = used.browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= size[0]


def test_answers_are_marked_and_saved_by_keyboard_alone(use: Callable[..., Used]) -> None:
    used = use()
    used.press(Keys.TAB, Keys.TAB)  # past the help button
    assert used.browser.switch_to.active_element.get_attribute("data-testid") == "answer"
    used.press(*[f"shift+{Keys.ARROW_RIGHT}"] * 4, "b")
    assert used.marked == [("Vi är för få", "limited_resources")]
    used.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT, *[f"shift+{Keys.ARROW_RIGHT}"] * 7, "h")
    assert (
        used.status
        == "Gemensamma insatser har inte kommit till stånd: kommunen har slutat skicka folk till jobbspåren"
    )
    used.press(Keys.END, "r")  # nothing selected: the sentence at the caret
    expected = [
        ("Vi är för få", "limited_resources"),
        ("kommunen har slutat skicka folk till jobbspåren", "no_joint_measures"),
        ("Dessutom vet ingen vem som ska ringa vem", "unclear_roles"),
    ]
    assert used.marked == expected
    assert used.decisions() == []
    used.press(Keys.ENTER)
    assert used.decisions() == [("1/missed", expected)]
    assert used.status.startswith("Sparat. Svar 2 av 4.")
    assert "Tidsbrist" in used.status
    assert used.find("progress").text == "1 av 4 avgjorda"
    assert used.browser.switch_to.active_element.get_attribute("data-testid") == "answer"
    assert used.browser.execute_script("return window.outside") == ["Tab", "Tab"]


def test_offsets_are_code_points_whatever_the_text_holds(use: Callable[..., Used]) -> None:
    used = use()
    used.press(
        Keys.TAB, Keys.TAB, Keys.PAGE_DOWN, f"shift+{Keys.ARROW_RIGHT}", f"shift+{Keys.ARROW_RIGHT}", "b"
    )
    assert used.marked == [("Tidsbrist 😀", "limited_resources")]
    used.press(",", ".", ".", "shift+.")  # over the accent too, which is no place for a caret
    used.press("f", Keys.END, "u", Keys.ENTER)
    text = ANSWERS[1]
    assert used.decisions() == [("2/missed", [("Tidsbrist 😀", "limited_resources"), ("e\u0301", "too_little_time"),
                                              ("Kursen i svenska ställdes in", "education_shortfall")])]  # fmt: skip
    (recorded,) = used.widget.session.store.view()
    first, *_ = recorded.annotation.statements or ()
    assert (first.start, first.end) == (0, text.index("😀") + 1)
    assert used.browser.execute_script("return arguments[0].textContent", used.find("answer")) == ANSWERS[2]
    assert used.browser.execute_script("return document.querySelectorAll('#place script').length") == 0
    used.press(f"shift+{Keys.END}", "v", Keys.ENTER)
    assert used.decisions()[-1] == ("3/missed", [(ANSWERS[2], "regulations")])


def test_offsets_agree_with_python_on_any_text(use: Callable[..., Used]) -> None:
    used = use()
    script = used.widget._esm.replace("export default", "const unused =")
    call = """const {pointStarts, toPoint, toUnit} = new Function(arguments[0] + "; return {pointStarts, toPoint, toUnit}")();
    const starts = pointStarts(arguments[1]);
    return [starts.length - 1, starts.map((unit) => toPoint(starts, unit)), starts.map((_, point) => arguments[1].slice(0, toUnit(starts, point)))];"""
    for text in ("", "abc", "a😀b👩‍👩‍👧c", "e\u0301\nå", "\U0001d4b3\u202e\U0001d4b4\n\n🇸🇪"):
        length, points, heads = used.browser.execute_script(call, script, text)
        assert (length, points) == (len(text), list(range(len(text) + 1)))
        assert heads == [text[:point] for point in range(len(text) + 1)]


def test_suggestions_are_accepted_changed_split_joined_moved_and_taken_away(use: Callable[..., Used]) -> None:
    used = use(True)
    used.press(Keys.TAB, Keys.TAB)
    assert (
        used.find("why").text.splitlines()[1].startswith("Påstående 3: Två kategorier ligger nära varandra")
    )
    assert used.find("statement-3").get_attribute("aria-current") == "true"  # the reason speaks of it
    used.press("g")
    assert used.marked[2] == ("vet ingen vem som ska ringa vem", "lacking_structures")
    used.press("1", "2", "2", "3", "4", "4")
    assert used.marked[2][0] == "ingen vem som ska ringa vem"
    assert used.status == "Det går inte längre åt det hållet."
    used.press(Keys.ARROW_UP, *[Keys.ARROW_RIGHT] * 4, "5", "u")
    assert used.marked[1:3] == [
        ("kommunen har slutat skicka", "no_joint_measures"),
        ("folk till jobbspåren", "education_shortfall"),
    ]
    used.press(Keys.ARROW_UP, "6")
    assert used.marked[1] == ("kommunen har slutat skicka folk till jobbspåren", "no_joint_measures")
    used.press(Keys.ARROW_DOWN, Keys.DELETE)
    assert len(used.marked) == 2
    used.press("0", "0")
    assert len(used.marked) == 4
    used.press(Keys.ENTER)
    ((_, marks),) = used.decisions()
    assert marks is not None
    assert [category for _, category in marks] == ["limited_resources", "no_joint_measures", "education_shortfall", "lacking_structures"]  # fmt: skip
    assert used.widget.session.store.view()[0].annotation.origin == "suggested"


def test_no_cause_is_said_and_never_slips_in(use: Callable[..., Used]) -> None:
    used = use()
    used.press(Keys.TAB, Keys.TAB, Keys.ENTER)
    assert (
        used.status
        == "Inget är markerat. Tryck N om svaret inte anger någon orsak, eller 7 för att hoppa över."
    )
    assert used.decisions() == []
    used.press("b", "n")
    assert (used.marked, used.find("statements").text) == ([], "Svaret anger ingen orsak.")
    used.press("n")
    assert len(used.marked) == 1
    used.press("n", Keys.ENTER)
    assert used.decisions() == [("1/missed", [])]


def test_skipping_flags_comments_and_going_back(use: Callable[..., Used]) -> None:
    used = use()
    used.press(Keys.TAB, Keys.TAB, "7", "8", "9", "k", "o", "l", "7", Keys.ENTER, "b", Keys.ENTER)
    store = used.widget.session.store
    first, second = (recorded.annotation for recorded in store.view())
    assert (first.answer_id, first.decided, first.flags) == ("1/missed", False, ("skipped",))
    assert (second.answer_id, second.note, second.flags) == ("2/missed", "kol7", ("flagged",))
    assert used.find("progress").text == "1 av 4 avgjorda · 1 överhoppade · 1 flaggade"
    used.press(Keys.PAGE_UP)
    assert used.find("state").text == "Avgjort tidigare"
    assert used.find("command-flag").get_attribute("aria-pressed") == "true"
    used.press(Keys.ENTER)  # nothing changed: nothing is written
    assert len(store.history()) == 2
    used.press("n", Keys.ENTER, "n", Keys.ENTER)
    assert used.find("samorsak").get_attribute("data-state") == "finished"
    used.find("go-skipped").click()
    used.settle()
    assert used.find("samorsak").get_attribute("data-answer-id") == "1/missed"
    used.press("b", Keys.ENTER)
    assert used.find("progress").text == "4 av 4 avgjorda · 1 flaggade"


def test_the_last_decision_is_taken_back_as_a_new_line(use: Callable[..., Used]) -> None:
    used = use()
    used.press(Keys.TAB, Keys.TAB, "b", Keys.ENTER, "0")
    assert used.decisions() == []
    assert used.status.startswith("Beslutet är ångrat. Svar 1 av 4.")
    assert used.marked == [
        ("Vi är för få och kommunen har slutat skicka folk till jobbspåren", "limited_resources")
    ]
    used.press(Keys.ENTER)
    assert [answer_id for answer_id, _ in used.decisions()] == ["1/missed"]
    log = used.widget.session.store.folder / "kl.jsonl"
    assert len(log.read_text(encoding="utf-8").splitlines()) == 3


def test_a_category_is_found_by_typing(use: Callable[..., Used]) -> None:
    used = use()
    used.press(Keys.TAB, Keys.TAB, "/", *"forand")
    assert [item.text for item in used.find("found").find_elements(By.TAG_NAME, "li")] == [
        "S\nOrganisationsförändringar"
    ]
    assert "change of managers" in used.find("definition").text
    used.press(Keys.ENTER)
    assert [category for _, category in used.marked] == ["reorganisation"]
    used.press("/", Keys.ARROW_DOWN, Keys.ESCAPE)
    assert used.browser.switch_to.active_element.get_attribute("data-testid") == "answer"
    assert [category for _, category in used.marked] == ["reorganisation"]


def test_the_category_in_focus_is_explained(use: Callable[..., Used]) -> None:
    used = use()
    used.press(Keys.TAB, Keys.TAB, "b")
    WebDriverWait(used.browser, 20).until(
        lambda _: used.settle() or used.browser.find_elements(By.CSS_SELECTOR, '[data-testid="examples"] li')
    )
    shown = [item.text for item in used.find("examples").find_elements(By.TAG_NAME, "li")]
    assert len(shown) == 3
    assert all(text.startswith("Vi har för lite") for text in shown)
    assert "A reorganisation" in used.find("excludes").text
    assert "”Begränsade resurser”" in used.find("borders").text
    assert "limited_resources" not in used.find("about").text


def test_a_mouse_does_as_well(use: Callable[..., Used]) -> None:
    used = use()
    place = used.browser.execute_script("""
      const walk = document.createTreeWalker(document.querySelector(".s-answer"), NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const at = node.data.indexOf("kommunen");
        if (at >= 0) { range.setStart(node, at); range.setEnd(node, at + "kommunen har".length); }
      }
      const box = range.getBoundingClientRect();
      return [box.left + 1, box.right - 1, (box.top + box.bottom) / 2].map(Math.round);
    """)
    left, right, y = place
    actions = ActionChains(used.browser, duration=50).w3c_actions
    actions.pointer_action.move_to_location(left, y).pointer_down().move_to_location(right, y).pointer_up()
    actions.perform()
    used.find("category-no_joint_measures").click()
    used.settle()
    assert used.marked == [("kommunen har", "no_joint_measures")]
    assert used.browser.switch_to.active_element.get_attribute("data-testid") == "answer"
    used.find("command-save").click()
    used.settle()
    assert used.decisions() == [("1/missed", [("kommunen har", "no_joint_measures")])]


def test_every_key_is_a_button_with_the_key_on_it(use: Callable[..., Used]) -> None:
    used = use()
    for button in used.browser.find_elements(By.CSS_SELECTOR, ".samorsak button[aria-keyshortcuts]"):
        key = button.get_attribute("aria-keyshortcuts")
        cap = button.find_element(By.TAG_NAME, "kbd").text
        shown = {"ArrowUp": "↑", "ArrowDown": "↓", "Delete": "Del", "PageUp": "PgUp", "PageDown": "PgDn"}
        assert cap == shown.get(key, key.upper() if len(key) == 1 else key)
    assert len(used.find("categories").find_elements(By.TAG_NAME, "button")) == 15
    used.press(Keys.TAB, Keys.ENTER)
    assert used.find("helping").is_displayed()
    used.press(Keys.ESCAPE)
    assert not used.find("helping").is_displayed()


def test_focus_is_never_lost(use: Callable[..., Used]) -> None:
    used = use(True)
    used.browser.execute_script("arguments[0].focus()", used.find("statement-1"))
    used.press(Keys.ENTER)
    assert used.find("statement-1").get_attribute("aria-current") == "true"
    focused = used.browser.switch_to.active_element
    assert focused.get_attribute("data-testid") == "answer"
    used.browser.execute_script("arguments[0].focus()", used.find("command-save"))
    used.press(Keys.ENTER)
    assert used.browser.switch_to.active_element.get_attribute("data-testid") == "command-save"
    assert [answer_id for answer_id, _ in used.decisions()] == ["1/missed"]
    used.press("7", "7", "7")
    assert used.browser.switch_to.active_element.get_attribute("data-testid") == "finished"
    used.press("0")
    assert used.browser.switch_to.active_element.get_attribute("data-testid") == "answer"


def test_keys_of_the_page_around_are_left_alone_and_ours_do_not_reach_it(use: Callable[..., Used]) -> None:
    used = use()
    used.focus()
    used.press("a", "5", "b", Keys.ARROW_DOWN, Keys.ESCAPE, "å")
    assert used.browser.execute_script("return window.outside") == []
    ActionChains(used.browser).key_down(Keys.CONTROL).send_keys("b").key_up(Keys.CONTROL).perform()
    assert used.browser.execute_script("return window.outside") == ["Control", "b"]


def test_of_jupyterlabs_shortcuts_two_are_left_to_it(use: Callable[..., Used]) -> None:
    used = use()
    used.focus()
    assert used.find("samorsak").get_attribute("data-lm-suppress-shortcuts") is not None
    for keys, left in [("s", True), ("a", False), ("shift+c", True), ("shift+x", False), (Keys.ENTER, False)]:
        used.press(f"ctrl+{keys}")
        assert (used.find("samorsak").get_attribute("data-lm-suppress-shortcuts") is None) == left, keys
    used.press("s")
    assert used.find("samorsak").get_attribute("data-lm-suppress-shortcuts") is not None


def test_what_is_typed_while_python_writes_is_meant_for_the_next_answer(use: Callable[..., Used]) -> None:
    used = use()
    used.focus()
    ActionChains(used.browser).send_keys("b", Keys.ENTER, "n", Keys.ENTER).perform()
    used.settle()
    assert used.decisions() == [
        ("1/missed", [(ANSWERS[0].split(".")[0], "limited_resources")]),
        ("2/missed", []),
    ]


def test_a_dead_kernel_is_told_and_nothing_is_lost(use: Callable[..., Used]) -> None:
    used = use()
    used.focus()
    used.dead = True
    used.press("b", Keys.ENTER)
    WebDriverWait(used.browser, 10).until(lambda _: used.find("warning").is_displayed())
    assert used.find("warning").get_attribute("role") == "alert"
    assert used.find("warning").text.startswith("Python svarar inte")
    assert violations(used) == []
    used.press("a")
    assert used.marked == [(ANSWERS[0].split(".")[0], "limited_resources")]
    used.dead = False
    used.press(Keys.ENTER)
    assert not used.find("warning").is_displayed()
    assert used.decisions() == [("1/missed", [(ANSWERS[0].split(".")[0], "limited_resources")])]
    assert len(used.widget.session.store.history()) == 1


def test_what_cannot_be_saved_is_told_and_kept(use: Callable[..., Used]) -> None:
    used = use()
    used.focus()
    used.press("b")
    used.widget.session.store.folder.mkdir()
    (used.widget.session.store.folder / "kl.jsonl").mkdir()  # nothing can be written there
    used.press(Keys.ENTER)
    assert used.find("warning").text.startswith("Inte sparat: ")
    assert len(used.marked) == 1


def test_another_window_is_seen(use: Callable[..., Used]) -> None:
    used = use()
    used.focus()
    other = Store(used.widget.session.store.folder, used.widget.session.scheme)
    Session(rows(False), other.scheme, other, "kl").decide(1, ())
    used.press("b", Keys.ENTER)
    assert used.find("samorsak").get_attribute("data-answer-id") == "3/missed"
    assert used.find("progress").text == "2 av 4 avgjorda"
