"""The picture of the widget in the README: python tests/browser/pictures.py."""

from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import program
from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from test_widget import Used, begin, widget_of, write_page

OUT = Path(__file__).parents[2] / "notebooks" / "annotate.png"
WIDTH = 1120


def ready(used: Used) -> bool:
    used.settle()
    return bool(used.browser.find_elements(By.CSS_SELECTOR, '[data-testid="examples"] li'))


def main() -> None:
    """Open the widget with suggestions, go to the first statement, and take a picture of all of it."""
    options = ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for option in ("--headless=new", "--no-sandbox", "--force-device-scale-factor=1"):
        options.add_argument(option)
    browser = Chrome(options=options, service=Service(program("chromedriver")))
    try:
        with TemporaryDirectory() as folder:
            widget = widget_of(Path(folder), suggested=True)
            shape = {"width": WIDTH, "height": 1200, "deviceScaleFactor": 1, "mobile": False}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
            browser.get(write_page(widget, Path(folder) / "widget.html").as_uri())
            used = begin(browser, widget)
            used.focus()
            used.press(Keys.ARROW_UP, Keys.ARROW_UP)
            WebDriverWait(browser, 30).until(lambda _: ready(used))
            used.find("samorsak").screenshot(str(OUT))
            Image.open(OUT).quantize(64, dither=Image.Dither.NONE).save(OUT, optimize=True)
    finally:
        browser.quit()


if __name__ == "__main__":
    main()
