"""Files that are written whole or not at all, and names that are safe as file names."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path


def as_name(text: str) -> str:
    """A name for a file or folder: a model's name may hold slashes, and none may climb out.

    Names that differ stay different: one that had to be changed ends in a digest of itself.
    """
    name = re.sub(r"[^\w.-]+", "__", text).lstrip(".") or "_"
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return name if name == text else f"{name}-{digest}"


def write_whole(file: Path, content: str | bytes) -> None:
    """Replace the file in one step, so that a reader or a kill never sees a half of it."""
    data = content.encode() if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        # A temporary file is for its owner only; this one is for whoever may read the folder.
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
