"""The door to the harness, for those who have it from a wheel.

Its package is named `eval`, as a project's own may be. So a wheel keeps it in this folder, off the
path: installing the product cannot break `import eval` anywhere. The command `extractor-eval` puts
the folder on the path of its own process; a test-suite asks for it with

    pytest_plugins = ["extractor_eval"]

In a checkout `eval` is on the path already, and this module changes nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_HERE = Path(__file__).parent


def main() -> None:
    """The command line of the harness."""
    if _kept():
        sys.path.insert(0, str(_HERE))
    import_module("eval.cli").main()


def __getattr__(name: str) -> list[str]:
    # Pytest reads this of every plugin. A variable would change the path of whoever imports us.
    if name != "pytest_plugins":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if _kept() and str(_HERE) not in sys.path:
        if (other := find_spec("eval")) is not None:
            place = other.origin or ", ".join(other.submodule_search_locations or ())
            raise ImportError(
                f"This project has a package `eval` of its own ({place}), and so has the harness: "
                "one process cannot hold both. Keep the tests of the gate where yours is not on "
                "the path."
            )
        sys.path.append(str(_HERE))
    return ["eval.pytest_plugin"]


def _kept() -> bool:
    return (_HERE / "eval").is_dir()
