"""The version of the code, stamped on every extraction."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
