"""What the ledger keeps, as rows of the store: queries and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar, cast

from sqlalchemy import and_, delete, func, insert, or_, select, update

from extractor.pledges.judging import Pair, PairJudgement, in_force
from extractor.pledges.mentions import Mention, record_from
from extractor.pledges.rows import PledgeRow
from extractor.records import RecordType
from extractor.storage.tables import (
    ARTICLES,
    BLOCKS,
    CHANGES,
    JUDGEMENTS,
    MEMBERS,
    MENTIONS,
    PLEDGES,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from extractor.pledges.evidence import Answer

_AT_ONCE: Final = 500
_BUILD_LOCK: Final = 0x706C6467
_Item = TypeVar("_Item")


def chunks(items: Iterable[_Item], size: int = _AT_ONCE) -> Iterator[list[_Item]]:
    """The items in lists that a statement can name."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


class Keeping:
    """The ledger's rows, in one transaction."""

    def __init__(self, connection: Connection, at: str) -> None:
        self._rows = connection
        self._at = at

    def lock(self) -> None:
        """Let nobody else change the ledger in PostgreSQL; SQLite has one writer anyway."""
        if self._rows.dialect.name == "postgresql":
            self._rows.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_BUILD_LOCK})")

    # ---- mentions

    def articles(self, digests: Collection[str]) -> dict[str, Row[tuple[str, ...]]]:
        """The kept articles of these digests."""
        return {
            row.sha256: row
            for part in chunks(sorted(digests))
            for row in self._rows.execute(select(ARTICLES).where(ARTICLES.c.sha256.in_(part)))
        }

    def mentions(self, ids: Collection[str]) -> list[Mention]:
        """Mentions by id, the oldest first; those that are gone left out."""
        found = [
            row
            for part in chunks(sorted(ids))
            for row in self._rows.execute(
                select(MENTIONS).where(MENTIONS.c.id.in_(part), MENTIONS.c.gone_at.is_(None))
            )
        ]
        found.sort(key=lambda row: (row.added_at, row.published_at or "", row.id))
        return [_mention(row) for row in found]

    def of_articles(self, articles: Collection[str]) -> list[Mention]:
        """The mentions of articles."""
        query = select(MENTIONS.c.id).where(MENTIONS.c.gone_at.is_(None))
        ids = [
            row.id
            for part in chunks(sorted(articles))
            for row in self._rows.execute(query.where(MENTIONS.c.article_sha256.in_(part)))
        ]
        return self.mentions(ids)

    def all_mentions(self) -> list[str]:
        """The ids of all mentions."""
        query = select(MENTIONS.c.id).where(MENTIONS.c.gone_at.is_(None))
        return sorted(row.id for row in self._rows.execute(query))

    def put_mention(self, mention: Mention, keys: Collection[str]) -> None:
        """Keep a mention with what it may be met by: new, read again, or back again."""
        values = {
            "kind": mention.kind,
            "result_key": mention.result_key,
            "article_sha256": mention.article_sha256,
            "record_id": mention.record.id,
            "record": mention.record.model_dump_json(),
            "language": mention.language,
            "publisher": mention.publisher,
            "source_url": mention.source_url,
            "published_at": mention.published_at,
            "wire": mention.wire,
            "gone_at": None,
        }
        known = update(MENTIONS).where(MENTIONS.c.id == mention.id).values(**values)
        if not self._rows.execute(known).rowcount:
            self._rows.execute(insert(MENTIONS).values(id=mention.id, added_at=self._at, **values))
        self.put_keys(mention.id, keys)

    def put_keys(self, mention: str, keys: Collection[str]) -> None:
        """Keep what a mention may be met by."""
        self._rows.execute(delete(BLOCKS).where(BLOCKS.c.mention_id == mention))
        if keys:
            rows = [{"key": key, "mention_id": mention} for key in sorted(keys)]
            self._rows.execute(insert(BLOCKS), rows)

    def drop_mention(self, mention: str) -> None:
        """A mention that the last reading of its article has no more."""
        self._rows.execute(delete(BLOCKS).where(BLOCKS.c.mention_id == mention))
        gone = update(MENTIONS).where(MENTIONS.c.id == mention).values(gone_at=self._at)
        self._rows.execute(gone)

    def put_wire(self, mention: str, wire: str | None) -> None:
        """Keep which story a mention's article is a copy of."""
        self._rows.execute(update(MENTIONS).where(MENTIONS.c.id == mention).values(wire=wire))

    def meeting(self, mentions: Collection[str]) -> set[str]:
        """The mentions that share a key with these."""
        own = BLOCKS.alias()
        query = select(BLOCKS.c.mention_id).join(own, own.c.key == BLOCKS.c.key).distinct()
        return {
            row.mention_id
            for part in chunks(sorted(mentions))
            for row in self._rows.execute(query.where(own.c.mention_id.in_(part)))
        }

    # ---- judgements

    def judgements(self, mentions: Collection[str]) -> dict[Pair, PairJudgement]:
        """The judgements in force about these mentions, one a pair."""
        return in_force(self.judgements_about(mentions))

    def judgements_about(self, mentions: Collection[str]) -> list[PairJudgement]:
        """All judgements about these mentions that nobody has undone."""
        found: dict[int, PairJudgement] = {}
        for part in chunks(sorted(mentions)):
            query = select(JUDGEMENTS).where(
                JUDGEMENTS.c.undone_at.is_(None),
                or_(JUDGEMENTS.c.left.in_(part), JUDGEMENTS.c.right.in_(part)),
            )
            found |= {row.id: _judgement(row) for row in self._rows.execute(query)}
        return [found[number] for number in sorted(found)]

    def around(self, mentions: Collection[str]) -> dict[Pair, PairJudgement]:
        """The judgements about all that hangs together with these, be it by `unsure`."""
        known: dict[Pair, PairJudgement] = {}
        seen: set[str] = set()
        waiting = set(mentions)
        while waiting:
            seen |= waiting
            found = self.judgements(waiting)
            known |= found
            waiting = {
                each for pair, one in found.items() if one.answer != "different" for each in pair
            } - seen
        return known

    def put_judgements(self, judgements: Iterable[PairJudgement]) -> None:
        """Keep new judgements."""
        rows = [
            {
                "left": each.left,
                "right": each.right,
                "answer": each.answer,
                "by": each.by,
                "score": each.score,
                "at": each.at,
            }
            for each in judgements
        ]
        if rows:
            self._rows.execute(insert(JUDGEMENTS), rows)

    def undo(self, judgements: Iterable[PairJudgement], by: str) -> None:
        """Undo judgements; their rows stay."""
        for part in chunks([each.id for each in judgements]):
            self._rows.execute(
                update(JUDGEMENTS)
                .where(JUDGEMENTS.c.id.in_(part))
                .values(undone_at=self._at, undone_by=by)
            )

    def act_of(self, number: int | None) -> list[PairJudgement]:
        """The judgements that one act of a person made and nobody has undone: the last one's.

        Args:
            number: of any judgement of another act; null for the last.
        """
        by_person = and_(JUDGEMENTS.c.by.like("person:%"), JUDGEMENTS.c.undone_at.is_(None))
        query = select(JUDGEMENTS.c.at, JUDGEMENTS.c.by).where(by_person)
        if number is not None:
            query = query.where(JUDGEMENTS.c.id == number)
        last = self._rows.execute(query.order_by(JUDGEMENTS.c.id.desc()).limit(1)).first()
        if last is None:
            return []
        whole = select(JUDGEMENTS).where(
            by_person, JUDGEMENTS.c.at == last.at, JUDGEMENTS.c.by == last.by
        )
        return [_judgement(row) for row in self._rows.execute(whole.order_by(JUDGEMENTS.c.id))]

    # ---- pledges

    def members(self, pledges: Collection[str]) -> dict[str, list[str]]:
        """The mentions of pledges, by pledge."""
        found: dict[str, list[str]] = {}
        for part in chunks(sorted(pledges)):
            query = select(MEMBERS.c.pledge_id, MEMBERS.c.mention_id).where(
                MEMBERS.c.pledge_id.in_(part), MEMBERS.c.until.is_(None)
            )
            for pledge, mention in self._rows.execute(query.order_by(MEMBERS.c.mention_id)):
                found.setdefault(pledge, []).append(mention)
        return found

    def pledges_of(self, mentions: Collection[str]) -> dict[str, str]:
        """The pledge of each mention that has one."""
        return {
            row.mention_id: row.pledge_id
            for part in chunks(sorted(mentions))
            for row in self._rows.execute(
                select(MEMBERS.c.mention_id, MEMBERS.c.pledge_id).where(
                    MEMBERS.c.mention_id.in_(part), MEMBERS.c.until.is_(None)
                )
            )
        }

    def move(self, mention: str, old: str | None, new: str | None) -> None:
        """Let a mention leave a pledge and join another one."""
        if old is not None:
            self._rows.execute(
                update(MEMBERS)
                .where(
                    MEMBERS.c.mention_id == mention,
                    MEMBERS.c.pledge_id == old,
                    MEMBERS.c.until.is_(None),
                )
                .values(until=self._at)
            )
        if new is not None:
            row = {"pledge_id": new, "mention_id": mention, "since": self._at}
            self._rows.execute(insert(MEMBERS).values(row))

    def summaries(self, pledges: Collection[str] | None = None) -> dict[str, str]:
        """The kept rows of living pledges, as JSON, by id."""
        query = select(PLEDGES.c.id, PLEDGES.c.summary).where(PLEDGES.c.gone_at.is_(None))
        if pledges is None:
            return {row.id: row.summary for row in self._rows.execute(query.order_by(PLEDGES.c.id))}
        return {
            row.id: row.summary
            for part in chunks(sorted(pledges))
            for row in self._rows.execute(query.where(PLEDGES.c.id.in_(part)))
        }

    def survivor(self, pledge: str) -> str | None:
        """The living pledge that an id leads to, through mergers; None if it leads nowhere."""
        seen = set()
        while pledge not in seen:
            seen.add(pledge)
            query = select(PLEDGES.c.gone_at, PLEDGES.c.merged_into).where(PLEDGES.c.id == pledge)
            row = self._rows.execute(query).first()
            if row is None or row.gone_at is None:
                return pledge if row is not None else None
            if row.merged_into is None:
                return None
            pledge = row.merged_into
        return None

    def has_pledge(self, pledge: str) -> bool:
        """Whether there is or was such a pledge."""
        query = select(PLEDGES.c.id).where(PLEDGES.c.id == pledge)
        return self._rows.execute(query).first() is not None

    def put_pledge(self, row: PledgeRow) -> None:
        """Keep the row of a pledge: a new one, or one that comes back."""
        summary = row.model_dump_json()
        if self.has_pledge(row.id):
            values = {
                "summary": summary,
                "changed_at": self._at,
                "gone_at": None,
                "merged_into": None,
            }
            self._rows.execute(update(PLEDGES).where(PLEDGES.c.id == row.id).values(**values))
        else:
            self._rows.execute(
                insert(PLEDGES).values(
                    id=row.id,
                    kind=row.kind,
                    created_at=self._at,
                    changed_at=self._at,
                    summary=summary,
                )
            )

    def end_pledge(self, pledge: str, merged_into: str | None) -> None:
        """Leave only a gravestone of a pledge."""
        self._rows.execute(
            update(PLEDGES)
            .where(PLEDGES.c.id == pledge)
            .values(gone_at=self._at, changed_at=self._at, merged_into=merged_into)
        )

    def put_change(self, pledge: str, what: str, other: str | None, detail: str) -> None:
        """Tell those who follow."""
        row = {"at": self._at, "pledge_id": pledge, "what": what, "other": other, "detail": detail}
        self._rows.execute(insert(CHANGES).values(row))

    def changes(self, since: int) -> Sequence[Row[tuple[int, str, str, str, str | None, str]]]:
        """All changes after the one of that number."""
        query = select(CHANGES).where(CHANGES.c.seq > since).order_by(CHANGES.c.seq)
        return self._rows.execute(query).all()

    def last_change(self) -> int:
        """The number of the last change."""
        return int(self._rows.execute(select(func.max(CHANGES.c.seq))).scalar() or 0)

    def seq_at(self, at: str) -> int:
        """The number of the last change before a time."""
        query = select(func.max(CHANGES.c.seq)).where(CHANGES.c.at < at)
        return int(self._rows.execute(query).scalar() or 0)


def _mention(row: Row[tuple[str, ...]]) -> Mention:
    return Mention(
        id=row.id,
        result_key=row.result_key,
        article_sha256=row.article_sha256,
        record=record_from(cast(RecordType, row.kind), row.record),
        language=row.language or "en",
        publisher=row.publisher,
        source_url=row.source_url,
        published_at=row.published_at,
        wire=row.wire,
    )


def _judgement(row: Row[tuple[str, ...]]) -> PairJudgement:
    return PairJudgement(
        left=row.left,
        right=row.right,
        answer=cast("Answer", row.answer),
        by=row.by,
        at=row.at,
        score=row.score,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
        id=row.id,
    )
