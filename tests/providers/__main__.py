"""Serves one profile by hand: python -m tests.providers PROFILE [--port N]."""

from __future__ import annotations

import argparse
import threading

from tests.providers import profiles
from tests.providers.server import StrictProvider


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.providers")
    parser.add_argument("profile", choices=profiles.names())
    parser.add_argument("--port", type=int, default=0)
    wanted = parser.parse_args()
    with StrictProvider(wanted.profile, port=wanted.port) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
