"""Headless Chromium as a person uses it: by what is written on buttons and beside fields."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_double.page import SlackPage

# A folder outside git, where a person can look at what the tests saw.
SCREENSHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
PATIENCE_SECONDS = 15
SWITCHES = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --force-prefers-reduced-motion --lang=en-GB"
).split()
CONTROLS = "//*[self::button or self::summary or self::a]"


class Browser:
    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, slack: SlackPage, user: str, channel: str = "", thread: str = "", tab: str = "") -> None:
        """The page as this user, in this channel."""
        self.driver.get(f"{slack.page_url}#{user}/{channel}/{thread}/{tab}")

    def leave(self) -> None:
        """Let go of the page before its server stops, and forget what was complained of."""
        self.driver.get("about:blank")
        self.complaints()

    def find(self, xpath: str, what: str = "") -> Any:
        """The last one that is shown, once there is one."""
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.wait import WebDriverWait

        def look(driver: Any) -> Any:
            shown = [one for one in driver.find_elements(By.XPATH, xpath) if one.is_displayed()]
            return shown[-1] if shown else None

        message = f"{what or xpath} is not shown; the page says:\n{self.read()[-3000:]}"
        return WebDriverWait(self.driver, PATIENCE_SECONDS, ignored_exceptions=_stale()).until(look, message)

    def press(self, label: str, within: str = "") -> None:
        """A button, link or menu by its words, or by what a screen reader calls it."""
        quoted = f"[normalize-space(.)='{label}' or @aria-label='{label}']"
        self.find(f"{within}{CONTROLS}{quoted}", f"the button {label}").click()

    def type_into(self, label: str, text: str, send: bool = False) -> None:
        """A field by its label; what stood there is replaced."""
        named = f"//*[@aria-label='{label}' or @id=//label[starts-with(normalize-space(.), '{label}')]/@for]"
        field = self.find(named, f"the field {label}")
        field.clear()
        field.send_keys(text + ("\n" if send else ""))

    def wait_for_text(self, text: str, within: str = "//body") -> None:
        """Until these words can be read."""
        self.find(f"{within}//*[contains(normalize-space(.), {_quote(text)})]", f"“{text}”")

    def read(self) -> str:
        """All the page's words."""
        return str(self.driver.execute_script("return document.body.innerText"))

    def keep(self, name: str) -> None:
        """A screenshot, to be looked at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))

    def complaints(self) -> list[str]:
        """What went wrong in the page: scripts that failed, and loads that its policy refused."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Skips the test where there is no selenium, Chromium or ChromeDriver."""
    pytest.importorskip("selenium", reason="the browser tests need selenium: pip install -e '.[dev]'")
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not chromedriver:
        pytest.skip("the browser tests need Chromium: apt-get install chromium chromium-driver")
    driver = _start(chromium, chromedriver)
    try:
        yield Browser(driver)
    finally:
        driver.quit()


def _start(chromium: str, chromedriver: str) -> Any:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for switch in (*SWITCHES, "--window-size=1280,900"):
        options.add_argument(switch)
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))


def _stale() -> list[type[Exception]]:
    from selenium.common.exceptions import StaleElementReferenceException

    return [StaleElementReferenceException]


def _quote(text: str) -> str:
    return f"'{text}'" if "'" not in text else f'"{text}"'
