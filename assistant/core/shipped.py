"""What Earshot ships beside its code: prompts, the app's manifest, examples. In a checkout, or inside the package."""

from pathlib import Path

import assistant
from assistant.errors import InputError

_PACKAGE = Path(assistant.__file__).parent
_PLACES = (_PACKAGE / "shipped", _PACKAGE.parent)  # setup.py copies what ships into the first one

SHIPPED_MODELS = _PACKAGE / "shipped" / "models"


def choose_copy(folder: Path, name: str) -> Path:
    """Where a model's int8 copy lies: beside the code, where the image ships it, or else in `folder`."""
    shipped = SHIPPED_MODELS / name
    return shipped if shipped.is_dir() else folder / name


def find_shipped(name: str) -> Path:
    """The file or folder of this name. Raises InputError where it was not installed."""
    found = next((place / name for place in _PLACES if (place / name).exists()), None)
    if found is None:
        raise InputError(f"{name} is not here: Earshot was not installed whole.", "Install it again.")
    return found
