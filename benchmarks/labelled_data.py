"""Where benchmarks find the labelled data that they compare the bot with. It is not part of this repository."""

from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
"""The default folder, which has subfolders such as "matching", and the scorers in "score"."""


def require(folder: Path) -> None:
    """Raise SystemExit with an explanation if this folder with labelled data does not exist."""
    if not folder.is_dir():
        raise SystemExit(f"Nothing was measured: the labelled data is not at {folder}.")
