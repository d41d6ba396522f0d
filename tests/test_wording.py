"""What Earshot says itself: in eight languages, complete, and never with a hole where a name or a number should be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import read_wordings

from assistant.core.say import Say
from assistant.core.wording import Message, Wordings, find_placeholders, read_messages
from assistant.errors import PromptError

_ROOT = Path(__file__).parent.parent
_FOLDER = _ROOT / "prompts" / "messages"
_LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt")
_ENGLISH = read_messages(_FOLDER / "en.yaml")
# Slack refuses longer ones: modals' titles and buttons, dialogs, buttons of messages.
_MOST = {
    **dict.fromkeys((Say.WHY_TITLE, Say.PASSAGES_TITLE, Say.REASON_TITLE, Say.REASON_SEND, Say.REASON_SKIP), 24),
    **dict.fromkeys((Say.SHARE_TITLE, Say.SHARE_CANCEL), 24),
    **dict.fromkeys((Say.CONFIRM_OWNER_YES, Say.CONFIRM_NO), 30),
    **dict.fromkeys((key for key in Say if key.startswith(("button_", "reason_", "vote_up", "vote_down"))), 75),
    Say.CONFIRM_OWNER: 300,
}
_MOST |= dict.fromkeys((Say.REASON_TITLE, Say.REASON_SEND, Say.REASON_SKIP), 24)


def test_it_speaks_eight_languages() -> None:
    assert sorted(path.stem for path in _FOLDER.glob("*.yaml")) == list(_LANGUAGES)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_language_lacks_no_message_and_fills_in_the_same_as_english(language: str) -> None:
    messages = read_messages(_FOLDER / f"{language}.yaml")
    assert set(messages) == set(Say)
    different = {key for key in Say if find_placeholders(messages[key]) != find_placeholders(_ENGLISH[key])}
    assert not different
    assert not [key for key, most in _MOST.items() if any(len(text) > most for text in _texts(messages[key]))]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_language_has_a_text_for_each_of_its_plurals(language: str) -> None:
    wording = read_wordings().choose(language)
    for key, message in read_messages(_FOLDER / f"{language}.yaml").items():
        if not isinstance(message, str):
            values = dict.fromkeys(find_placeholders(message), "x")
            for count in (1, 2, 5, 22, 1_000_000):
                said = wording.say(key, **{**values, "count": count})
                assert said in {text.format(**{**values, "count": count}) for text in message.values()}
    assert wording.say(Say.LEFT_OUT, count=1) != wording.say(Say.LEFT_OUT, count=5)


def test_polish_counts_as_poles_do() -> None:
    polish = read_wordings().choose("pl-PL")
    assert "2 zdania" in polish.say(Say.LEFT_OUT, count=2)
    assert "5 zdań" in polish.say(Say.LEFT_OUT, count=5)
    assert "22 zdania" in polish.say(Say.LEFT_OUT, count=22)


def test_every_message_is_said_somewhere_and_gets_what_it_fills_in() -> None:
    said: set[str] = set()
    for path in (_ROOT / "assistant").rglob("*.py"):
        if path.name == "say.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said.update(_find_keys(tree))
        for key, given in _find_calls(tree):
            assert find_placeholders(_ENGLISH[Say[key]]) == given, (path.name, key)
    assert said == {key.name for key in Say}


def test_a_value_is_filled_in_once() -> None:
    wording = read_wordings().choose("en")
    assert wording.say(Say.READ_AS, typed="{meant}", meant="x") == "I read “{meant}” as “x”."


def test_a_company_changes_a_message_and_adds_a_language(tmp_path: Path) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "de.yaml").write_text('hello: "Moin!"\n')
    (tmp_path / "messages" / "cs.yaml").write_text('hello: "Ahoj!"\n')
    wordings = Wordings((_ROOT / "prompts", tmp_path))
    assert wordings.choose("de").say(Say.HELLO) == "Moin!"
    assert wordings.choose("de").say(Say.WELCOME) == "Gern geschehen!"
    czech = wordings.choose("cs-CZ")
    assert czech.say(Say.HELLO) == "Ahoj!"
    assert czech.say(Say.LEFT_OUT, count=5) == "5 sentences without evidence left out."


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('hallo: "Moin!"', "nothing asks for hallo"),
        ('read_as: "{x}"', r"read_as has no \{x\}"),
        ("left_out: {one: eins}", "left_out is no text"),
        ("left_out: [a]", "left_out is no text"),
    ],
)
def test_a_broken_file_is_refused_by_name(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "de.yaml").write_text(content)
    with pytest.raises(PromptError, match=told):
        Wordings((_ROOT / "prompts", tmp_path))


def test_names_are_joined_as_people_list_them() -> None:
    assert read_wordings().choose("de").join(["a", "b", "c"]) == "a, b und c"
    assert read_wordings().choose("pl").name_language("en") == "angielski"
    assert read_wordings().choose("pl").name_language("qqq") == "qqq"


def _texts(message: Message) -> list[str]:
    return [message] if isinstance(message, str) else [*message.values()]


def _find_keys(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Say":
            yield node.attr


def _find_calls(tree: ast.AST) -> Iterator[tuple[str, frozenset[str]]]:
    """Each `….say(Say.KEY, name=…)` with the names that it gives."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if name == "say" and isinstance(node.args[0], ast.Attribute):
                yield from ((key, frozenset(k.arg or "" for k in node.keywords)) for key in _find_keys(node.args[0]))
