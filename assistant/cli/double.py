"""Loads the Slack double out of the checkout's tests, where it lives: it is no part of the installed package."""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import assistant
from assistant.errors import InputError

_PACKAGE = "slack_double"


def load_double(module: str = "") -> ModuleType:
    """The package tests/slack_double, or one of its modules. Raises InputError where Earshot runs without a checkout.

    Only this one package is made importable: with all of tests/ on the path, its folders would shadow other packages.
    """
    if _PACKAGE not in sys.modules:
        _load(Path(assistant.__file__).parent.parent / "tests" / _PACKAGE)
    return importlib.import_module(f"{_PACKAGE}.{module}" if module else _PACKAGE)


def _load(folder: Path) -> None:
    entry = folder / "__init__.py"
    spec = importlib.util.spec_from_file_location(_PACKAGE, entry, submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None or not entry.is_file():
        raise InputError(
            f"The Slack that the demo brings along is not here: there is no {folder}.",
            "Run it from a clone of the repository, where the tests are.",
        )
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = loaded
    spec.loader.exec_module(loaded)
