"""Files: which are found, which are refused, and who may see them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Audience
from assistant.errors import InputError, SourceError
from assistant.knowledge.ingest.files import (
    FoundFile,
    find_files,
    hash_content,
    name_links,
    read_content,
    read_document,
)

PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL
_LIMIT = 1_000_000


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may read everything: as root these tests step down for a moment."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _write(path: Path, text: str = "Some text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _ids(root: Path, start: Path | None = None) -> list[str]:
    return [file.document_id for file in find_files(root, start or root)]


def test_files_are_found_in_order_below_the_root(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.md", "a/b/c.txt", "x.exe"):
        _write(tmp_path / name)
    assert _ids(tmp_path) == ["b.md", "x.exe", "a/z.md", "a/b/c.txt"]
    assert _ids(tmp_path, tmp_path / "a") == ["a/z.md", "a/b/c.txt"]
    assert _ids(tmp_path, tmp_path / "b.md") == ["b.md"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in (".hidden.md", ".git/config.md", "seen/.also.md", "seen/a.md"):
        _write(tmp_path / name)
    assert _ids(tmp_path) == ["seen/a.md"]


def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    secret = _write(tmp_path / "outside" / "secret.md")
    root = _write(tmp_path / "root" / "a.md").parent
    (root / "link.md").symlink_to(secret)
    (root / "folder").symlink_to(secret.parent)
    (root / "inside.md").symlink_to(root / "a.md")
    assert _ids(root) == ["a.md", "inside.md"]


def test_a_link_to_itself_or_to_nothing_is_named_unreadable(tmp_path: Path) -> None:
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nothing.md")
    for file in find_files(tmp_path, tmp_path):
        with pytest.raises(SourceError, match="cannot be read"):
            read_content(file, _LIMIT)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(SourceError, match="no ordinary file"):
        read_content(FoundFile(tmp_path, tmp_path / "pipe.md"), _LIMIT)


def test_a_kind_that_earshot_does_not_read_is_named_with_those_it_does(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"is not a kind of document.*\.docx.*\.pptx"):
        read_content(FoundFile(tmp_path, _write(tmp_path / "a.exe")), _LIMIT)


def test_the_suffix_may_be_written_in_capitals(tmp_path: Path) -> None:
    assert read_content(FoundFile(tmp_path, _write(tmp_path / "A.MD")), _LIMIT)[0] == b"Some text."


def test_a_file_of_200_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(SourceError, match=r"has 200 MB, more than MAX_DOCUMENT_MB allows \(50\)"):
        read_content(FoundFile(tmp_path, path), 50_000_000)


def test_a_file_that_may_not_be_read_says_so(open_folder: Path) -> None:
    path = _write(open_folder / "a.md")
    path.chmod(0)
    with _as_nobody(), pytest.raises(SourceError, match="cannot be read: Permission denied"):
        read_content(FoundFile(open_folder, path), _LIMIT)


def test_a_folder_that_may_not_be_read_is_refused_and_not_taken_for_empty(open_folder: Path) -> None:
    _write(open_folder / "sub" / "a.md")
    (open_folder / "sub").chmod(0)
    with _as_nobody(), pytest.raises(InputError, match="sub cannot be read: Permission denied"):
        list(find_files(open_folder, open_folder))


def test_a_name_that_is_no_utf8_is_written_out(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))
    path.write_text("Some text.")
    file = next(iter(find_files(tmp_path, tmp_path)))
    assert file.document_id == "caf\\xe9.md"
    assert read_document(file, read_content(file, _LIMIT)[0], None).text == "Some text."


def _read(path: Path, root: Path, text: str = "Some text.", asked: Audience | None = None) -> Audience:
    file = FoundFile(root, _write(path, text))
    return read_document(file, text.encode(), asked).audience


def test_what_says_nothing_is_internal(tmp_path: Path) -> None:
    assert _read(tmp_path / "docs" / "a.md", tmp_path / "docs") is INTERNAL


def test_a_folder_named_public_publishes(tmp_path: Path) -> None:
    assert _read(tmp_path / "docs" / "public" / "help" / "a.md", tmp_path / "docs") is PUBLIC
    assert _read(tmp_path / "Public" / "a.md", tmp_path / "Public") is PUBLIC


def test_a_folder_named_public_further_down_does_not(tmp_path: Path) -> None:
    assert _read(tmp_path / "docs" / "drafts" / "public" / "a.md", tmp_path / "docs") is INTERNAL


def test_a_file_may_publish_itself(tmp_path: Path) -> None:
    assert _read(tmp_path / "docs" / "a.md", tmp_path / "docs", "---\naudience: Public\n---\nText") is PUBLIC


def test_the_caller_may_publish_what_says_nothing(tmp_path: Path) -> None:
    assert _read(tmp_path / "docs" / "a.md", tmp_path / "docs", asked=PUBLIC) is PUBLIC


@pytest.mark.parametrize(
    "front",
    [
        "audience: internal",
        "Audience: INTERNAL",
        "audience: staff",
        "audience: [internal, support]",
        "audience: [broken",
    ],
)
def test_an_internal_mark_wins_over_folder_and_caller(front: str, tmp_path: Path) -> None:
    text = f"---\n{front}\n---\nText"
    assert _read(tmp_path / "docs" / "public" / "a.md", tmp_path / "docs", text, PUBLIC) is INTERNAL


@pytest.mark.parametrize("place", ["docs/internal/a.md", "docs/public/internal/a.md", "docs/Internal/deep/a.md"])
def test_an_internal_folder_wins_over_mark_and_caller(place: str, tmp_path: Path) -> None:
    text = "---\naudience: public\n---\nText"
    assert _read(tmp_path / place, tmp_path / "docs", text, PUBLIC) is INTERNAL


def test_a_single_file_out_of_an_internal_folder_stays_internal(tmp_path: Path) -> None:
    path = tmp_path / "internal" / "support" / "a.md"
    assert _read(path, path.parent, asked=PUBLIC) is INTERNAL


def test_the_caller_may_keep_internal_what_a_folder_would_publish(tmp_path: Path) -> None:
    assert _read(tmp_path / "docs" / "public" / "a.md", tmp_path / "docs", asked=INTERNAL) is INTERNAL


def test_a_document_carries_all_its_marks(tmp_path: Path) -> None:
    text = "---\ntitle: 42\nowner: ann\nurl: https://x.example/a\nupdated: 2026-02-01\nreview_by: soon\n---\nText"
    file = FoundFile(tmp_path, _write(tmp_path / "a.md", text))
    found = read_document(file, text.encode(), None)
    assert (found.source, found.document_id, found.title) == (str(tmp_path), "a.md", "42")
    assert (found.owner, found.url, found.updated_on, found.review_by) == (
        "ann",
        "https://x.example/a",
        date(2026, 2, 1),
        None,
    )


def test_a_url_that_is_no_web_address_is_not_taken(tmp_path: Path) -> None:
    text = "---\nurl: javascript:alert(1)\n---\nText"
    assert read_document(FoundFile(tmp_path, tmp_path / "a.md"), text.encode(), None).url is None


def test_without_a_title_the_name_of_the_file_is_one(tmp_path: Path) -> None:
    file = FoundFile(tmp_path, tmp_path / "pause-or_cancel.md")
    assert read_document(file, b"Text", None).title == "Pause or cancel"


def test_the_hash_tells_content_and_asked_audience_apart() -> None:
    hashes = {hash_content(content, asked) for content in (b"a", b"b") for asked in (None, PUBLIC, INTERNAL)}
    assert len(hashes) == 6


def test_the_files_that_come_with_earshot_can_all_be_read() -> None:
    root = Path(__file__).parents[2] / "knowledge"
    for file in find_files(root, root):
        content = read_content(file, 50_000_000)[0]
        if b"\nstatus: superseded\n" in content:
            continue
        found = read_document(file, content, None)
        assert found.audience == file.document_id.split("/")[0]
        assert found.title
        assert file.path.suffix == ".txt" or (found.owner and found.updated_on and found.review_by), file.document_id


def test_a_link_below_public_to_an_internal_file_is_internal(tmp_path: Path) -> None:
    _write(tmp_path / "internal" / "credits.md")
    _write(tmp_path / "notes" / "plain.md")
    (tmp_path / "public").mkdir()
    for name, target in (("credits.md", "internal/credits.md"), ("plain.md", "notes/plain.md")):
        (tmp_path / "public" / name).symlink_to(tmp_path / target)
        file = FoundFile(tmp_path, tmp_path / "public" / name)
        assert read_document(file, b"Some text.", None).audience is INTERNAL


def test_a_linked_folder_below_public_is_internal_too_and_a_root_named_public_may_be_a_link(tmp_path: Path) -> None:
    inside = _write(tmp_path / "docs" / "internal" / "a.md")
    (tmp_path / "docs" / "public").mkdir()
    (tmp_path / "docs" / "public" / "more").symlink_to(inside.parent)
    file = FoundFile(tmp_path / "docs", tmp_path / "docs" / "public" / "more" / "a.md")
    assert read_document(file, b"Some text.", None).audience is INTERNAL
    _write(tmp_path / "pages" / "b.md")
    (tmp_path / "public").symlink_to(tmp_path / "pages")
    file = FoundFile(tmp_path / "public", tmp_path / "public" / "b.md")
    assert read_document(file, b"Some text.", None).audience is PUBLIC


def test_a_hard_link_below_public_to_an_internal_file_is_internal(tmp_path: Path) -> None:
    secret = _write(tmp_path / "internal" / "credits.md")
    (tmp_path / "public").mkdir()
    os.link(secret, tmp_path / "public" / "credits.md")
    _write(tmp_path / "public" / "a.md")
    os.link(tmp_path / "public" / "a.md", tmp_path / "public" / "b.md")
    assert _find_public(tmp_path, tmp_path) == ["public/a.md", "public/b.md"]
    assert _find_public(tmp_path, tmp_path / "public") == ["public/a.md", "public/b.md"]


def test_a_file_that_also_lies_where_nobody_looks_is_public_by_its_own_mark_alone(tmp_path: Path) -> None:
    root = tmp_path / "public"
    for name, text in (("plain.md", "Some text."), ("marked.md", "---\naudience: public\n---\nSome text.")):
        path = _write(tmp_path / "elsewhere" / name, text)
        root.mkdir(exist_ok=True)
        os.link(path, root / name)
    assert _find_public(root, root) == ["marked.md"]


def _find_public(root: Path, start: Path) -> list[str]:
    files = name_links(list(find_files(root, start)))
    found = [read_document(file, read_content(file, _LIMIT)[0], None) for file in files]
    return [document.document_id for document in found if document.audience is PUBLIC]
