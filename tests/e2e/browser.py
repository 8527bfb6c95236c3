"""A headless Chromium driven over its DevTools protocol.

    with Browser() as browser:
        browser.go(f"{url}/my")
        browser.type("input[name=login]", "customer")
        browser.click("button[type=submit]")
        assert "Invoices" in browser.text("#wrapwrap")

Each one has a fresh profile and leaves nothing behind. Every wait has an end,
and says then what it waited for and shows the page's own words.
"""

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import websocket
from lib import process, system

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page left behind at once may keep the browser's database open, and the next one waits for it for ever.
    "--disable-features=BackForwardCache",
    "--disable-extensions",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
PATIENCE = 60.0
KEYS = {"Enter": ("\r", 13), "Tab": ("", 9), "Escape": ("", 27)}


class BrowserError(AssertionError):
    """The page is not as the test expects, or its script failed."""


class Browser:
    """One browser with one page."""

    def __init__(self, width: int = 1366, height: int = 900) -> None:
        self.console_errors: list[str] = []
        self._numbers = itertools.count(1)
        self._profile = Path(tempfile.mkdtemp(prefix="browser-"))
        program = system.browser()
        if program is None:
            raise BrowserError("no Chromium on this machine")
        command = [program, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"]
        self._process = subprocess.Popen(
            process.tied(command), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._socket = websocket.create_connection(self._page_address(), suppress_origin=True, timeout=PATIENCE)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._send(f"{domain}.enable")
        self.viewport(width, height)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and remove its profile."""
        self._socket.close()
        process.end(self._process)
        shutil.rmtree(self._profile, ignore_errors=True)

    # -- where the page is --------------------------------------------------

    def viewport(self, width: int, height: int, *, mobile: bool = False) -> None:
        """Show the page at this size, in CSS pixels."""
        scale = 2 if mobile else 1
        self._send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=mobile
        )

    def go(self, url: str) -> None:
        """Open an address and wait until the page is loaded."""
        answer = self._send("Page.navigate", url=url)
        if answer.get("errorText"):
            raise BrowserError(f"{url}: {answer['errorText']}")
        self.wait_until("document.readyState === 'complete' && location.href !== 'about:blank'", f"{url} is loaded")

    def url(self) -> str:
        """The address of the page now."""
        return str(self.evaluate("location.href"))

    def log_in(self, url: str, login: str, password: str | None = None) -> None:
        """Log in at an Odoo server; the password is the log-in unless given."""
        self.go(f"{url}/web/login")
        self.fill("input[name=login]", login)
        self.fill("input[name=password]", password or login)
        self.click(".oe_login_form button[type=submit]")
        self.wait_until("!location.pathname.startsWith('/web/login')", f"{login} is logged in")

    # -- what the page shows ------------------------------------------------

    def wait_for(self, selector: str, timeout: float = PATIENCE) -> None:
        """Wait until something visible matches the CSS selector."""
        self.wait_until(f"({_VISIBLE})({json.dumps(selector)}) !== null", f"{selector} is visible", timeout)

    def wait_gone(self, selector: str, timeout: float = PATIENCE) -> None:
        """Wait until nothing visible matches the CSS selector."""
        self.wait_until(f"({_VISIBLE})({json.dumps(selector)}) === null", f"{selector} is gone", timeout)

    def wait_for_text(self, text: str, selector: str = "body", timeout: float = PATIENCE) -> None:
        """Wait until the text is to be read in what the selector matches."""
        elements = f"[...document.querySelectorAll({json.dumps(selector)})]"
        found = f"{elements}.some(element => element.innerText.includes({json.dumps(text)}))"
        self.wait_until(found, f"{selector} says {text!r}", timeout)

    def wait_until(self, expression: str, meaning: str = "", timeout: float = PATIENCE) -> None:
        """Wait until a JavaScript expression is true; a page that is just
        being replaced counts as not yet."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                if self.evaluate(expression):
                    return
            except BrowserError:
                if time.monotonic() + 0.5 > deadline:
                    raise
            time.sleep(0.1)
        shown = str(self.evaluate("document.body ? document.body.innerText.slice(0, 1500) : ''"))
        told = "\n".join(self.console_errors)
        raise BrowserError(f"not within {timeout:.0f} s: {meaning or expression}\nat {self.url()}:\n{shown}\n{told}")

    def text(self, selector: str = "body") -> str:
        """The words of the first match, as a reader sees them."""
        self.wait_for(selector)
        return str(self.evaluate(f"({_VISIBLE})({json.dumps(selector)}).innerText"))

    def count(self, selector: str) -> int:
        """How many elements match now, visible or not."""
        return int(self.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        answer = self._send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def screenshot(self, path: Path, *, full_page: bool = False) -> Path:
        """Write what is shown (or the whole page) to a PNG file."""
        answer = self._send("Page.captureScreenshot", format="png", captureBeyondViewport=full_page)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(answer["data"]))
        return path

    # -- what a person does -------------------------------------------------

    def click(self, selector: str) -> None:
        """Click in the middle of the first visible match, with a real mouse event, once it can be pressed."""
        self.wait_for(selector)
        self.wait_until(f"!({_VISIBLE})({json.dumps(selector)})?.disabled", f"{selector} can be pressed")
        place = self.evaluate(f"({_MIDDLE})(({_VISIBLE})({json.dumps(selector)}))")
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = "none" if kind == "mouseMoved" else "left"
            self._send("Input.dispatchMouseEvent", type=kind, button=button, clickCount=1, **place)

    def type(self, selector: str, text: str) -> None:
        """Put the cursor into a field and type after what is there."""
        self.wait_for(selector)
        self.evaluate(f"({_VISIBLE})({json.dumps(selector)}).focus()")
        self._send("Input.insertText", text=text)

    def fill(self, selector: str, text: str) -> None:
        """Replace what a field holds, as typing would, and leave the field."""
        self.wait_for(selector)
        self.evaluate(f"({_VISIBLE})({json.dumps(selector)}).focus(); document.activeElement.select?.()")
        self._send("Input.insertText", text=text)
        self.evaluate("document.activeElement.dispatchEvent(new Event('change', {bubbles: true}))")

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a `<select>` by its value."""
        self.wait_for(selector)
        self.evaluate(
            f"(e => {{ e.value = {json.dumps(value)}; e.dispatchEvent(new Event('change', {{bubbles: true}})); }})"
            f"(({_VISIBLE})({json.dumps(selector)}))"
        )

    def press(self, key: str) -> None:
        """Press Enter, Tab or Escape."""
        text, code = KEYS[key]
        for kind in ("keyDown", "keyUp"):
            self._send("Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text, windowsVirtualKeyCode=code)

    # -- the protocol -------------------------------------------------------

    def _page_address(self) -> str:
        """The address of the page's DevTools socket, from the port file."""
        port_file = self._profile / "DevToolsActivePort"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            lines = port_file.read_text(encoding="utf-8").splitlines() if port_file.exists() else []
            if len(lines) == 2:
                root = f"ws://127.0.0.1:{lines[0]}"
                browser = websocket.create_connection(root + lines[1], suppress_origin=True, timeout=PATIENCE)
                try:
                    browser.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
                    targets = json.loads(browser.recv())["result"]["targetInfos"]
                finally:
                    browser.close()
                pages = [target["targetId"] for target in targets if target["type"] == "page"]
                if pages:
                    return f"{root}/devtools/page/{pages[0]}"
            if self._process.poll() is not None:
                raise BrowserError(f"Chromium ended with exit code {self._process.returncode}")
            time.sleep(0.05)
        raise BrowserError(f"Chromium does not answer within {PATIENCE:.0f} s")

    def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method and return its result, noting the events before it."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                break
            self._note(message)
        if "error" in message:
            raise BrowserError(f"{method}: {message['error']['message']}")
        return dict(message["result"])

    def _note(self, event: dict[str, Any]) -> None:
        """Keep what the page's console calls an error; accept its dialogs."""
        method, details = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            thrown = details["exceptionDetails"]
            self.console_errors.append(thrown.get("exception", {}).get("description") or thrown["text"])
        elif method == "Runtime.consoleAPICalled" and details["type"] in ("error", "assert"):
            words = [str(word.get("value", word.get("description", ""))) for word in details["args"]]
            self.console_errors.append(" ".join(words))
        elif method == "Log.entryAdded" and details["entry"]["level"] == "error":
            entry = details["entry"]
            self.console_errors.append(f"{entry['text']} {entry.get('url', '')}".strip())
        elif method == "Page.javascriptDialogOpening":
            number = next(self._numbers)
            answer = {"id": number, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}}
            self._socket.send(json.dumps(answer))


_VISIBLE = """selector => [...document.querySelectorAll(selector)].find(element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden';
}) ?? null"""

_MIDDLE = """element => {
    element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const box = element.getBoundingClientRect();
    return {x: box.x + box.width / 2, y: box.y + box.height / 2};
}"""
