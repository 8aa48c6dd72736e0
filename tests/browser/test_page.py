"""A report as a page, opened and used as people do; every figure and answer is constructed."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import axe_core_python
import pytest
from conftest import DESKTOP, PHONE
from documents import HOSTILE, MISSED, constructed_document
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from samorsak.report.document import Document, Verbatim, Verbatims
from samorsak.report.page import write_page
from samorsak.report.page.markup import clean

Browse = Callable[..., Chrome]
SMALLEST = (320, 640)

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
VIOLATIONS = """
const [rules, done] = arguments;
axe.run(document, { runOnly: { type: "tag", values: rules } }).then((found) => done({
  violations: found.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200))]),
  passed: found.passes.map((p) => p.id),
}));
"""

LISTED = """
return [...document.querySelectorAll(`#${arguments[0]} li`)].map((item) => {
  const answer = item.querySelector(".answer");
  const inside = [...answer.children].map((e) => e.tagName);
  return [answer.textContent, answer.querySelector("mark").textContent, inside];
});
"""

OUTSIDE = """
return [...document.querySelectorAll("figure text")]
  .filter((text) => text.checkVisibility())
  .filter((text) => {
    const [own, all] = [text, text.closest("figure")].map((e) => e.getBoundingClientRect());
    return own.left < all.left - 1 || own.right > all.right + 1;
  })
  .map((text) => text.textContent);
"""

SEARCH_TIMES = """
const [words] = arguments;
const form = document.querySelectorAll("form")[1];
const input = form.querySelector("input");
return words.map((word) => {
  input.value = word;
  const began = performance.now();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - began;
});
"""


def write(folder: Path, document: Document) -> Path:
    write_page(folder / "rapport.html", document)
    return folder / "rapport.html"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return write(tmp_path, constructed_document())


def said_of(document: Document, name: str) -> Verbatims:
    blocks = [block for one in document.sections for block in one.blocks]
    (found,) = [block for block in blocks if isinstance(block, Verbatims) and block.name == name]
    return found


def with_answers(*rows: Verbatim) -> Document:
    """Make a report whose only statements are these, of one category."""
    document = constructed_document()
    missed = next(one for one in document.sections if one.name == "causes-missed")
    return replace(
        document,
        sections=(replace(missed, blocks=(*missed.blocks[:4], Verbatims("v", "Tid", len(rows), rows))),),
    )


def panel(browser: Chrome, question: str = "missed") -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, f"[aria-labelledby=said-causes-{question}]")


def search(browser: Chrome, words: str) -> str:
    """Search among the answers on missing results, and give what is said of it."""
    within = panel(browser)
    field = within.find_element(By.CSS_SELECTOR, "input")
    field.clear()
    field.send_keys(words)
    return str(within.find_element(By.CSS_SELECTOR, "[role=status]").text)


def listed(browser: Chrome, name: str) -> list[tuple[str, str]]:
    rows = browser.execute_script(LISTED, f"verbatims-{name}")
    assert {tuple(inside) for *_, inside in rows} <= {("MARK",)}  # text is text, not elements
    return [(text, marked) for text, marked, _ in rows]


@pytest.mark.parametrize(
    ("kind", "size", "dark"),
    [
        ("sv", DESKTOP, False),
        ("sv", DESKTOP, True),
        ("sv", PHONE, False),
        ("sv", PHONE, True),
        ("en", SMALLEST, False),
        ("public", PHONE, True),
    ],
)
def test_axe_finds_nothing_against_wcag(
    browse: Browse, tmp_path: Path, kind: str, size: tuple[int, int], dark: bool
) -> None:
    lang: Any = "en" if kind == "en" else "sv"
    browser = browse(write(tmp_path, constructed_document(lang, public=kind == "public")), size, dark)
    browser.execute_script(AXE)
    states = [lambda: None]
    if kind != "public":
        states = [
            lambda: browser.execute_script(
                "document.querySelectorAll('details').forEach((d) => (d.open = true))"
            ),
            lambda: search(browser, "rutiner"),
            lambda: search(browser, "finns inte"),
        ]
    for reach in states:
        reach()
        found = browser.execute_async_script(VIOLATIONS, RULES)
        assert found["violations"] == []
        assert {"color-contrast", "html-has-lang", "svg-img-alt"} <= set(found["passed"])


def test_everything_is_reached_and_used_by_keyboard(browse: Browse, page: Path) -> None:
    browser = browse(page)
    passed: list[str] = []
    for _ in range(200):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        now = browser.switch_to.active_element
        if now.tag_name == "body":
            break
        passed.append(named(now))
        width, style = (now.value_of_css_property(f"outline-{part}") for part in ("width", "style"))
        assert style != "none" and float(width.removesuffix("px")) >= 2, passed[-1]
        if passed[-1] == "verbatims-missed-goals":
            now.send_keys(Keys.ENTER)
            assert len(listed(browser, "missed-goals")) == 10
        if passed.count("button verbatims-missed-goals") == 1 and now.tag_name == "button":
            now.send_keys(Keys.ENTER)
            first = browser.switch_to.active_element
            assert first.text.startswith(listed(browser, "missed-goals")[10][0])
    reachable = browser.execute_script(
        "return [...document.querySelectorAll('a, input, select, button, summary, [tabindex=\"0\"]')]"
        ".filter((e) => e.checkVisibility()).length"
    )
    assert len(passed) == reachable + 1  # "more", once again after what it showed
    assert passed[:2] == ["#page-main", "#how"]
    for name in ("input", "select", "reset", "#verbatims-achieved-focus", "verbatims-missed-other"):
        assert name in passed


def named(element: WebElement) -> str:
    if element.tag_name == "summary":
        return str(element.find_element(By.XPATH, "..").get_attribute("id"))
    if element.tag_name == "button" and element.get_attribute("type") == "button":
        return f"button {element.find_element(By.XPATH, '..').get_attribute('id')}"
    if element.tag_name == "a":
        return str(element.get_dom_attribute("href"))
    return "reset" if element.tag_name == "button" else element.tag_name


def test_the_skip_link_leads_past_the_contents(browse: Browse, page: Path) -> None:
    browser = browse(page)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    skip = browser.switch_to.active_element
    assert skip.rect["y"] >= 0
    skip.send_keys(Keys.ENTER)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    now = browser.switch_to.active_element
    assert browser.execute_script("return document.querySelector('main').contains(arguments[0])", now)


def test_a_category_shows_its_statements_inside_their_answers(browse: Browse, page: Path) -> None:
    browser = browse(page)
    said = said_of(constructed_document(), "missed-goals")
    fold = browser.find_element(By.ID, "verbatims-missed-goals")
    fold.find_element(By.TAG_NAME, "summary").click()
    more = fold.find_element(By.TAG_NAME, "button")
    while more.is_displayed():
        more.click()
    expected = [(clean(row.text), clean(row.text[row.start : row.end])) for row in said.rows]
    assert listed(browser, "missed-goals") == expected
    assert len(expected) > 20
    assert {clean(text) for text in HOSTILE} <= {marked for _, marked in expected}
    assert browser.execute_script("return window.hit") is None


def test_a_text_that_turns_the_direction_turns_nothing_but_itself(browse: Browse, page: Path) -> None:
    browser = browse(page)
    browser.find_element(By.CSS_SELECTOR, "#verbatims-missed-goals > summary").click()
    (turned,) = [
        row
        for row in browser.find_elements(By.CSS_SELECTOR, "#verbatims-missed-goals .from")
        if clean(HOSTILE[4]) in row.get_property("textContent")
    ]
    parts = turned.find_elements(By.TAG_NAME, "bdi")
    assert [part.get_property("textContent") for part in parts[3:]] == ["Kommungrupp", "Landsbygd"]
    lefts = [part.rect["x"] for part in parts]
    assert lefts == sorted(lefts)


def test_search_finds_words_whatever_their_case(browse: Browse, page: Path) -> None:
    browser = browse(page)
    document = constructed_document()
    rows = {name: said_of(document, f"missed-{name}").rows for name, *_ in MISSED}
    fits = {
        name: [row for row in own if "rutiner" in row.text.lower() and "jobbspår" in row.text.lower()]
        for name, own in rows.items()
    }
    found, total = (sum(map(len, own.values())) for own in (fits, rows))
    assert 0 < found < total
    assert search(browser, "JOBBSPÅR rutiner") == f"Visar {found} av {total} påståenden."
    for name, own in fits.items():
        fold = browser.find_element(By.ID, f"verbatims-missed-{name}")
        assert fold.is_displayed() == bool(own)
        assert [text for text, _ in listed(browser, f"missed-{name}")] == [row.text for row in own][:5]
        if own:
            assert fold.find_element(By.CSS_SELECTOR, ".n").text == f"{len(own)} av {len(rows[name])}"
    assert browser.execute_script("return CSS.highlights.get('hit').size") >= 2 * min(found, 5)
    assert search(browser, "finns inte") == "Inga påståenden passar. Ändra sökningen eller filtren."


def test_letters_with_rings_and_dots_are_letters_of_their_own_however_composed(
    browse: Browse, tmp_path: Path
) -> None:
    texts = ["får tid", "far tid", unicodedata.normalize("NFD", "FÅR mer tid"), "för tid", "for tid"]
    rows = [Verbatim(str(i), text, 0, len(text)) for i, text in enumerate(texts)]
    browser = browse(write(tmp_path, with_answers(*rows)))
    for words, expected in (
        ("får", [0, 2]),
        (unicodedata.normalize("NFD", "får"), [0, 2]),
        ("FAR", [1]),
        ("för", [3]),
        ("fo", [4]),
        ("tid", [0, 1, 2, 3, 4]),
    ):
        search(browser, words)
        assert [text for text, _ in listed(browser, "v")] == [texts[i] for i in expected], words


def test_filters_narrow_and_clear_brings_everything_back(browse: Browse, page: Path) -> None:
    browser = browse(page)
    rows = said_of(constructed_document(), "missed-routines").rows
    browser.find_element(By.CSS_SELECTOR, "#verbatims-missed-time > summary").click()
    region, group = panel(browser).find_elements(By.TAG_NAME, "select")
    chosen = next(row.background for row in rows if row.background["Region"])
    Select(region).select_by_visible_text(chosen["Region"])
    Select(group).select_by_visible_text(chosen["Kommungrupp"])
    fits = [row for row in rows if row.background == chosen]
    assert 0 < len(fits) < len(rows)
    assert [text for text, _ in listed(browser, "missed-routines")] == [row.text for row in fits]
    panel(browser).find_element(By.CSS_SELECTOR, "[type=reset]").click()
    folds = panel(browser).find_elements(By.TAG_NAME, "details")
    opened = [fold.get_attribute("id") for fold in folds if fold.get_attribute("open")]
    assert opened == ["verbatims-missed-time"]
    assert all(fold.is_displayed() for fold in folds)
    assert panel(browser).find_element(By.CSS_SELECTOR, "[role=status]").text == ""
    count = panel(browser).find_element(By.CSS_SELECTOR, "#verbatims-missed-routines .n").text
    assert count == f"{len(rows)} påståenden"


def test_a_row_of_a_table_leads_to_its_statements(browse: Browse, page: Path) -> None:
    browser = browse(page)
    search(browser, "finns inte")
    browser.find_element(By.CSS_SELECTOR, "a[href='#verbatims-missed-market']").click()
    fold = browser.find_element(By.ID, "verbatims-missed-market")
    assert fold.is_displayed() and listed(browser, "missed-market")
    assert browser.switch_to.active_element == fold.find_element(By.TAG_NAME, "summary")


def test_a_search_of_a_thousand_statements_answers_within_a_tenth_of_a_second(
    browse: Browse, tmp_path: Path
) -> None:
    document = constructed_document(answers=1000)
    rows = [row for name, *_ in MISSED for row in said_of(document, f"missed-{name}").rows]
    assert len(rows) >= 1000
    browser = browse(write(tmp_path, document))
    words = ["r", "ru", "rut", "rutiner", "rutiner jobb", "e", "", "målen", "finns inte", "en i"]
    times = browser.execute_script(SEARCH_TIMES, words)
    assert median(times) < 100, times


@pytest.mark.parametrize("size", [DESKTOP, PHONE, SMALLEST])
def test_it_fits_the_width_and_shows_the_chart_that_does(
    browse: Browse, page: Path, size: tuple[int, int]
) -> None:
    browser = browse(page, size)
    search(browser, "rutiner")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= size[0]
    wide, narrow = (browser.find_elements(By.CSS_SELECTOR, f".chart.{kind}") for kind in ("wide", "narrow"))
    assert {chart.is_displayed() for chart in wide} == {size == DESKTOP}
    assert {chart.is_displayed() for chart in narrow} == {size != DESKTOP}
    assert browser.execute_script(OUTSIDE) == []


def test_without_script_the_figures_are_there_and_what_is_missing_is_said(
    browse: Browse, chromium: Chrome, page: Path
) -> None:
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser = browse(page)
        assert all(table.is_displayed() for table in browser.find_elements(By.TAG_NAME, "table"))
        assert browser.find_element(By.CSS_SELECTOR, "figure .wide").is_displayed()
        said = [note.text for note in browser.find_elements(By.CSS_SELECTOR, "noscript .note")]
        assert len(said) == 2 and "behöver JavaScript" in said[0]
        assert not browser.find_element(By.TAG_NAME, "form").is_displayed()
    finally:
        chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_policy_is_in_force(browse: Browse, page: Path) -> None:
    browser = browse(page)
    browser.execute_script(
        "const style = document.createElement('style');"
        "style.textContent = 'h1 { display: none }';"
        "document.head.append(style);"
    )
    assert browser.find_element(By.TAG_NAME, "h1").is_displayed()
    (refused,) = [entry["message"] for entry in browser.get_log("browser")]
    assert "violates the following Content Security Policy directive" in refused


def test_printed_it_is_a_document_on_white(browse: Browse, page: Path) -> None:
    browser = browse(page, dark=True)
    browser.find_element(By.CSS_SELECTOR, "#verbatims-missed-time > summary").click()
    dark = {"name": "prefers-color-scheme", "value": "dark"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": [dark]})
    try:
        for hidden in ("nav", "form", "details", ".skip"):
            assert not any(e.is_displayed() for e in browser.find_elements(By.CSS_SELECTOR, hidden)), hidden
        for shown in ("h1", "table", "figcaption", "figure .wide, figure .narrow", ".printed", "footer"):
            assert any(e.is_displayed() for e in browser.find_elements(By.CSS_SELECTOR, shown)), shown
        body = browser.find_element(By.TAG_NAME, "body")
        colours = [body.value_of_css_property(name) for name in ("background-color", "color")]
        assert colours == ["rgba(255, 255, 255, 1)", "rgba(26, 29, 35, 1)"]
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
