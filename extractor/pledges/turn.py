"""One change of the ledger: its transaction, its time, what judges and what it comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractor.pledges.keeping import Keeping
from extractor.pledges.parties import PartyTable
from extractor.pledges.readings import Readings
from extractor.pledges.scoring import PairScorer
from extractor.pledges.traits import Traits, traits_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from extractor.pledges.mentions import Mention


@dataclass(slots=True)
class BuildReport:
    """What a change of the ledger came to."""

    results: int = 0
    unreadable: int = 0
    mentions_new: int = 0
    mentions_changed: int = 0
    mentions_gone: int = 0
    pairs: int = 0
    """Judgements that were made."""
    created: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)
    """By id, the pledge that each went into."""
    split: dict[str, str] = field(default_factory=dict)
    """By id of the new one, the pledge that it was split from."""
    gone: set[str] = field(default_factory=set)


class KeptTraits(Mapping[str, Traits]):
    """The traits of mentions, read from the store once."""

    def __init__(self, keeping: Keeping, parties: PartyTable) -> None:
        self._keeping = keeping
        self._parties = parties
        self._found: dict[str, Traits] = {}

    def load(self, mentions: Collection[str]) -> None:
        """Read those that are not read yet."""
        for mention in self._keeping.mentions(set(mentions) - self._found.keys()):
            self.put(mention)

    def put(self, mention: Mention) -> Traits:
        """Those of a mention as it is now."""
        found = self._found[mention.id] = traits_of(mention, self._parties)
        return found

    def oldest(self, group: Collection[str]) -> str:
        """The mention of a group that came first."""
        return self._keeping.mentions(group)[0].id

    def __getitem__(self, mention: str) -> Traits:
        if mention not in self._found:
            self.load([mention])
        return self._found[mention]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class LedgerTurn(Keeping):
    """The rows of the ledger while one change is made; see `PledgeLedger`."""

    def __init__(
        self,
        connection: Connection,
        at: str,
        parties: PartyTable,
        scorer: PairScorer,
        report: BuildReport,
    ) -> None:
        super().__init__(connection, at)
        self.at = at
        self.parties = parties
        self.scorer = scorer
        self.report = report
        self.readings = Readings(connection)
        self.traits = KeptTraits(self, parties)
        self.orphans: set[str] = set()
        """Mentions that were taken out, and still stand in the groups of before."""

    def has_living(self, pledge: str) -> bool:
        """Whether there is such a row now."""
        return bool(self.summaries([pledge]))

    def forget_rules(self, mentions: Collection[str]) -> None:
        """Undo what rules judged about these mentions; what people judged stays."""
        told = self.judgements_about(mentions) if mentions else []
        self.undo([each for each in told if not each.by_person], "rule:compared_again")
