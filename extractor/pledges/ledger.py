"""The ledger on a store: taking results in, judging, keeping rows, and what people change in it.

A build takes results in by hundreds, each hundred in one transaction: killed at any moment, it goes
on where it was. Only what new mentions touch is compared, grouped and written anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from extractor.errors import InputError
from extractor.pledges.assembling import assemble
from extractor.pledges.blocking import Pair, block_keys, pair_of
from extractor.pledges.clustering import linked, pledge_id
from extractor.pledges.copies import copied_stories
from extractor.pledges.countable import decide, is_mobilised
from extractor.pledges.evidence import Answer
from extractor.pledges.judging import PairJudgement, by_person
from extractor.pledges.keeping import Keeping
from extractor.pledges.linking import Linking
from extractor.pledges.mentions import Mention, mentions_of
from extractor.pledges.parties import PartyTable
from extractor.pledges.relations import doubles_among, whole_of_each
from extractor.pledges.rereading import same_records
from extractor.pledges.rows import PledgeRow
from extractor.pledges.scoring import PairScorer
from extractor.pledges.traits import Traits, traits_of
from extractor.records import Extraction
from extractor.storage.tables import now_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extractor.selection.embedding import Embed
    from extractor.storage import Store

_AT_ONCE: Final = 100
_AGAIN: Final = "rule:compared_again"
Progress = Callable[[int], None]
"""Told how many results were taken in."""


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


class PledgeLedger:
    """The ledger of pledges in a store."""

    def __init__(
        self,
        store: Store,
        parties: PartyTable,
        embed: Embed | None = None,
        clock: Callable[[], str] = now_text,
    ) -> None:
        self._store = store
        self._parties = parties
        self._embed = embed
        self._clock = clock

    # ---- reading

    def rows(self) -> list[PledgeRow]:
        """All living rows, by id."""
        with self._store.reading() as connection:
            kept = Keeping(connection, "").summaries()
        return [PledgeRow.model_validate_json(summary) for summary in kept.values()]

    def row(self, pledge: str) -> PledgeRow:
        """The row of an id, or the one that it was merged into.

        Raises:
            InputError: there is no such pledge any more, or never was.
        """
        with self._store.reading() as connection:
            keeping = Keeping(connection, "")
            name = self._living(keeping, pledge)
            return PledgeRow.model_validate_json(keeping.summaries([name])[name])

    def judgements_of(self, pledge: str) -> list[PairJudgement]:
        """What holds the mentions of a pledge together, and keeps others away from it.

        Raises:
            InputError: there is no such pledge.
        """
        with self._store.reading() as connection:
            keeping = Keeping(connection, "")
            name = self._living(keeping, pledge)
            return keeping.judgements_about(keeping.members([name])[name])

    # ---- changing

    def build(self, *, afresh: bool = False, progress: Progress | None = None) -> BuildReport:
        """Take in all results that are not in the ledger yet.

        Args:
            afresh: judge every pair again as well, by the rules and parties of today; what people
                judged stays.
            progress: told after each hundred results how many these were.

        Raises:
            StoreFailed: the store does not answer.
        """
        report = BuildReport()
        while True:
            with self._changing() as keeping:
                results = keeping.untaken(_AT_ONCE)
                if results:
                    self._take(keeping, results, report)
            if not results:
                break
            report.results += len(results)
            if progress is not None:
                progress(len(results))
        if afresh:
            with self._changing() as keeping:
                self._judge_again(keeping, report)
        return report

    def merge(self, one: str, other: str, person: str) -> BuildReport:
        """Say that two pledges are one; the older id stays.

        Raises:
            InputError: one of them is not there, or both are one already.
        """
        with self._changing() as keeping:
            names = [self._living(keeping, name) for name in (one, other)]
            if names[0] == names[1]:
                raise InputError(f"{one} and {other} are one pledge already.")
            members = keeping.members(names)
            mine, theirs = (members[name] for name in names)
            # Everyone is tied to the first of the other side, so that no rule can part some again.
            pairs: set[Pair] = {pair_of(mine[0], each) for each in theirs}
            pairs |= {pair_of(theirs[0], each) for each in mine}
            self._say(keeping, pairs, "same", person)
            return self._regroup(keeping, {*mine, *theirs})

    def split(self, pledge: str, mentions: Collection[str], person: str) -> BuildReport:
        """Say that some mentions of a pledge tell of another one than the rest.

        Raises:
            InputError: there is no such pledge, or not some but none or all of its mentions are
                named.
        """
        with self._changing() as keeping:
            name = self._living(keeping, pledge)
            inside = keeping.members([name])[name]
            chosen = {each for each in inside if any(each.startswith(m) for m in mentions if m)}
            rest = set(inside) - chosen
            if not chosen or not rest:
                raise InputError(
                    f"{name} has {len(inside)} mentions, of which {len(chosen)} are named.",
                    hint="Name some of the mentions that `extractor ledger show` lists, not all.",
                )
            pairs = {pair_of(a, b) for a in chosen for b in rest}
            self._say(keeping, pairs, "different", person)
            return self._regroup(keeping, set(inside))

    def undo(self, person: str, judgement: int | None = None) -> BuildReport:
        """Undo what a person said last, or the act that a judgement belongs to.

        Raises:
            InputError: no person has said anything that is not undone.
        """
        with self._changing() as keeping:
            act = keeping.act_of(judgement)
            if not act:
                raise InputError(
                    "There is nothing to undo: no person's judgement is in force.",
                    hint="`extractor ledger show PLEDGE` lists judgements with their numbers.",
                )
            keeping.undo(act, f"person:{person}")
            return self._regroup(keeping, {each for one in act for each in one.pair})

    # ---- inside

    @contextmanager
    def _changing(self) -> Iterator[_Turn]:
        with self._store.writing() as connection:
            turn = _Turn(connection, self._clock())
            turn.lock()
            yield turn

    def _living(self, keeping: Keeping, pledge: str) -> str:
        name = keeping.survivor(pledge)
        if name is None:
            raise InputError(
                f"There is no pledge {pledge}.", hint="`extractor ledger show` lists them."
            )
        return name

    def _say(self, keeping: _Turn, pairs: Iterable[Pair], answer: Answer, person: str) -> None:
        told = [by_person(pair, answer, person, keeping.at) for pair in sorted(pairs)]
        keeping.put_judgements(told)

    def _take(
        self, keeping: _Turn, results: Iterable[tuple[str, str]], report: BuildReport
    ) -> None:
        touched: set[str] = set()
        around: set[str] = set()
        for key, content in results:
            try:
                extraction = Extraction.model_validate_json(content)
            except ValidationError:
                report.unreadable += 1
                keeping.take(key, "")
                continue
            article = extraction.article.sha256
            keeping.take(key, article)
            known = keeping.articles([article]).get(article)
            new = list(
                mentions_of(
                    key,
                    extraction,
                    publisher=known.publisher if known else None,
                    published_at=known.published_at if known else None,
                    source_url=known.source_url if known else None,
                )
            )
            old = keeping.of_articles([article])
            here, gone = self._replace(keeping, old, new, report)
            touched = (touched | here) - gone
            around |= self._leave(keeping, gone)
        self._regroup(keeping, touched, around - touched, report)

    def _replace(
        self, keeping: _Turn, old: list[Mention], new: list[Mention], report: BuildReport
    ) -> tuple[set[str], set[str]]:
        """Put the mentions of a reading in the place of an older one's: those here, those gone."""
        before = same_records(old, new)
        here: set[str] = set()
        for mention in new:
            known = before.get(mention.id)
            kept = mention.renamed(known.id) if known else mention
            traits = keeping.traits[kept.id] = traits_of(kept, self._parties)
            keeping.put_mention(kept, block_keys(traits), is_new=known is None)
            here.add(kept.id)
            report.mentions_new += known is None
            report.mentions_changed += known is not None
        self._forget_rules(keeping, {known.id for known in before.values()})
        gone = {mention.id for mention in old} - here
        report.mentions_gone += len(gone)
        return here, gone

    def _forget_rules(self, keeping: _Turn, mentions: Collection[str]) -> None:
        told = keeping.judgements_about(mentions) if mentions else []
        keeping.undo([each for each in told if not each.by_person], _AGAIN)

    def _leave(self, keeping: _Turn, gone: Collection[str]) -> set[str]:
        """Take mentions out; what their pledges have left must be grouped again."""
        pledges = keeping.pledges_of(gone)
        left = {
            each for members in keeping.members(set(pledges.values())).values() for each in members
        }
        self._forget_rules(keeping, gone)
        for mention in sorted(gone):
            keeping.drop_mention(mention)
        keeping.orphans |= set(gone)
        return left - set(gone)

    def _judge_again(self, keeping: _Turn, report: BuildReport) -> None:
        everything = keeping.all_mentions()
        self._forget_rules(keeping, everything)
        for mention in keeping.mentions(everything):
            keeping.put_keys(mention.id, block_keys(traits_of(mention, self._parties)))
        self._regroup(keeping, set(everything), (), report)

    def _regroup(
        self,
        keeping: _Turn,
        touched: Collection[str],
        around: Collection[str] = (),
        report: BuildReport | None = None,
    ) -> BuildReport:
        """Judge and group what touched mentions hang together with, and write what that changes."""
        report = report or BuildReport()
        met = keeping.meeting(touched) if touched else set()
        traits = _TraitsOf(keeping, self._parties, keeping.traits)
        traits.load({*touched, *met})
        linking = Linking(
            traits,
            PairScorer(self._parties, self._embed),
            keeping.at,
            keeping.judgements(touched),
        )
        linking.compare(touched)
        named = {each for pair in linking.fresh for each in pair}
        linking.judgements |= keeping.around({*touched, *around, *named})
        linking.judgements |= {
            pair: one for pair, one in linking.fresh.items() if pair not in linking.judgements
        }
        whole = linked({*touched, *around}, linking.judgements)
        # Whoever was one with these before is grouped again too, although nothing ties it now.
        before = keeping.members(set(keeping.pledges_of(whole).values()))
        whole |= {each for members in before.values() for each in members} - keeping.orphans
        linking.judgements |= keeping.around(whole)
        linking.judgements |= linking.fresh
        whole |= linked(whole, linking.judgements)
        traits.load(whole)
        groups = linking.groups(whole)
        report.pairs += len(linking.fresh)
        keeping.put_judgements(linking.fresh[pair] for pair in sorted(linking.fresh))
        affected = self._move(keeping, groups, traits, report)
        self._write(keeping, affected, traits, report)
        return report

    def _move(
        self,
        keeping: _Turn,
        groups: Iterable[frozenset[str]],
        traits: _TraitsOf,
        report: BuildReport,
    ) -> set[str]:
        """Give each group its id and let mentions move; the pledges that this concerns."""
        target: dict[str, str] = {}
        for group in groups:
            name = pledge_id(traits.oldest(group))
            target |= dict.fromkeys(group, name)
        old = keeping.pledges_of({*target, *keeping.orphans})
        moved = {m: (old.get(m), target.get(m)) for m in {*target, *keeping.orphans}}
        for mention, (was, now) in sorted(moved.items()):
            if was != now:
                keeping.move(mention, was, now)
        for was, now in sorted({pair for pair in moved.values() if pair[0] and pair[1]}):
            if was and now and was != now:
                if keeping.has_living(was) and keeping.members([was]):
                    report.split[now] = was
                else:
                    report.merged[was] = now
        affected = {*target.values(), *(was for was, _ in moved.values() if was)}
        keeping.orphans.clear()
        return affected

    def _write(
        self, keeping: _Turn, affected: set[str], traits: _TraitsOf, report: BuildReport
    ) -> None:
        """Keep the rows of these pledges, and of those whose counting depends on them."""
        alive = keeping.members(affected)
        for pledge in sorted(affected - alive.keys()):
            self._end(keeping, pledge, report)
        self._mark_copies(keeping, alive)
        around = _Around(keeping, set(alive))
        members = keeping.members(around.pledges)
        mentions = {pledge: keeping.mentions(inside) for pledge, inside in sorted(members.items())}
        rows, wholes = {}, around.wholes()
        for pledge, told in mentions.items():
            traits.load([mention.id for mention in told])
            row = assemble(pledge, told, traits, self._parties)
            rows[pledge] = row.model_copy(update={"part_of": wholes.get(pledge)})
        mobilised = {
            pledge for pledge, told in mentions.items() if is_mobilised([m.record for m in told])
        }
        decided = decide(rows, mobilised, around.doubles(members))
        known = keeping.summaries(decided)
        for pledge, row in sorted(decided.items()):
            if known.get(pledge) != row.model_dump_json():
                self._keep(keeping, row, pledge in known, report)

    def _keep(self, keeping: _Turn, row: PledgeRow, is_known: bool, report: BuildReport) -> None:
        keeping.put_pledge(row)
        what = "changed" if is_known else "split" if row.id in report.split else "created"
        other = report.split.get(row.id) if what == "split" else None
        (report.changed if is_known else report.created).add(row.id)
        told = {"mentions": [source.mention for source in row.sources]}
        keeping.put_change(row.id, what, other, json.dumps(told))

    def _end(self, keeping: _Turn, pledge: str, report: BuildReport) -> None:
        if not keeping.has_living(pledge):
            return
        into = report.merged.get(pledge)
        keeping.end_pledge(pledge, into)
        keeping.put_change(pledge, "merged" if into else "gone", into, "{}")
        if not into:
            report.gone.add(pledge)

    def _mark_copies(self, keeping: _Turn, pledges: Mapping[str, Collection[str]]) -> None:
        for inside in pledges.values():
            mentions = keeping.mentions(inside)
            articles = {mention.article_sha256 for mention in mentions}
            texts = {a: row.text for a, row in keeping.articles(articles).items()}
            stories = copied_stories(texts) if len(texts) > 1 else {}
            for mention in mentions:
                wire = stories.get(mention.article_sha256)
                if wire != mention.wire:
                    keeping.put_wire(mention.id, wire)


class _Turn(Keeping):
    """One change of the ledger: its time, and the mentions that it takes out."""

    def __init__(self, connection: object, at: str) -> None:
        super().__init__(connection, at)  # type: ignore[arg-type]
        self.at = at
        self.orphans: set[str] = set()
        self.traits: dict[str, Traits] = {}

    def has_living(self, pledge: str) -> bool:
        """Whether there is such a row now."""
        return bool(self.summaries([pledge]))


class _TraitsOf(Mapping[str, Traits]):
    """The traits of mentions, read from the store once."""

    def __init__(self, keeping: Keeping, parties: PartyTable, known: dict[str, Traits]) -> None:
        self._keeping = keeping
        self._parties = parties
        self._found = known

    def load(self, mentions: Collection[str]) -> None:
        """Read those that are not read yet."""
        for mention in self._keeping.mentions(set(mentions) - self._found.keys()):
            self._found[mention.id] = traits_of(mention, self._parties)

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


class _Around:
    """Pledges, and those that contain them, are contained in them, or may be the same."""

    def __init__(self, keeping: Keeping, pledges: Collection[str]) -> None:
        self._keeping = keeping
        self._beside: dict[str, Mention] = {}
        self._pledge_of: dict[str, str] = {}
        self.pledges: set[str] = set()
        waiting = set(pledges)
        while waiting:
            self.pledges |= waiting
            waiting = self._neighbours(waiting) - self.pledges

    def wholes(self) -> dict[str, str]:
        """The pledge that contains each one."""
        ordered = self._keeping.mentions(self._beside)
        return whole_of_each(ordered, self._pledge_of)

    def doubles(self, members: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
        """The pledges that each may be the same as."""
        pledge_of = {mention: name for name, inside in members.items() for mention in inside}
        return doubles_among(self._keeping.judgements(pledge_of), pledge_of)

    def _neighbours(self, pledges: Collection[str]) -> set[str]:
        members = self._keeping.members(pledges)
        own = {mention for inside in members.values() for mention in inside}
        articles = {mention.article_sha256 for mention in self._keeping.mentions(own)}
        beside = {mention.id: mention for mention in self._keeping.of_articles(articles)}
        self._beside |= beside
        self._pledge_of |= self._keeping.pledges_of(beside)
        wholes = whole_of_each(beside.values(), self._pledge_of)
        tied = {each for pair in wholes.items() if set(pair) & set(pledges) for each in pair}
        met = {each for pair in self._keeping.judgements(own) for each in pair}
        return tied | set(self._keeping.pledges_of(met).values())
