"""A mention: what one article tells of one pledge or act, with where it says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from pydantic import ValidationError

from extractor.errors import StoreUnusable
from extractor.records import Commitment, Evidence, Extraction, PolicyEvent, RecordType
from extractor.results.reviews import mention_id

MentionRecord: TypeAlias = Commitment | PolicyEvent
_MODELS: Final[Mapping[RecordType, type[Commitment] | type[PolicyEvent]]] = {
    "commitment": Commitment,
    "policy_event": PolicyEvent,
}


@dataclass(frozen=True, slots=True)
class Mention:
    """One record of one article; its id stays when the article is read again."""

    id: str
    result_key: str
    article_sha256: str
    record: MentionRecord
    language: str
    publisher: str | None = None
    """Who published the article: told, else the host of its address."""
    source_url: str | None = None
    published_at: str | None = None
    """ISO 8601 date."""
    wire: str | None = None
    """The least digest of the articles that are copies of one story; null if there is one only."""

    @property
    def kind(self) -> RecordType:
        """Which kind of record it is."""
        return "commitment" if isinstance(self.record, Commitment) else "policy_event"

    @property
    def quotes(self) -> list[Evidence]:
        """The sentences that prove it, best first."""
        return self.record.evidence

    @property
    def text(self) -> str:
        """The words of its sentences."""
        return " ".join(quote.quote for quote in self.record.evidence)

    def renamed(self, name: str, wire: str | None) -> Mention:
        """The same one under the id that it has of an earlier reading, and its story."""
        return replace(self, id=name, wire=wire)


def mentions_of(
    result_key: str,
    extraction: Extraction,
    *,
    publisher: str | None = None,
    published_at: str | None = None,
    source_url: str | None = None,
) -> Iterator[Mention]:
    """The mentions of one reading, in the order of its lists.

    What is told of the article here goes before what the reading says of it.
    """
    article = extraction.article
    address = source_url or article.source_url
    records: list[MentionRecord] = [*extraction.commitments, *extraction.policy_events]
    for record in records:
        yield Mention(
            id=mention_id(result_key, record.id),
            result_key=result_key,
            article_sha256=article.sha256,
            record=record,
            language=article.language[:2],
            publisher=publisher or publisher_of(address),
            source_url=address,
            published_at=published_at or article.published_at,
        )


def publisher_of(address: str | None) -> str | None:
    """The host of an address, without `www`."""
    host = urlsplit(address).hostname if address else None
    return host.removeprefix("www.").removeprefix("m.") if host else None


def record_from(kind: RecordType, content: str) -> MentionRecord:
    """A record as it was kept.

    Raises:
        StoreUnusable: it is none.
    """
    try:
        return _MODELS[kind].model_validate_json(content)
    except ValidationError:
        raise StoreUnusable(
            "A kept record cannot be read: it was written by another version.",
            hint="Read the articles again into another store with this version.",
        ) from None
