"""What Earshot brings is explained, licensed to go with it, and pinned by hash for the image."""

import re
from email.message import Message
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from docs.packages import PAGE, find_licence, goes_with_ours, read_needed, read_reasons

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "deploy" / "requirements.txt").read_text("utf-8")


def test_every_package_of_the_core_and_every_extra_says_what_it_is_for() -> None:
    needed = read_needed()
    names = {canonicalize_name(one.name) for one in needed.pop("")}
    assert names | needed.keys() <= read_reasons().keys()
    page = PAGE.read_text("utf-8")
    assert [name for name in names if f"| {name} |" not in page] == []


class _Package(Distribution):
    def __init__(self, **told: str) -> None:
        self._message = Message()
        for name, value in told.items():
            self._message[name.replace("_", "-")] = value

    @property
    def metadata(self) -> Message:  # type: ignore[override]
        return self._message

    def read_text(self, filename: str) -> None:
        return None

    def locate_file(self, path: object) -> Path:
        return Path()


@pytest.mark.parametrize(
    ("package", "goes"),
    [
        (_Package(License_Expression="MIT"), True),
        (_Package(License_Expression="Apache-2.0 OR GPL-2.0-only"), True),
        (_Package(License_Expression="LGPL-3.0-only"), True),
        (_Package(Classifier="License :: OSI Approved :: BSD License"), True),
        (_Package(License_Expression="MIT AND GPL-3.0-only"), False),
        (_Package(License_Expression="AGPL-3.0-or-later"), False),
        (_Package(Classifier="License :: OSI Approved :: GNU General Public License v3 (GPLv3)"), False),
        (_Package(License="as the author permitted"), False),
        (_Package(), False),
    ],
)
def test_a_licence_that_clashes_with_ours_is_told(package: Distribution, goes: bool) -> None:
    assert goes_with_ours(find_licence(package)) is goes


def test_the_image_installs_each_package_by_its_hash_in_the_version_that_is_tested() -> None:
    parts = re.split(r"\n(?=\S)", LOCK.strip())
    assert [part.partition(" ")[0] for part in parts if "--hash=sha256:" not in part] == []
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", LOCK, re.MULTILINE))
    tested = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    assert {name: version for name, version in locked.items() if tested.get(name, version) != version} == {}


def test_the_lock_has_what_the_core_needs_without_torch() -> None:
    locked = set(re.findall(r"^([\w.-]+)==", LOCK, re.MULTILINE))
    left_out = {"torch", "sentence-transformers"}
    assert {canonicalize_name(one.name) for one in read_needed()[""]} - locked == left_out
    assert not locked & {"transformers", "kubernetes", "onnxruntime"}
