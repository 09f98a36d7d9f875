"""The ledger behind the tracker: opened where something in it is to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from extractor.errors import InputError, require
from extractor.pledges.readings import Readings

if TYPE_CHECKING:
    from extractor.pledges.ledger import PledgeLedger
    from extractor.pledges.turn import BuildReport
    from extractor.settings import Settings
    from extractor.storage import Store

MOST_AT_ONCE: Final = 200


class TooManyReadings(InputError):
    """More readings wait for the ledger than one request can take in."""

    hint = "Run `extractor ledger build` once; what comes after it can be taken in here."
    http_status = 409


def ledger_of(store: Store, settings: Settings) -> PledgeLedger:
    """The ledger of a store.

    Raises:
        MissingExtra: the packages that compare names are not installed.
    """
    require("rapidfuzz", extra="ledger", wanted="The ledger")
    from extractor.pledges.ledger import PledgeLedger
    from extractor.pledges.parties import load_parties
    from extractor.selection.embedding import open_embedding

    return PledgeLedger(store, load_parties(settings.parties), open_embedding())


def take_in_readings(store: Store, settings: Settings) -> BuildReport:
    """Take in what was read or reviewed since, if it is not too much.

    Raises:
        TooManyReadings: it is.
        MissingExtra: the packages that compare names are not installed.
    """
    with store.reading() as rows:
        waiting = len(Readings(rows).untaken())
    if waiting > MOST_AT_ONCE:
        raise TooManyReadings(f"{waiting:,} readings wait for the tracker.")
    return ledger_of(store, settings).build()
