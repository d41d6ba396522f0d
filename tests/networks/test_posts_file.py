"""Files of posts: a bad line spoils only itself, whatever its bytes."""

import contextlib
import csv
import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.core.database import Store
from assistant.domain import Mention
from assistant.errors import InputError
from assistant.listening.networks.base.protocol import Rejected
from assistant.listening.networks.file import read_posts
from assistant.listening.tables.posts import MentionTables

GOOD = {"id": "1", "text": "Hé 🚲", "created_at": "2026-11-09T05:12:47+02:00"}
_SHARED_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def _read(path: Path, content: bytes) -> list[Mention | Rejected]:
    path.write_bytes(content)
    return list(read_posts(path))


def _one(tmp_path: Path, **fields: object) -> Mention | Rejected:
    found = _read(tmp_path / "a.jsonl", json.dumps(GOOD | fields).encode())
    assert len(found) == 1
    return found[0]


def _mention(tmp_path: Path, **fields: object) -> Mention:
    found = _one(tmp_path, **fields)
    assert isinstance(found, Mention), found
    return found


def test_a_line_becomes_a_mention(tmp_path: Path) -> None:
    fields = {
        "source": "X",
        "author": "ann",
        "url": "https://x.example/1",
        "in_reply_to": 7,
        "followers": 12,
        "likes": 3,
    }
    assert _one(tmp_path, **fields) == Mention(
        mention_id="x:1",
        network="x",
        external_id="1",
        author="ann",
        text="Hé 🚲",
        created_at=datetime(2026, 11, 9, 3, 12, 47, tzinfo=UTC),
        url="https://x.example/1",
        in_reply_to="7",
        followers=12,
    )


def test_what_a_line_leaves_out_is_empty(tmp_path: Path) -> None:
    found = _mention(tmp_path, lang="", location=None, followers=" ", source=" ", author=None)
    assert (found.network, found.author, found.lang, found.location, found.followers) == ("file", "", None, None, None)


def test_a_time_without_an_offset_is_utc(tmp_path: Path) -> None:
    assert _mention(tmp_path, created_at="2026-11-09 05:12").created_at == datetime(2026, 11, 9, 5, 12, tzinfo=UTC)


def test_a_url_that_is_no_web_address_is_left_out(tmp_path: Path) -> None:
    assert _mention(tmp_path, url="javascript:alert(1)").url is None


@given(
    lines=st.lists(st.binary(max_size=80).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")), max_size=8)
)
@example(lines=[b"9" * 5000, b"[" * 100_000, b"\xff\xfe", b"null", b'"text"', b"{}", b"\x00", b'{"id": Infinity}'])
@example(lines=[b'{"id": "\\ud800", "text": "a", "created_at": 1e999}', b'{"followers": ' + b"9" * 30 + b"}"])
@_SHARED_FOLDER
def test_good_lines_come_through_whatever_stands_between_them(lines: list[bytes], tmp_path: Path) -> None:
    goods = [json.dumps(GOOD | {"id": f"good-{place}"}).encode() for place in range(len(lines) + 1)]
    mixed = [line for pair in zip(goods, lines, strict=False) for line in pair] + goods[-1:]
    found = _read(tmp_path / "a.jsonl", b"\n".join(mixed))
    ids = [post.external_id for post in found if isinstance(post, Mention)]
    assert [name for name in ids if name.startswith("good-")] == [f"good-{place}" for place in range(len(goods))]


@given(content=st.binary(max_size=300), name=st.sampled_from(["a.jsonl", "a.csv", "a.jsonl.gz", "a.csv.gz"]))
@_SHARED_FOLDER
def test_whatever_the_bytes_each_post_is_taken_or_rejected(content: bytes, name: str, tmp_path: Path) -> None:
    packed = gzip.compress(content) if name.endswith(".gz") else content
    with contextlib.suppress(InputError):  # which is said of a whole file
        for post in _read(tmp_path / name, packed):
            assert isinstance(post, Mention) or post.reason


values = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)


@given(texts=st.lists(values, min_size=1, max_size=5))
@example(texts=['He said "no", twice\nand left', "=1+1", "a,b;c", "'"])
@_SHARED_FOLDER
def test_a_csv_gives_back_every_text_that_was_quoted_into_it(texts: list[str], tmp_path: Path) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text", "created_at"])
    writer.writerows([str(number), text, "2026-11-09"] for number, text in enumerate(texts))
    found = _read(tmp_path / "a.csv", file.getvalue().encode())
    assert [post.text for post in found if isinstance(post, Mention)] == [text.strip() for text in texts]


@given(post=st.fixed_dictionaries({"id": values, "text": values, "source": values, "author": values, "lang": values}))
@_SHARED_FOLDER
def test_what_comes_through_can_be_kept(post: dict[str, str], tmp_path: Path, store: Store, now: datetime) -> None:
    found = _mention(tmp_path, **post)
    mentions = MentionTables(store)
    mentions.add([found], now)
    assert mentions.find(found.mention_id).external_id == found.external_id


def test_a_csv_row_that_is_short_or_long_spoils_only_itself(tmp_path: Path) -> None:
    rows = "id,text,created_at\n1,Hi,2026-11-09\n2\n3,Hi,2026-11-09,more,and more\n4,Hi,2026-11-09\n"
    found = _read(tmp_path / "a.csv", rows.encode())
    assert [isinstance(post, Mention) for post in found] == [True, False, True, True]
    assert found[1] == Rejected("line 3", "text is missing; created_at is missing")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": True}, "id must be a text"),
        ({"id": ""}, "id must not be empty"),
        ({"id": None}, "id must be a text"),
        ({"id": "x" * 301}, "id is longer than 300 characters"),
        ({"text": ["Hi"]}, "text must be a text"),
        ({"text": "  "}, "text must not be empty"),
        ({"text": None}, "text must be a text"),
        ({"text": "\ud800"}, "text is not valid UTF-8"),
        ({"location": "\ud800"}, "location is not valid UTF-8"),
        ({"source": "\ud800"}, "source is not valid UTF-8"),
        ({"created_at": float("nan")}, "created_at must be a date and time, such as 2026-11-09T08:20:00Z"),
        ({"created_at": "yesterday"}, "created_at must be a date and time, such as 2026-11-09T08:20:00Z"),
        ({"created_at": "0001-01-01"}, "created_at must lie after 1970"),
        ({"followers": "many"}, "followers must be a whole number"),
        ({"followers": 1.5}, "followers must be a whole number"),
        ({"followers": float("nan")}, "followers must be a whole number"),
        ({"followers": -1}, "followers must not be below 0"),
        ({"followers": 10**13}, "followers must not be above 1000000000000"),
        ({"author": {"name": "ann"}}, "author must be a text"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_in_plain_words(
    fields: dict[str, object], reason: str, tmp_path: Path
) -> None:
    assert _one(tmp_path, **fields) == Rejected("line 1", reason)


def test_a_line_that_is_a_bare_text_is_not_repeated(tmp_path: Path) -> None:
    assert _read(tmp_path / "a.jsonl", b'"call 555"\n') == [Rejected("line 1", "is no JSON object")]


def test_columns_may_be_written_with_capitals_and_spaces(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.csv", b"ID, Text, Created_At\n1,Hi,2026-11-09\n")
    assert [post.text for post in found if isinstance(post, Mention)] == ["Hi"]


def test_a_csv_field_that_is_too_long_spoils_only_itself(tmp_path: Path) -> None:
    rows = f"id,text,created_at\n1,{'x' * 200_000},2026-11-09\n2,Hi,2026-11-09\n"
    found = _read(tmp_path / "a.csv", rows.encode())
    assert [isinstance(post, Mention) for post in found] == [False, True]
    assert isinstance(found[0], Rejected)
    assert found[0].place == "line 2"
    assert "field limit" not in found[0].reason


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "A.JSONL.GZ", "posts.txt", "a.csv.jsonl"])
def test_a_byte_order_mark_and_gzip_make_no_difference(name: str, tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n\r\n"
    packed = gzip.compress(content) if name.lower().endswith(".gz") else content
    assert [isinstance(post, Mention) for post in _read(tmp_path / name, packed)] == [True]


@pytest.mark.parametrize("name", ["a.csv", "A.CSV", "a.csv.gz"])
def test_a_csv_is_known_by_its_name(name: str, tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfid,text,created_at\r\n1,Hi,2026-11-09\r\n"
    packed = gzip.compress(content) if name.endswith(".gz") else content
    assert [isinstance(post, Mention) for post in _read(tmp_path / name, packed)] == [True]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.jsonl cannot be read"):
        list(read_posts(tmp_path / "gone.jsonl"))
    with pytest.raises(InputError, match="cannot be read"):
        list(read_posts(tmp_path))


@pytest.mark.parametrize("cut", [5, 15, -12, -4])
def test_a_gzip_file_that_breaks_off_is_refused(cut: int, tmp_path: Path) -> None:
    content = gzip.compress(json.dumps(GOOD).encode() * 100)[:cut]
    with pytest.raises(InputError, match="cannot be read"):
        _read(tmp_path / "a.jsonl.gz", content)


def test_a_gzip_file_with_a_wrong_byte_is_refused(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(b"".join(f'{{"id": {n}}}\n'.encode() for n in range(5000))))
    content[len(content) // 2 : len(content) // 2 + 40] = b"\xff" * 40
    with pytest.raises(InputError, match="cannot be read"):
        _read(tmp_path / "a.jsonl.gz", bytes(content))


WHOLE_FILES = [
    ("posts.csv", b"id;text;created_at\n1;Hi;2026-11-11T12:00:00Z\n", "parted by ;"),
    ("posts.csv", b"id\ttext\n1\tHi\n", "parted by tabs"),
    ("posts.csv", "id,text\n1,Hi\n".encode("utf-16"), "is UTF-16 text"),
    ("posts.jsonl", '{"id": "1"}'.encode("utf-16"), "is UTF-16 text"),
    ("posts.jsonl", b"\n\n", "holds no post"),
    ("posts.csv", b"", "holds no post"),
    ("posts.csv", b"id,text,created_at\n", "holds no post"),
    ("posts.csv", b"1,Hi,2026-11-09\n2,Ho,2026-11-09\n", "has no column id and no column text"),
    ("posts.csv", b"x" * 200_000, "The first line of the CSV file cannot be read"),
    ("posts.csv", b"PK\x03\x04\x14\x00", "is a spreadsheet or a zip file"),
    ("posts.jsonl", b'[{"id": "1", "text": "Hi", "created_at": "2026-11-09"}]', "is one JSON list"),
    ("posts.jsonl.gz", gzip.compress(b"{}", mtime=0) + b"more", "it was cut off or damaged on its way"),
]


@pytest.mark.parametrize(("name", "content", "words"), WHOLE_FILES)
def test_a_file_that_is_wrong_as_a_whole_is_told_once_with_the_mend(
    name: str, content: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        list(read_posts(tmp_path / name))
    assert caught.value.hint


def test_a_missing_file_is_named_without_the_number_of_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read: No such file or directory\.$"):
        list(read_posts(tmp_path / "posts.jsonl"))
