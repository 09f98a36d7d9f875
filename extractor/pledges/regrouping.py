"""Regrouping: which mentions are one pledge now, around those that have changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from extractor.pledges.clustering import linked, pledge_id
from extractor.pledges.linking import Linking
from extractor.pledges.renewing import renew_rows
from extractor.pledges.turn import LedgerTurn


def regroup(turn: LedgerTurn, touched: Collection[str], around: Collection[str] = ()) -> None:
    """Judge and group what touched mentions hang together with, and keep the rows of that.

    Args:
        turn: the change that it is part of.
        touched: mentions that are new or say something else now: they are compared with others.
        around: mentions that are only to be grouped again.
    """
    met = turn.meeting(touched) if touched else set()
    turn.traits.load({*touched, *met})
    linking = Linking(turn.traits, turn.scorer, turn.at, turn.judgements(touched))
    linking.compare(touched)
    named = {each for pair in linking.fresh for each in pair}
    linking.judgements |= turn.around({*touched, *around, *named})
    linking.judgements |= {
        pair: one for pair, one in linking.fresh.items() if pair not in linking.judgements
    }
    whole = linked({*touched, *around}, linking.judgements)
    # Whoever was one with these before is grouped again too, although nothing ties it now.
    before = turn.members(set(turn.pledges_of(whole).values()))
    whole |= {each for members in before.values() for each in members} - turn.orphans
    linking.judgements |= turn.around(whole)
    linking.judgements |= linking.fresh
    whole |= linked(whole, linking.judgements)
    turn.traits.load(whole)
    groups = linking.groups(whole)
    turn.report.pairs += len(linking.fresh)
    turn.put_judgements(linking.fresh[pair] for pair in sorted(linking.fresh))
    renew_rows(turn, _move(turn, groups))


def _move(turn: LedgerTurn, groups: Iterable[frozenset[str]]) -> set[str]:
    """Give each group its id and let mentions move; the pledges that this concerns."""
    target: dict[str, str] = {}
    for group in groups:
        name = pledge_id(turn.traits.oldest(group))
        target |= dict.fromkeys(group, name)
    old = turn.pledges_of({*target, *turn.orphans})
    moved = {m: (old.get(m), target.get(m)) for m in {*target, *turn.orphans}}
    for mention, (was, now) in sorted(moved.items()):
        if was != now:
            turn.move(mention, was, now)
    for was, now in sorted({pair for pair in moved.values() if pair[0] and pair[1]}):
        if was and now and was != now:
            if turn.has_living(was) and turn.members([was]):
                turn.report.split[now] = was
            else:
                turn.report.merged[was] = now
    turn.orphans.clear()
    return {*target.values(), *(was for was, _ in moved.values() if was)}
