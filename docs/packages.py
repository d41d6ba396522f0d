"""What Earshot needs of others: docs/packages.md by `make tables`; `make check` refuses licences that clash."""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "packages.md"
_MARK = "<!-- Everything below is made from pyproject.toml and the installed packages: run `make tables`. -->\n"
_WHY = re.compile(r'^(?:    "([\w.-]+)[^"]*",|(\w+) = \[.*\]) *# (.+)$', re.MULTILINE)
_DEVELOPERS = {"dev", "docs", "eval", "release"}  # nobody gets these with Earshot
# Compatible with Apache-2.0 where the package stays one of its own, as a wheel does: the LGPL's and MPL's as well.
_ALLOWED = re.compile(
    r"\bMIT\b|BSD|Apache|\bISC\b|PSF|Python Software|Mozilla|MPL|LGPL|Lesser General|CNRI|Zope|Zlib|BSL-1|CC0|"
    r"Public Domain",
    re.IGNORECASE,
)


def read_reasons() -> dict[str, str]:
    """Why each package of the core, and each extra, is needed, as pyproject.toml says behind it."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return {canonicalize_name(name or extra): why for name, extra, why in _WHY.findall(text)}


def read_needed() -> dict[str, list[Requirement]]:
    """What the core needs (under an empty name) and each extra that is not for developers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        extra: [Requirement(line) for line in lines if not line.startswith("earshot[")]
        for extra, lines in lists.items()
        if extra not in _DEVELOPERS
    }


def gather(needed: Iterable[Requirement]) -> dict[str, Distribution]:
    """All installed packages that these bring, themselves included."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(needed)
    while waiting:
        one = waiting.pop()
        key = (canonicalize_name(one.name), frozenset(one.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            found[key[0]] = distribution(one.name)
        except PackageNotFoundError:  # of another platform, or an extra that is not installed
            continue
        waiting += [each for each in map(Requirement, found[key[0]].requires or ()) if _applies(each, one.extras)]
    return found


def _applies(needed: Requirement, extras: Iterable[str]) -> bool:
    return needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *extras))


def find_licence(package: Distribution) -> str:
    """Its licence as its metadata name it; more classifiers than one are a choice."""
    told = {key: package.metadata.get_all(key) or [""] for key in ("License-Expression", "License", "Classifier")}
    classes = [line.rpartition(" :: ")[2] for line in told["Classifier"] if line.startswith("License ::")]
    return told["License-Expression"][0] or ", ".join(classes) or told["License"][0].strip().partition("\n")[0]


def goes_with_ours(licence: str) -> bool:
    """Whether a package under it may be used by one under Apache-2.0: each part of it, by any choice that it leaves."""
    return all(_ALLOWED.search(part) for part in licence.split(" AND "))


def find_clashes() -> Iterator[str]:
    """Each package of the core or an extra whose licence is not one that goes with Apache-2.0."""
    for name, package in sorted(gather(one for some in read_needed().values() for one in some).items()):
        licence = find_licence(package)
        if not goes_with_ours(licence):
            yield f"{name} {package.version}: {licence or 'says none'}"


def describe() -> str:
    """The page's tables: the core's packages with what each alone brings, then the extras."""
    reasons, needed = read_reasons(), read_needed()
    core = needed.pop("")
    lines = [
        f"\nThe core brings {len(gather(core))} packages.\n",
        "| package | what for | brings | licence |",
        "|---|---|---:|---|",
    ]
    for one in sorted(core, key=lambda each: each.name.lower()):
        name, others = canonicalize_name(one.name), [each for each in core if each is not one]
        alone = gather([one]).keys() - gather(others).keys() - {name}
        lines.append(f"| {name} | {reasons[name]} | {len(alone) or ''} | {find_licence(distribution(name))} |")
    lines += ["\n| extra | what for |", "|---|---|"]
    lines += [f"| `{extra}` | {reasons[extra]} |" for extra in sorted(needed)]
    return "\n".join(lines) + "\n"


def write_page() -> None:
    """Write the tables below the mark; the text above it stays."""
    PAGE.write_text(PAGE.read_text(encoding="utf-8").partition(_MARK)[0] + _MARK + describe(), encoding="utf-8")


if __name__ == "__main__":
    clashes = list(find_clashes())
    sys.stdout.writelines(f"{clash}\n" for clash in clashes)
    sys.exit(1 if clashes else 0)
