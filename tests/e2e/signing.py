"""How a customer of a test reads a code in his mail and signs on a page."""

import re
from html import unescape

from browser import Browser
from smtp import Received

SIGN = """(() => {
    const pad = document.querySelector("canvas.o_web_sign_signature").getBoundingClientRect();
    return {left: pad.left, top: pad.top, width: pad.width, height: pad.height};
})()"""


def code_of(received: Received) -> str:
    """The six digits of a mail."""
    found = re.search(r"\b(\d{3}) (\d{3})\b", re.sub(r"<[^>]+>", " ", received.html))
    assert found, received.html
    return found[1] + found[2]


def offer_link(received: Received) -> str:
    """The address behind the message's button."""
    links = set(re.findall(r'href="([^"]*/collections/offer/[^"]+)"', received.html))
    assert len(links) == 1, links
    return unescape(links.pop())


def draw(browser: Browser) -> None:
    """Draw a stroke on the signature pad with the mouse."""
    browser.wait_for("canvas.o_web_sign_signature")
    browser.evaluate("document.querySelector('canvas.o_web_sign_signature').scrollIntoView({block: 'center'})")
    pad = browser.evaluate(SIGN)
    kinds = {0.2: "mousePressed", 0.4: "mouseMoved", 0.6: "mouseMoved", 0.8: "mouseReleased"}
    for part, kind in kinds.items():
        place = {"x": pad["left"] + pad["width"] * part, "y": pad["top"] + pad["height"] * (0.3 + part / 3)}
        browser._send("Input.dispatchMouseEvent", type=kind, button="left", buttons=1, clickCount=1, **place)
