"""The report of the demo round, opened and used as people do: the page that `samorsak demo` ends with."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import DESKTOP, PHONE
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from test_page import AXE, RULES, VIOLATIONS

from samorsak.pipeline.coding import classify_round
from samorsak.pipeline.demo import DEMO_ROUND
from samorsak.pipeline.reporting import report_run

Browse = Callable[..., Chrome]

LARGEST = 3_000_000
PORTRAIT, LANDSCAPE = 642, 971
"""Width of an A4 page within its margins, in CSS pixels."""

UNREACHED = """
return [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .filter((e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX))
  .filter((e) => e.tabIndex !== 0 || !e.hasAttribute("aria-labelledby"))
  .map((e) => e.outerHTML.slice(0, 200));
"""
"""Regions that scroll sideways and that the keyboard does not reach, or that have no name."""

WIDER = """
return [...document.querySelectorAll("main *, nav *, header *, footer *")]
  .filter((e) => e.checkVisibility() && !e.closest(".scroll") && !e.closest("svg"))
  .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((e) => e.outerHTML.slice(0, 200));
"""

BROADER = """
return [...document.querySelectorAll(arguments[0])]
  .filter((table) => table.getBoundingClientRect().right > arguments[1] + 1)
  .map((table) => table.id);
"""


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return classify_round(DEMO_ROUND, tmp_path_factory.mktemp("demo") / "coded").out


@pytest.fixture(scope="module")
def page(coded: Path) -> Path:
    return report_run(coded, out=coded.parent / "report", lines="2024").out / "rapport.html"


@pytest.fixture(scope="module")
def published(coded: Path) -> Path:
    return report_run(coded, out=coded.parent / "public", lines="2024", public=True).out / "rapport.html"


def violations(browser: Chrome) -> Any:
    """Give what axe-core finds, its own script having been put into the page."""
    browser.execute_script(AXE)
    found = browser.execute_async_script(VIOLATIONS, RULES)
    assert {"color-contrast", "html-has-lang", "svg-img-alt"} <= set(found["passed"])
    return found["violations"]


def press_open(fold: WebElement) -> list[str]:
    """Open a category by keyboard, and give the statements that it then shows."""
    fold.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    marks = WebDriverWait(fold, 10).until(lambda fold: fold.find_elements(By.CSS_SELECTOR, "li mark"))
    assert all(mark.is_displayed() for mark in marks)
    return [mark.text for mark in marks]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_against_wcag(
    browse: Browse, page: Path, size: tuple[int, int], dark: bool
) -> None:
    browser = browse(page, size, dark)
    if (size, dark) != (DESKTOP, False):  # the annex, some 50 tables of the same make, is looked at once
        browser.execute_script("document.querySelectorAll('main > [id^=annex]').forEach((e) => e.remove())")
    for fold in browser.find_elements(By.CSS_SELECTOR, ".live > details:first-of-type"):
        press_open(fold)  # one of each question: the others are of the same make
    assert violations(browser) == []


def test_axe_finds_nothing_in_the_public_report(browse: Browse, published: Path) -> None:
    assert violations(browse(published, PHONE)) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_only_tables_scroll_sideways_and_the_keyboard_reaches_them(
    browse: Browse, page: Path, size: tuple[int, int]
) -> None:
    browser = browse(page, size)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= size[0]
    assert browser.execute_script(WIDER) == []
    assert browser.execute_script(UNREACHED) == []
    tables = browser.find_elements(By.TAG_NAME, "table")
    regions = browser.find_elements(By.CSS_SELECTOR, ".scroll[tabindex='0'] > table")
    assert tables and tables == regions


def test_every_category_opens_its_statements_by_keyboard(browse: Browse, page: Path) -> None:
    browser = browse(page)
    folds = browser.find_elements(By.CSS_SELECTOR, ".live > details")
    names = [fold.get_attribute("id") for fold in folds]
    assert len(folds) > 15
    opened = []
    folds[0].find_element(By.TAG_NAME, "summary").send_keys("")
    for _ in range(10 * len(folds)):
        now = browser.switch_to.active_element
        fold = now.find_element(By.XPATH, "..")
        if fold.tag_name == "details" and fold in folds:
            assert press_open(fold)
            opened.append(fold.get_attribute("id"))
            now.send_keys(Keys.ENTER)  # closed again, so that the next one is near
            if opened == names:
                break
        browser.switch_to.active_element.send_keys(Keys.TAB)
    assert opened == names


def test_search_finds_the_statements_of_the_round(browse: Browse, page: Path, coded: Path) -> None:
    with (coded / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        answers = [row["text"] for row in csv.DictReader(file) if row["question"] == "missed"]
    browser = browse(page)
    (panel,) = browser.find_elements(By.CSS_SELECTOR, ".said:has([id^='verbatims-missed'])")
    panel.find_element(By.TAG_NAME, "input").send_keys("ARBETSGIVARE")
    shown = panel.find_elements(By.CSS_SELECTOR, "details:not([hidden]) li .answer")
    texts = {str(one.get_property("textContent")) for one in shown}
    assert texts and all("arbetsgivare" in text.lower() for text in texts)
    assert texts <= set(answers)
    assert panel.find_element(By.CSS_SELECTOR, "[role=status]").text.startswith("Visar ")


def test_the_public_report_holds_no_answer(browse: Browse, published: Path, coded: Path) -> None:
    with (coded / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = {row["text"] for row in csv.DictReader(file)}
    with (coded / "statements.csv").open(encoding="utf-8-sig", newline="") as file:
        texts |= {row["text"] for row in csv.DictReader(file)}
    browser = browse(published)
    whole = browser.page_source
    long = [text for text in texts if len(text) > 20]
    assert len(long) > 500 and not [text for text in long if text in whole]
    assert not browser.find_elements(By.CSS_SELECTOR, "details, form, script, mark")


@pytest.mark.parametrize("which", ["page", "published"])
def test_the_page_is_of_a_size_to_send(request: pytest.FixtureRequest, which: str) -> None:
    assert request.getfixturevalue(which).stat().st_size < LARGEST


def test_filters_are_few_at_first_and_named_as_the_tables_name_them(browse: Browse, page: Path) -> None:
    browser = browse(page, PHONE)
    panel = browser.find_element(By.CLASS_NAME, "said")
    shown = [one for one in panel.find_elements(By.TAG_NAME, "select") if one.is_displayed()]
    fold = panel.find_element(By.CSS_SELECTOR, ".filters > summary")
    fold.send_keys(Keys.ENTER)
    label = panel.find_element(By.XPATH, ".//label[span='Målsättningar, strategisk nivå']")
    WebDriverWait(browser, 10).until(lambda _: label.is_displayed())
    Select(label.find_element(By.TAG_NAME, "select")).select_by_visible_text("Mycket tydliga")
    said = panel.find_elements(By.CSS_SELECTOR, "li .from")
    assert len(shown) == 3 and said
    assert all("Målsättningar, strategisk nivå: Mycket tydliga" in one.text for one in said)


def test_every_table_fits_the_paper(browse: Browse, page: Path) -> None:
    """A table that is wider makes the browser shrink the whole document, text and all."""
    for width, tables in (
        (PORTRAIT, "main > section:not(:has(.many)) table"),
        (LANDSCAPE, "main > section table"),
    ):
        browser = browse(page, (width, 900))
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        try:
            assert browser.find_elements(By.CSS_SELECTOR, tables)
            assert browser.execute_script(BROADER, tables, width) == []
        finally:
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
