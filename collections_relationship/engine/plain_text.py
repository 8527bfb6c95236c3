"""The words of a mail as plain text: one line per line, a table's cells beside each other, nothing hidden."""
import re
from html.parser import HTMLParser

#: What stands on lines of its own.
BLOCKS = frozenset((
    "address", "article", "blockquote", "center", "div", "dl", "dt", "dd", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table",
    "tbody", "tfoot", "thead", "tr", "ul",
))  # fmt: skip
#: What is never read.
SILENT = frozenset({"head", "script", "style", "template", "title"})
#: What has no end of its own.
VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
))  # fmt: skip
#: Fillers by which mails keep what follows out of a preview.
FILLERS = str.maketrans("", "", "\u034f\u200b\u00ad\ufeff")
CELL = " | "
SPACES = re.compile(r"[ \t\r\n\f]+")
HIDDEN = re.compile(r"display\s*:\s*none")


def plain_text(html: str, only_class: str = "") -> str:
    """Return what a person reads in a mail, without the targets of its links.

    :param html: the source; may be a fragment
    :param only_class: where an element has this class, only the words inside the first such one
    """
    reader = _Reader(only_class if only_class in html else "")
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self, only_class: str) -> None:
        super().__init__(convert_charrefs=True)
        self._only_class = only_class
        self._lines: list[str] = []
        self._line = ""
        self._silent: list[str] = []  # elements open inside what is not read, the one that began it first
        self._inside: list[str] = []  # elements open inside the one asked for
        self._was_inside = False
        self._rows_of_data: list[bool] = []  # of each table open: it has a head, so its cells are one line each

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            if self._silent or tag in SILENT or HIDDEN.search(values.get("style", "").lower()):
                self._silent.append(tag)
                return
            begins = self._only_class in values.get("class", "").split() and not self._was_inside
            if self._only_class and (self._inside or begins):
                self._inside.append(tag)
                self._was_inside = True
        if not self._is_read():
            return
        if tag == "table":
            self._rows_of_data.append(False)
        if tag == "th" and self._rows_of_data:
            self._rows_of_data[-1] = True
        if tag in ("td", "th"):
            self._line = self._line.rstrip() + CELL if self._line.strip() else ""
        elif tag == "br" or tag in BLOCKS:
            self._break(tag)
        if tag == "li":
            self._line = "- "

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            _close(self._silent, tag)
            return
        is_read = self._is_read()
        if is_read and tag in BLOCKS:
            self._break(tag)
        if is_read and tag == "table" and self._rows_of_data:
            self._rows_of_data.pop()
        if is_read and tag in ("p", "table", "ul", "ol", "h1", "h2", "h3"):
            self._lines.append("")
        _close(self._inside, tag)

    def handle_data(self, data: str) -> None:
        if not self._silent and self._is_read():
            words = SPACES.sub(" ", data.translate(FILLERS))
            self._line += words.lstrip() if self._line.endswith(" ") or not self._line else words

    def _is_read(self) -> bool:
        return not self._only_class or bool(self._inside)

    def _break(self, tag: str) -> None:
        """End the line; inside a row of data its parts stay on it."""
        if self._rows_of_data and self._rows_of_data[-1] and tag not in ("tr", "table", "thead", "tbody", "tfoot"):
            self._line = self._line.rstrip() + " " if self._line.strip() else ""
            return
        if self._line.strip():
            self._lines.append(self._line.strip().removesuffix(CELL.rstrip()).rstrip())
        self._line = ""

    def text(self) -> str:
        """Return all lines, with one empty line at most between two."""
        self._rows_of_data.clear()
        self._break("")
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()


def _close(opened: list[str], tag: str) -> None:
    """Close an element and what was left open inside it; one that was never opened closes nothing."""
    if tag in opened:
        del opened[len(opened) - 1 - opened[::-1].index(tag) :]
