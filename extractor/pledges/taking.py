"""Taking readings in: the mentions of an article are those of the reading that it goes by now."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from extractor.pledges.blocking import block_keys
from extractor.pledges.mentions import Mention, mentions_of
from extractor.pledges.readings import KnownReading
from extractor.pledges.regrouping import regroup
from extractor.pledges.rereading import same_records
from extractor.pledges.turn import LedgerTurn
from extractor.records import Extraction


def take_readings(turn: LedgerTurn, keys: Collection[str]) -> None:
    """Take in what these readings, and others of their articles, say now."""
    touched: set[str] = set()
    around: set[str] = set()
    for readings in turn.readings.of_articles_of(keys):
        turn.readings.take([each for each in readings if each.key in keys], turn.at)
        best, extraction = _best_of(turn, readings)
        if extraction is None:
            continue
        new = _mentions(turn, best, extraction)
        old = turn.of_articles([extraction.article.sha256])
        here, gone = _replace(turn, old, new)
        touched |= here
        around |= _leave(turn, gone)
    turn.report.results += len(keys)
    regroup(turn, touched, around - touched)


def judge_again(turn: LedgerTurn) -> None:
    """Judge every pair by the rules and parties of today; what people judged stays."""
    everything = turn.all_mentions()
    turn.forget_rules(everything)
    for mention in turn.mentions(everything):
        turn.put_keys(mention.id, block_keys(turn.traits.put(mention)))
    regroup(turn, set(everything))


def _best_of(
    turn: LedgerTurn, readings: Sequence[KnownReading]
) -> tuple[KnownReading, Extraction | None]:
    for reading in readings:
        if (extraction := turn.readings.extraction(reading)) is not None:
            return reading, extraction
        turn.report.unreadable += 1
    return readings[0], None


def _mentions(turn: LedgerTurn, reading: KnownReading, extraction: Extraction) -> list[Mention]:
    article = extraction.article.sha256
    known = turn.articles([article]).get(article)
    return list(
        mentions_of(
            reading.key,
            extraction,
            publisher=known.publisher if known else None,
            published_at=known.published_at if known else None,
            source_url=known.source_url if known else None,
        )
    )


def _replace(
    turn: LedgerTurn, old: Sequence[Mention], new: Sequence[Mention]
) -> tuple[set[str], set[str]]:
    """Put the mentions of a reading in the place of another one's: those here, those gone.

    None are here if nothing has changed. Otherwise all are, for what an article says of one record
    may hang on another one of its records.
    """
    before = same_records(old, new)
    here: set[str] = set()
    changed: set[str] = set()
    for mention in new:
        known = before.get(mention.id)
        kept = mention.renamed(known.id, known.wire) if known else mention
        here.add(kept.id)
        if kept == known:
            continue
        turn.put_mention(kept, block_keys(turn.traits.put(kept)))
        changed.add(kept.id)
        turn.report.mentions_new += known is None
        turn.report.mentions_changed += known is not None
    turn.forget_rules(changed & {known.id for known in before.values()})
    gone = {mention.id for mention in old} - here
    turn.report.mentions_gone += len(gone)
    return (here if changed or gone else set()), gone


def _leave(turn: LedgerTurn, gone: Collection[str]) -> set[str]:
    """Take mentions out; what their pledges have left must be grouped again."""
    pledges = turn.pledges_of(gone)
    left = {each for members in turn.members(set(pledges.values())).values() for each in members}
    turn.forget_rules(gone)
    for mention in sorted(gone):
        turn.drop_mention(mention)
    turn.orphans |= set(gone)
    return left - set(gone)
