"""The site of docs/ in build/docs/site, built by `make docs`: any broken link or missing page fails it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
_LINK = re.compile(r"\]\(((?:\.\./)+[^)#\s]+)")
_KINDS = {".service": "ini", ".json": "json", ".sh": "bash", ".example": "ini"}


def build_site(folder: Path, docs: Path = DOCS) -> subprocess.CompletedProcess[str]:
    """Build the site in `folder`, anew; what is wrong is in the output, and the exit status says so."""
    shutil.rmtree(folder, ignore_errors=True)
    pages = folder / "pages"
    pages.mkdir(parents=True)
    shutil.copy(docs / "zensical.toml", folder)
    for path in [*docs.rglob("*.md"), *docs.rglob("*.png")]:
        target = pages / path.relative_to(docs)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            target.write_text(_link_files(path.read_text(encoding="utf-8"), path, docs, pages), encoding="utf-8")
        else:
            shutil.copy(path, target)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    plain = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)  # noqa: S603


def _link_files(text: str, page: Path, docs: Path, pages: Path) -> str:
    """Have links to files beside docs/ lead to pages of the site that show them."""

    def show(found: re.Match[str]) -> str:
        file = (page.parent / found[1]).resolve()
        if file.is_relative_to(docs) or not file.is_file():
            return found[0]
        shown = pages / "files" / (file.relative_to(docs.parent).as_posix().lstrip(".").removesuffix(".md") + ".md")
        _show_file(file, shown)
        return "](" + os.path.relpath(shown, (pages / page.relative_to(docs)).parent)

    return _LINK.sub(show, text)


def _show_file(file: Path, page: Path) -> None:
    page.parent.mkdir(parents=True, exist_ok=True)
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".md":
        text = f"# {file.name}\n\n````{_KINDS.get(file.suffix, file.suffix[1:])}\n{text}````\n"
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    built = build_site(ROOT / "build" / "docs")
    sys.stdout.write(built.stdout + built.stderr.partition("Traceback")[0])
    sys.exit(built.returncode)
