"""Chromium without a window. What is missing is an error here, never a reason to skip."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

DESKTOP, PHONE = (1280, 800), (390, 844)


def program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise RuntimeError(
        f"{names[0]} is not installed; on Debian: apt-get install chromium chromium-driver libreoffice-calc-nogui "
        "libreoffice-writer-nogui poppler-utils"
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for option in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--force-device-scale-factor=1",
    ):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = Chrome(options=options, service=Service(program("chromedriver")))
    browser.set_script_timeout(60)
    yield browser
    browser.quit()


@pytest.fixture
def browse(chromium: Chrome) -> Iterator[Callable[..., Chrome]]:
    """Open a file; at the end, nothing but the file was asked for, and nothing went wrong in the page."""
    opened: set[str] = set()
    for log in ("browser", "performance"):
        chromium.get_log(log)

    def open_file(path: Path, size: tuple[int, int] = DESKTOP, dark: bool = False) -> Chrome:
        shape = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", shape)
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        opened.add(path.as_uri())
        chromium.get(path.as_uri())
        return chromium

    yield open_file
    messages = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    asked = {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}
    wrong = [entry for entry in chromium.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")]
    chromium.get("about:blank")
    assert (asked, wrong) == (opened, [])
