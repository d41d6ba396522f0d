"""Loads the Markdown templates of `prompts/`, fills them in, and refuses a missing variable."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from assistant.errors import PromptError

# Jinja's own, and what a wrong expression in a template may raise.
_FAULTS = (TemplateError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError)

# Whatever closes a fence, and what opens one of ours.
_FENCE = re.compile(
    r"<(?=\s*(?:/|(?:passage|question|pair|post|earlier|example|reply|instruction|lesson|draft|user|assistant|system)\b))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Prompt:
    """A filled-in template; `version` is the file's name and the first 8 hex digits of its SHA-256."""

    text: str
    version: str


class Prompts:
    """The templates below one folder. Values are data: they are filled in once and never read as templates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment: Environment = SandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_fence
        )
        self._environment.filters["attribute"] = _quote

    def fill(self, name: str, **values: object) -> Prompt:
        """Fill `name`.md in. Raises PromptError when it is missing, broken, or wants a value that was not given."""
        source = self.read(name)
        try:
            text = self._environment.from_string(source).render(**values)
        except _FAULTS as error:
            raise PromptError(f"prompts/{name}.md cannot be filled in: {error}", "Fix the template.") from error
        return Prompt(text.strip(), f"{name}@{hashlib.sha256(source.encode()).hexdigest()[:8]}")

    def read(self, name: str) -> str:
        """The template's own text. Raises PromptError when there is no such file."""
        path = self._folder / f"{name}.md"
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            hint = "PROMPTS_DIR names the folder; the repository's prompts/ has every file."
            raise PromptError(f"The prompt {path} cannot be read.", hint) from error

    def has(self, name: str) -> bool:
        """Return whether there is a `name`.md."""
        return (self._folder / f"{name}.md").is_file()

    def names(self, folder: str) -> list[str]:
        """The names of the templates in a folder below, in order."""
        return sorted(path.stem for path in (self._folder / folder).glob("*.md"))


def _fence(value: object) -> str:
    """A value that closes its fence could pass its rest off as our instructions; one that opens one, as a passage."""
    return _FENCE.sub(r"<\\", str(value))


def _quote(value: object) -> str:
    """A value between the quotation marks of an attribute: on one line, and it cannot end there."""
    return " ".join(str(value).split()).replace('"', "'").replace("<", "‹").replace(">", "›")
