"""The package holds what it needs: whoever installs it without a clone has prompts, manifest and example company."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PARTS = ("assistant", "evals", "slack_double", "prompts", "knowledge", "examples")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The files in a wheel that is built of a copy of the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for part in PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for pattern in ("*.yaml", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "constraints.txt"):
        for path in ROOT.glob(pattern):
            shutil.copy2(path, source)
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=source, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("earshot-*.whl"))) as wheel:
        return frozenset(wheel.namelist())


def test_the_wheel_holds_everything_that_stands_beside_the_code(names: frozenset[str]) -> None:
    beside = [
        path for part in ("prompts", "knowledge", "examples") for path in (ROOT / part).rglob("*") if path.is_file()
    ]
    beside += [*ROOT.glob("*.example.yaml"), ROOT / "slack-manifest.yaml"]
    assert {f"assistant/shipped/{path.relative_to(ROOT)}" for path in beside} <= names


def test_the_wheel_holds_the_demos_slack_and_its_page(names: frozenset[str]) -> None:
    page = [path for path in (ROOT / "slack_double").rglob("*") if path.suffix in (".py", ".js", ".css", ".html")]
    assert {str(path.relative_to(ROOT)) for path in page} <= names


def test_no_test_is_in_the_wheel(names: frozenset[str]) -> None:
    assert [name for name in names if name.startswith("tests/") or "/test_" in name] == []
