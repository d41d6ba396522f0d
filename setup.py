"""Puts what Earshot ships beside its code into the wheel: prompts, the app's manifest, the example company."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
SHIPPED = (
    "examples",
    "knowledge",
    "prompts",
    "slack-manifest.yaml",
    *(path.name for path in ROOT.glob("*.example.yaml")),
)


class BuildWithShipped(build_py):
    """An editable installation reads them from the checkout."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "assistant" / "shipped"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in SHIPPED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, target / name)


setup(cmdclass={"build_py": BuildWithShipped})
