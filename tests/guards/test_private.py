"""guards.yaml is checked like every other file of settings: what is wrong is told with its line."""

from pathlib import Path

import pytest

from assistant.errors import ConfigError
from assistant.replies.guards.private_words import PrivateWords, parse_private_words, read_private_words

EXAMPLE = Path(__file__).parents[2] / "guards.example.yaml"


def test_the_example_that_is_shipped_can_be_read() -> None:
    words = read_private_words(EXAMPLE, is_needed=True)
    assert words.code_names == ("Thistle", "keysmith")
    assert words.allowed_hosts == ("larkspur.example",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code_name:\n  - Thistle", "line 1: there is no field code_name, perhaps code_names is meant"),
        ("staff: Ada", "line 1: staff must be a list"),
        ("hosts:\n  - https://wiki.example/x", "line 2: hosts.1 must be a host"),
        ("canaries:\n  - abc", "line 2: canaries.1 must have at least 6"),
        ("staff:\n  - '--'", "line 2: staff.1 must have letters"),
        ("just words", "line 1: it must hold fields"),
        ("staff: [", "this is no YAML"),
    ],
)
def test_a_fault_is_told_with_its_line_and_without_the_value(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_private_words(text, "guards.yaml")
    assert told in caught.value.message
    assert "Thistle" not in caught.value.message


def test_no_file_is_no_words_unless_somebody_named_one(tmp_path: Path) -> None:
    assert read_private_words(tmp_path / "guards.yaml", is_needed=False) == PrivateWords()
    with pytest.raises(ConfigError, match="is not there"):
        read_private_words(tmp_path / "guards.yaml", is_needed=True)
