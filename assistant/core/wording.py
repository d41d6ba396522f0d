"""What Earshot itself says, in the language of who reads it: `prompts/messages/` has a file for each language."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.core.say import Say
from assistant.core.yaml_files import FieldsFile
from assistant.errors import PromptError

ENGLISH = "en"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_COUNT, _OTHER = "count", "other"
_MEND = "Compare it with prompts/messages/en.yaml of the repository."

Message = str | Mapping[str, str]
"""A text, or one for each form of the plural (`one`, `few`, `many`, `other`), which `{count}` decides on."""


class Wording:
    """Every message in one language; where a file lacks one, in English."""

    def __init__(self, language: str, messages: Mapping[Say, Message], english: Mapping[Say, Message]) -> None:
        self.language = language
        self._messages = messages
        self._english = english

    def say(self, key: Say, **values: object) -> str:
        """The message with its placeholders filled in. Values are put in once, and never read for placeholders."""
        language, message = (self.language, self._messages[key]) if key in self._messages else self._fall_back(key)
        if not isinstance(message, str):
            message = message.get(_find_form(language, values[_COUNT])) or message[_OTHER]
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), message)

    def join(self, names: Sequence[str]) -> str:
        """Join names as people of this language list them: `a, b and c`."""
        from babel.lists import format_list

        return format_list(names, locale=self.language)

    def name_weekday(self, number: int) -> str:
        """A day of the week as people of this language call it; 0 and 7 are Sunday, as in cron."""
        from babel.dates import get_day_names

        return str(get_day_names("wide", "format", self.language)[(number - 1) % 7])

    def name_moment(self, moment: datetime) -> str:
        """A day and a time of the day, as people of this language write them."""
        from babel.dates import format_skeleton

        return f"{format_skeleton('MMMMd', moment, locale=self.language)}, {moment:%H:%M}"

    def name_language(self, code: str) -> str:
        """What people who read this call a language; its code where that is not known."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(code).get_language_name(self.language) or code
        except (UnknownLocaleError, ValueError):
            return code

    def _fall_back(self, key: Say) -> tuple[str, Message]:
        return ENGLISH, self._english[key]


class Wordings:
    """The languages of one folder, read once; a company's own files go before those of the repository."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._messages: dict[str, dict[Say, Message]] = {}
        for folder in dict.fromkeys(folder.resolve() for folder in folders):
            for path in sorted((folder / "messages").glob("*.yaml")):
                self._messages.setdefault(path.stem, {}).update(read_messages(path))
        english = self._messages.get(ENGLISH, {})
        if missing := set(Say) - set(english):
            raise PromptError(f"prompts/messages/en.yaml lacks {min(missing)}.", "PROMPTS_DIR names the folder.")
        for language, messages in self._messages.items():
            for key, message in messages.items():
                if unknown := find_placeholders(message) - find_placeholders(english[key]):
                    raise PromptError(f"messages/{language}.yaml: {key} has no {{{min(unknown)}}}.", _MEND)

    @property
    def languages(self) -> frozenset[str]:
        """The codes of the languages that there are messages in."""
        return frozenset(self._messages)

    def choose(self, *locales: str) -> Wording:
        """The wording for the first of these that there are messages in, such as `pl` or `pt-BR`; else English."""
        codes = (re.split("[-_]", locale.lower())[0] for locale in locales)
        language = next((code for code in codes if code in self._messages), ENGLISH)
        return Wording(language, self._messages[language], self._messages[ENGLISH])


def read_messages(path: Path) -> dict[Say, Message]:
    """The messages of one file. Raises PromptError where it is not one, or has a message that nobody asks for."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"The messages {path} cannot be read.", _MEND) from error
    fields = FieldsFile(f"messages/{path.name}", _MEND).parse(text) or {}
    if unknown := sorted(set(fields) - set(Say)):
        raise PromptError(f"messages/{path.name}: nothing asks for {unknown[0]}.", _MEND)
    if broken := [name for name, message in fields.items() if not _is_message(message)]:
        raise PromptError(f"messages/{path.name}: {broken[0]} is no text, nor has it a text for `other`.", _MEND)
    return {Say(name): message for name, message in fields.items()}


def find_placeholders(message: Message) -> frozenset[str]:
    """The names of what is filled in."""
    texts = [message] if isinstance(message, str) else [*message.values()]
    found = {name for text in texts for name in _PLACEHOLDER.findall(text)}
    return frozenset(found if isinstance(message, str) else found | {_COUNT})


def _is_message(message: Any) -> bool:
    if isinstance(message, dict):
        return _OTHER in message and all(isinstance(text, str) for text in message.values())
    return isinstance(message, str)


def _find_form(language: str, count: object) -> str:
    from babel import Locale

    return str(Locale.parse(language).plural_form(int(str(count))))
