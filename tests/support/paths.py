"""Where the checkout and the shared data beside it are."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SHARED: Final = ROOT.parent / "shared"
"""Real data to measure with. It is never part of the repository; tests that use it skip where it is missing."""
