"""What whoever writes sources.yaml relies on: faults come with their line, and the program leaves their words alone."""

from pathlib import Path

import pytest

from assistant.errors import ConfigError, InputError
from assistant.knowledge.sources.settings import parse_sources
from assistant.knowledge.sources.settings_file import add_source, remove_source

_FOLDER = "sources:\n  - kind: folder\n    name: docs\n    path: ../docs\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sources:\n  - kind: floppy\n    name: a\n", "line 2: kind must be one of folder, page"),
        ("sources:\n  - name: a\n", "line 2: kind must be one of"),
        ("sources:\n  - docs\n", "line 2: a source must hold fields"),
        ("sources:\n  - kind: folder\n    name: a\n", "line 2: path is missing"),
        (_FOLDER + "    evry: 2 hours\n", "line 5: there is no field evry, perhaps every is meant"),
        (_FOLDER + "    every: soon\n", "line 5: every must be a time such as 10 minutes"),
        (_FOLDER + "    every: 0 minutes\n", "line 5: every must be a time"),
        (_FOLDER + "    audience: everyone\n", "line 5: audience must be 'public' or 'internal'"),
        (_FOLDER.replace("docs\n", "My Docs\n", 1), "line 3: name is not written as it should be"),
        (_FOLDER + "  - kind: folder\n    name: docs\n    path: b\n", "line 5: this name is in the list twice"),
        ("folders: 1\n", "line 1: there is no field folders"),
        ("sources:\n  - kind: page\n    name: a\n    urls:\n      - ftp://a\n", "line 5: urls.1 must be an address"),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_sources(text, "sources.yaml")
    assert told in caught.value.message


def test_an_empty_file_names_no_source() -> None:
    assert parse_sources("", "sources.yaml").sections == ()
    assert parse_sources("sources:\n", "sources.yaml").sections == ()


def test_the_example_is_right() -> None:
    text = (Path(__file__).parent.parent.parent / "sources.example.yaml").read_text()
    assert parse_sources(text, "sources.example.yaml").sections


def test_a_source_is_added_and_removed_and_every_comment_stays(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    add_source(path, "folder", "../docs", {"name": "docs"})
    path.write_text(path.read_text().replace("  - kind", "  # Ours.\n  - kind") + "  # The wiki, on a slow server.\n")
    add_source(path, "page", "https://x.example/a", {"every": "2 hours", "audience": "public"})
    settings = parse_sources(path.read_text(), "sources.yaml")
    assert [one.name for one in settings.sections] == ["docs", "x-example-a"]
    assert settings.find("x-example-a").pause.total_seconds() == 7200

    remove_source(path, "docs")
    assert path.read_text().startswith("sources:\n  # Ours.\n  # The wiki, on a slow server.\n  - kind: page\n")
    remove_source(path, "x-example-a")
    assert parse_sources(path.read_text(), "sources.yaml").sections == ()


def test_a_source_that_would_be_wrong_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(_FOLDER)
    with pytest.raises(ConfigError, match="every must be a time"):
        add_source(path, "page", "https://x.example", {"every": "soon"})
    with pytest.raises(InputError, match="no kind of source floppy"):
        add_source(path, "floppy", "a", {})
    with pytest.raises(ConfigError, match="There is no source other"):
        remove_source(path, "other")
    assert path.read_text() == _FOLDER
