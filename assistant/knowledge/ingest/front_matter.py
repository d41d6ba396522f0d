"""What a page says of itself before its text: front matter in YAML or TOML, `Owner: …` in its first lines; dates."""

import re
import tomllib
from datetime import date, datetime
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import SafeLoader, YAMLHandler

MARKS = (
    *("title", "audience", "owner", "status", "updated", "date", "review_by", "url", "superseded_by"),
    *("lang", "translation_of", "readers"),
)
"""Names of marks that pages of every kind may have."""

_FENCED = re.compile(r"\A\s*---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\A\s*\+\+\+[ \t]*\n(.*?\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_START = re.compile(r"\A\s*(?:---|\+\+\+)[ \t]*\n\s*[\w\"'-][\w \"'-]*[:=]")
_EMPTY = re.compile(r"\A\s*---\s*\n---[ \t]*(?:\n|\Z)")
_PLAIN_LINE = re.compile(r"([A-Za-z][\w -]{0,40}):[ \t]+([^\s\"'\[{|>&*!#%@`-].*)")
_FIRST_LINES = 12
_SAID = re.compile(r"[\s>*_-]{0,9}(?:page |document )?owner(?:\*\*|__)?:(?:\*\*|__)?[ \t]*(\S.{0,200})", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]\n]{1,200})\]\(([^)\s]{1,300})\)")
_NOBODY = re.compile(
    r"no-?_?reply|do-?not-?reply|\[bot\]|\bbots?\b|-bot@|\bdependabot|\brenovate|\bgithub-actions|mailer-daemon|\broot@"
    r"|@(?:localhost|example\.invalid)\b|^(?:nobody|none|n/?a|tbd|todo|unknown|unassigned|admin|administrator|user"
    r"|python-docx|microsoft office user|owner|-+|\?+)$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?!\d)")
_LONGEST_DATE = 40
_READERS = re.compile(r"^\s*[\"']?readers[\"']?\s*[:=]", re.IGNORECASE | re.MULTILINE)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8}){0,3}")


class _FrontMatter(YAMLHandler):
    """YAML without aliases: a page needs none, and a few lines of them unfold to gigabytes."""

    def load(self, fm: str, **kwargs: Any) -> Any:
        """Raise YAMLError for an alias as for all that is no YAML."""
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(fm, Loader=SafeLoader)):
            raise yaml.YAMLError("aliases are not read")
        return super().load(fm, **kwargs)


def split_front_matter(text: str) -> tuple[str, dict[str, Any]]:
    """The text without its front matter, and the marks. One that cannot be read makes the page internal."""
    if found := _TOML.match(text):
        marks = _load_toml(found[1])
        return text[found.end() :].strip(), marks if marks is not None else _shut(found[1])
    marks = _load_yaml(text)
    found = _FENCED.match(text)
    if not marks and found:
        marks = _load_yaml(_quote_values(found[1]))
    if marks:
        return text[found.end() :].strip() if found else text, _tidy(marks)
    if _START.match(text):
        # Broken front matter may have meant to say `audience: internal`, so the page is taken as internal wherever it
        # lies; its text is still worth finding.
        return _FENCED.sub("", text), _shut(found[1] if found else text)
    return _EMPTY.sub("", text), {}


def _shut(written: str) -> dict[str, Any]:
    """The marks of a page whose front matter is broken: where it names readers, nobody knows which ones it means."""
    return {"audience": "internal", **({"readers": []} if _READERS.search(written) else {})}


def _load_yaml(text: str) -> dict[str, Any] | None:
    try:
        return dict(frontmatter.loads(text, handler=_FrontMatter()).metadata)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None


def _load_toml(text: str) -> dict[str, Any] | None:
    try:
        return _tidy(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _quote_values(written: str) -> str:
    """`title: Plans: what is new` is a mistake in YAML, and says clearly what it means: plain values are quoted."""
    lines = []
    for line in written.split("\n"):
        found = _PLAIN_LINE.fullmatch(line)
        is_risky = found is not None and (": " in found[2] or found[2].endswith(":"))
        quoted = found[2].strip().replace("'", "''") if found else ""
        lines.append(f"{found[1]}: '{quoted}'" if found and is_risky else line)
    return "\n".join(["---", *lines[:-1], "---", ""])


def _tidy(marks: dict[str, Any]) -> dict[str, Any]:
    tidied = {str(name).strip().lower(): value for name, value in marks.items()}
    if tidied.get("draft") is True:
        tidied.setdefault("status", "draft")
    return tidied


def find_owner(text: str) -> str:
    """The owner that a page names in its first lines; empty where it names none."""
    for line in text.lstrip().split("\n", _FIRST_LINES)[:_FIRST_LINES]:
        if found := _SAID.match(line):
            named = _LINK.sub(r"\1", found[1])
            return named.split("|")[0].split(" · ")[0].strip("*_ \t.")
    return ""


def to_language(value: object) -> str:
    """`de` for `de`, `DE` or `de-AT`; empty for what is no code of a language."""
    found = _LANGUAGE.fullmatch(str(value or "").strip())
    return found[1].lower() if found else ""


def is_nobody(owner: str) -> bool:
    """Return whether an owner is a machine's address or a word for nobody: no question is sent there."""
    return bool(_NOBODY.search(owner.strip()))


def to_date(value: object) -> date | None:
    """A date however it is written, where it is clear which one is meant; None where it is not."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = str(value or "").strip()[:_LONGEST_DATE]
    numbers = _YEAR_FIRST.match(written) or _DIGITS.match(written)
    if numbers:
        return _build_date(numbers[1], numbers[2], numbers[3])
    if found := _YEAR_LAST.match(written):
        return _choose_order(int(found[1]), int(found[3]), found[4], found[2])
    return _read_words(written) if any(sign.isalpha() for sign in written) else None


def _choose_order(first: int, second: int, year: str, sign: str) -> date | None:
    """With dots the day comes first; else only where one of the two can be no month, or both are the same."""
    if sign == "." or first > 12 or first == second:
        return _build_date(year, second, first)
    return _build_date(year, first, second) if second > 12 else None


def _build_date(year: str, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _read_words(written: str) -> date | None:
    """`12 March 2026`, `Mar 12th, 2026`, `12. März 2026`: with all three parts, and nothing relative to today."""
    import dateparser

    wanted = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"}
    try:
        found = dateparser.parse(written, settings=wanted)
    except (ValueError, OverflowError, RecursionError):
        return None
    return found.date() if found else None
