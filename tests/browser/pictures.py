"""The pictures in the README: python tests/browser/pictures.py."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import program
from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from test_widget import Used, begin, widget_of, write_page

from samorsak.pipeline.demo import run_demo
from samorsak.pipeline.reporting import report_run

sys.path.append(str(Path(__file__).parents[1]))

from annotated_rounds import lay_out

FOLDER = Path(__file__).parents[2] / "notebooks"
WIDTH, WITH_CONTENTS, WITHOUT = 1120, 1200, 860


@contextmanager
def opened() -> Iterator[Chrome]:
    """Open a browser as wide as the pictures."""
    options = ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for option in ("--headless=new", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1"):
        options.add_argument(option)
    browser = Chrome(options=options, service=Service(program("chromedriver")))
    try:
        shape = {"width": WIDTH, "height": 1200, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
        yield browser
    finally:
        browser.quit()


def keep(path: Path) -> None:
    """Make a picture small."""
    Image.open(path).quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


def ready(used: Used) -> bool:
    used.settle()
    return bool(used.browser.find_elements(By.CSS_SELECTOR, '[data-testid="examples"] li'))


def draw_widget(browser: Chrome, folder: Path) -> None:
    """Open the widget with suggestions, go to the first statement, and take a picture of all of it."""
    widget = widget_of(folder, suggested=True)
    browser.get(write_page(widget, folder / "widget.html").as_uri())
    used = begin(browser, widget)
    used.focus()
    used.press(Keys.ARROW_UP, Keys.ARROW_UP)
    WebDriverWait(browser, 30).until(lambda _: ready(used))
    used.find("samorsak").screenshot(str(FOLDER / "annotate.png"))
    keep(FOLDER / "annotate.png")


def draw_reports(browser: Chrome, folder: Path) -> None:
    """Picture a ranked list of the demo round's report, and a comparison of two annotated rounds."""
    demo = run_demo(folder / "demo") / "report" / "rapport.html"
    picture(browser, demo, "#causes-achieved", "#picture-causes-achieved", "report.png", WITH_CONTENTS)
    rounds = [lay_out(folder / str(one), one) for one in (2024, 2023)]
    two = report_run(rounds[0], rounds[1:], out=folder / "two", lines="2024").out / "rapport.html"
    slope = "#picture-compared-missed-2023"
    picture(browser, two, slope, slope, "report-slope.png", WITHOUT)


def picture(browser: Chrome, page: Path, top: str, end: str, name: str, width: int) -> None:
    """Picture a page from the top of one part to the end of another, over its whole width."""
    shape = {"width": width, "height": 1200, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
    browser.get(page.as_uri())
    browser.execute_script("document.querySelector(arguments[0]).scrollIntoView()", top)
    high = browser.find_element(By.CSS_SELECTOR, top).rect["y"]
    last = browser.find_element(By.CSS_SELECTOR, end).rect
    tall = round(last["y"] + last["height"] - high) + 48
    shape["height"] = tall
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
    browser.execute_script("document.querySelector(arguments[0]).scrollIntoView()", top)
    browser.save_screenshot(str(FOLDER / name))
    keep(FOLDER / name)


def main() -> None:
    with TemporaryDirectory() as folder, opened() as browser:
        for draw in (draw_widget, draw_reports):
            draw(browser, Path(folder))


if __name__ == "__main__":
    main()
