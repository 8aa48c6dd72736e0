"""The map of a discovery, opened and used as people do; every statement is constructed."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import DESKTOP, PHONE
from discoveries import HOSTILE, constructed_discovery
from PIL import Image, ImageColor
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from samorsak.report.clusters import ClusteredStatement, Discovery
from samorsak.report.map import PLAIN, mark, marks, write_map

Browse = Callable[..., Chrome]
FOUND = (constructed_discovery("lost"), constructed_discovery("won", offset=1.0))
LOST, WON = FOUND

PLACE = """
const box = document.getElementById("points").getBoundingClientRect();
const { x_range, y_range } = plot;
const across = (arguments[0] - x_range.start) / (x_range.end - x_range.start);
const up = (arguments[1] - y_range.start) / (y_range.end - y_range.start);
return [box.left + across * box.width, box.bottom - up * box.height];
"""

TIPS = """
const found = [];
const look = (root) => {
  for (const e of root.querySelectorAll("*")) {
    if (e.dataset.statement && !e.closest("#statements") && e.getBoundingClientRect().width) found.push(e);
    if (e.shadowRoot) look(e.shadowRoot);
  }
};
look(document);
return found.map((e) => [e.firstChild.textContent, e.firstChild.children.length, e.lastChild.textContent]);
"""

LISTED = """
return [...document.querySelectorAll("#statements li")].map((item) => {
  const [text, below] = item.children;
  return [below.lastChild.textContent, text.textContent, text.children.length];
});
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    write_map(tmp_path / "map.html", FOUND)
    return tmp_path / "map.html"


def ready(browser: Chrome) -> Chrome:
    """Wait until the points are drawn and labelled."""
    WebDriverWait(browser, 60).until(lambda b: b.execute_script("return laid && labels.data.text.length > 0"))
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    return browser


def place(browser: Chrome, statement: ClusteredStatement) -> tuple[int, int]:
    x, y = browser.execute_script(PLACE, *statement.place)
    return round(x), round(y)


def point_at(browser: Chrome, statement: ClusteredStatement) -> ActionChains:
    x, y = place(browser, statement)
    actions = ActionChains(browser, duration=50)
    actions.w3c_actions.pointer_action.move_to_location(x - 3, y)
    actions.w3c_actions.pointer_action.move_to_location(x, y)
    return actions


def listed(browser: Chrome) -> list[tuple[str, str]]:
    rows = browser.execute_script(LISTED)
    assert {children for *_, children in rows} <= {0}  # text is text, not elements
    return [(answer_id, text) for answer_id, text, _ in rows]


def members(one: Discovery, **asked: Any) -> list[tuple[str, str]]:
    ((field, value),) = asked.items()
    return [(s.answer_id, s.text) for s in one.statements if getattr(s, field) == value]


def button(browser: Chrome, key: str) -> Any:
    return browser.find_element(By.CSS_SELECTOR, f'button[data-group="{key}"]')


def told(browser: Chrome) -> str:
    return str(browser.find_element(By.ID, "chosen").text)


def test_pointing_at_a_point_shows_its_statement_as_text(browse: Browse, page: Path) -> None:
    browser = ready(browse(page))
    for statement in (*LOST.statements[:7], LOST.statements[12], LOST.statements[30]):
        point_at(browser, statement).perform()
        WebDriverWait(browser, 10).until(
            lambda b, s=statement: [tip[:2] for tip in b.execute_script(TIPS)] == [[s.text, 0]]
        )
        ((_, _, below),) = browser.execute_script(TIPS)
        cluster = {1: "Kluster 1: regn, skyfall, blött", 2: "Kluster 2: snö, storm"}.get(
            statement.cluster or 0
        )
        assert below == f"{LOST.labels[statement.category]} · {cluster or 'Utanför alla kluster'}"
    assert browser.execute_script("return window.hit") is None


def test_a_click_on_a_point_lists_its_cluster_that_statement_first(browse: Browse, page: Path) -> None:
    browser = ready(browse(page))
    for statement in (LOST.statements[13], LOST.statements[2], LOST.statements[33]):
        # two clicks within a third of a second are a double one to Bokeh, wherever they are
        point_at(browser, statement).pause(0.6).click().perform()
        own = (statement.answer_id, statement.text)
        WebDriverWait(browser, 10).until(lambda b, own=own: listed(b)[:1] == [own])
        assert sorted(listed(browser)) == sorted(members(LOST, cluster=statement.cluster))
        (current,) = browser.find_elements(By.CSS_SELECTOR, "#statements [aria-current]")
        assert current.find_element(By.TAG_NAME, "bdi").get_property("textContent") == statement.text
        pressed = browser.find_elements(By.CSS_SELECTOR, '[aria-pressed="true"]')
        assert [b.get_attribute("data-group") for b in pressed] == [f"cluster {statement.cluster or 0}"]
    beside = ActionChains(browser, duration=50)
    x, y = place(browser, LOST.statements[0])
    beside.w3c_actions.pointer_action.move_to_location(x - 20, y + 20)
    beside.pause(0.6).click().perform()
    WebDriverWait(browser, 10).until(lambda b: listed(b) == [])
    assert told(browser) == "Välj en punkt på kartan, ett kluster eller en kategori."


def test_a_cluster_or_category_in_a_list_lists_its_statements(browse: Browse, page: Path) -> None:
    browser = ready(browse(page))
    for cluster, name in [
        (1, "Kluster 1"),
        (2, "Kluster 2"),
        (3, "Kluster 3"),
        (None, "Utanför alla kluster"),
    ]:
        button(browser, f"cluster {cluster or 0}").click()
        assert listed(browser) == members(LOST, cluster=cluster)
        assert told(browser) == f"{name}: {11 if cluster is None else 10} påståenden"
        chosen = browser.execute_script("return points.selected.indices")
        assert [LOST.statements[i].cluster for i in chosen] == [cluster] * len(listed(browser))
    for at, category in enumerate(LOST.labels):
        button(browser, f"category {at}").click()
        assert listed(browser) == members(LOST, category=category)
    assert browser.execute_script("return window.hit") is None


def test_hostile_statements_are_listed_as_they_are(browse: Browse, page: Path) -> None:
    browser = ready(browse(page))
    seen = set()
    for cluster in (0, 1):
        button(browser, f"cluster {cluster}").click()
        seen |= {text for _, text in listed(browser)}
    assert set(HOSTILE) <= seen
    for selector in ("#statements script", "#statements img", "#statements a", "#statements b"):
        assert browser.find_elements(By.CSS_SELECTOR, selector) == []
    assert browser.execute_script("return window.hit") is None
    assert browser.title == "Karta över påståenden"


def test_the_switch_colours_by_category_or_cluster(browse: Browse, page: Path) -> None:
    browser = ready(browse(page))
    alone = next(s for s in LOST.statements if s.cluster is None and s.category == "snow")
    given = marks(LOST.labels)
    for how in ("category", "cluster", "category"):
        browser.find_element(By.ID, f"by-{how}").click()
        browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        drawn = Image.open(BytesIO(browser.get_screenshot_as_png())).convert("RGB")
        for statement in (
            LOST.statements[9],
            LOST.statements[19],
            LOST.statements[29],
            alone,
        ):  # beside labels
            by_cluster = mark(statement.cluster - 1)["colour"] if statement.cluster else PLAIN
            expected = given[statement.category]["colour"] if how == "category" else by_cluster
            seen = drawn.getpixel(place(browser, statement))
            distance = sum(abs(a - b) for a, b in zip(seen, ImageColor.getrgb(expected), strict=True))
            assert distance < 150, (how, statement.place, seen, expected)
        assert browser.find_element(By.ID, "categories").is_displayed() == (how == "category")


def test_clusters_are_labelled_on_the_map(browse: Browse, page: Path) -> None:
    browser = ready(browse(page))
    assert browser.execute_script("return labels.data.text") == [
        "1 regn, skyfall",
        "2 snö, storm",
        "3 blåst, vind",
    ]


def test_another_question_has_its_own_map_and_lists(browse: Browse, page: Path) -> None:
    browser = ready(browse(page))
    button(browser, "cluster 1").click()
    first, second = browser.find_elements(By.NAME, "question")
    second.click()
    assert listed(browser) == []
    button(browser, "cluster 2").click()
    assert listed(browser) == members(WON, cluster=2)
    point_at(browser, WON.statements[24]).perform()
    WebDriverWait(browser, 10).until(
        lambda b: [tip[0] for tip in b.execute_script(TIPS)] == [WON.statements[24].text]
    )
    first.click()
    button(browser, "cluster 3").click()
    assert listed(browser) == members(LOST, cluster=3)


def test_everything_is_reached_by_keyboard(browse: Browse, page: Path) -> None:
    browser = ready(browse(page))
    passed = []
    for _ in range(40):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        now = browser.switch_to.active_element
        if now.tag_name == "body":
            break
        passed.append(now.get_attribute("data-group") or now.get_attribute("id") or now.get_attribute("name"))
        width, style = (now.value_of_css_property(f"outline-{part}") for part in ("width", "style"))
        assert style != "none" and float(width.removesuffix("px")) >= 2, passed[-1]
        before = browser.execute_script("return plot.x_range.end - plot.x_range.start")
        if passed[-1] == "closer":
            now.send_keys(Keys.ENTER)
            assert browser.execute_script("return plot.x_range.end - plot.x_range.start") < before
        if passed[-1] in ("cluster 2", "cluster 3"):
            now.send_keys(Keys.ENTER if passed[-1] == "cluster 2" else Keys.SPACE)
            assert listed(browser) == members(LOST, cluster=int(passed[-1][-1]))
            assert now == browser.switch_to.active_element
        if passed[-1] == "by-category":
            now.send_keys(Keys.ARROW_RIGHT)
            assert browser.find_element(By.ID, "by-cluster").is_selected()
            browser.switch_to.active_element.send_keys(Keys.ARROW_LEFT)
    groups = [f"category {i}" for i in range(5)], [f"cluster {i}" for i in (1, 2, 3, 0)]
    assert passed == ["question", "by-category", "closer", "farther", "all", *groups[0], *groups[1], "said"]


def test_structure_for_those_who_do_not_see_it(browse: Browse, page: Path) -> None:
    browser = ready(browse(page))
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "sv"
    levels = [
        (e.tag_name, e.get_property("textContent"))
        for e in browser.find_elements(By.CSS_SELECTOR, "h1, h2, h3")
    ]
    assert levels == [
        ("h1", "Karta över påståenden"),
        ("h2", "Karta"),
        ("h3", "Kategorier"),
        ("h2", "Kluster"),
        ("h2", "Påståenden"),
    ]
    points = browser.find_element(By.ID, "points")
    assert (points.get_attribute("role"), points.get_attribute("aria-label")[:5]) == ("img", "Karta")
    live = browser.find_element(By.CSS_SELECTOR, "[aria-live]")
    assert (live.get_attribute("id"), live.get_attribute("role")) == ("chosen", "status")


COLOURS = """
const solid = (e) => {
  for (; e; e = e.parentElement) {
    const found = getComputedStyle(e).backgroundColor;
    if (!found.endsWith(", 0)") && found !== "transparent") return found;
  }
  return "rgb(255, 255, 255)";
};
return [...document.body.querySelectorAll("*")]
  .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .map((e) => [e.tagName, getComputedStyle(e).color, solid(e)]);
"""


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_it_is_legible_in_any_light_and_width(
    browse: Browse, page: Path, size: tuple[int, int], dark: bool
) -> None:
    browser = ready(browse(page, size, dark))
    button(browser, "cluster 1").click()
    colours = browser.execute_script(COLOURS)
    assert {"H1", "LEGEND", "LABEL", "BUTTON", "SPAN", "SMALL", "BDI"} <= {tag for tag, *_ in colours}
    for tag, ink, ground in colours:
        assert contrast(ink, ground) >= 4.5, (tag, ink, ground)
    assert (luminance(colours[0][2]) < 0.2) == dark
    assert browser.execute_script("return document.documentElement.scrollWidth") <= size[0]
    width, height = browser.find_element(By.ID, "points").size.values()
    assert min(width, height) >= 300


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, relative luminance)."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [c / 255 for c in ImageColor.getrgb(colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
