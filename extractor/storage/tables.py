"""The tables of a store.

Points in time are UTC text in ISO 8601 with microseconds (`now_text`), which sorts as it should.
Only leases and beats, with which the store itself calculates, are seconds since 1970 by the clock
of the store (`Store.clock`). JSON is kept as text, byte for byte. Portable types only: the same
tables stand in SQLite and in PostgreSQL. A change here is also a migration in
`migrations/versions`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

VERSION: Final = "0006"
"""The last migration: what `migrations/versions` ends with."""
METADATA: Final = MetaData()


def now_text() -> str:
    """This moment, as tables keep it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _text_or_none(name: str) -> Column[str]:
    return Column(name, Text)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


# What was read: one row for each distinct reading. The key is `Submission.key`; a reading that left
# passages out, or that another model made in place of the one asked, stands under another key.
RESULTS: Final = Table(
    "results",
    METADATA,
    _key("key"),
    _text("kept_at"),
    _text("extraction"),
    _text_or_none("article_sha256"),
    Index("results_by_article", "article_sha256"),
)

# Texts of articles, to show them and to prove records again; what is known of each at its first
# place.
ARTICLES: Final = Table(
    "articles",
    METADATA,
    _key("sha256"),
    _text("text"),
    _text_or_none("title"),
    _text_or_none("language"),
    _text_or_none("published_at"),
    _text_or_none("source_url"),
    _text_or_none("publisher"),
    _text("kept_at"),
)

# ---- runs over many articles (extractor.batch)

RUNS: Final = Table(
    "runs",
    METADATA,
    _key("id"),
    _text("conditions"),  # JSON: all that makes it the same command
    _text("fingerprint"),
    _text("model"),
    _text("source"),
    _text("state"),  # listing | running | ended
    _text_or_none("lister"),  # the owner that lists the source now
    _text("began_at"),
    _text_or_none("ended_at"),
)

# One row for each distinct article of a run.
ITEMS: Final = Table(
    "items",
    METADATA,
    _key("run_id"),
    _key("key"),
    Column("position", Integer, nullable=False),
    _text_or_none("article_id"),
    _text("name"),
    _text_or_none("article_sha256"),  # none if the document could not be read
    _text("given"),  # JSON: what the source says of the article beside its text
    _count("characters"),
    _text("state"),  # pending | leased | done | failed
    _count("attempts"),
    _text_or_none("owner"),
    Column("lease_until", Float),
    _text_or_none("error_kind"),
    _text_or_none("error_text"),
    Column("retryable", Boolean),
    _count("calls"),
    _count("prompt_tokens"),
    _count("output_tokens"),
    Column("cost_usd", Float),
    Column("seconds", Float),
    _text_or_none("result_key"),
    _text_or_none("finished_at"),
    Index("items_in_line", "run_id", "state", "attempts", "position"),
    Index("items_by_owner", "owner", "state"),
)

# Every place of a source; several may name one item.
PLACES: Final = Table(
    "places",
    METADATA,
    _key("run_id"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("key"),
    _text("name"),
    _text("file"),
    Index("places_by_key", "run_id", "key"),
    Index("places_by_file", "run_id", "file"),
)

# Files whose places are all listed, as they were then: an unchanged one is not read again.
FILES: Final = Table(
    "files",
    METADATA,
    _key("run_id"),
    _key("name"),
    _text("stamp"),
    _count("places"),
)

ATTEMPTS: Final = Table(
    "attempts",
    METADATA,
    _key("run_id"),
    _key("key"),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    _text("owner"),
    _text("began_at"),
    _text_or_none("ended_at"),
    _text_or_none("outcome"),  # done | failed | returned | lost | died
    _text_or_none("error_kind"),
)

OWNERS: Final = Table(
    "owners",
    METADATA,
    _key("id"),
    _text("run_id"),
    _text("host"),
    Column("pid", Integer, nullable=False),
    _text("started"),  # of the process, so that another one of the same number is none
    Column("beat_at", Float, nullable=False),
    Index("owners_by_run", "run_id"),
)

# Who sends the batches of a run to a provider: one process at a time.
PROVIDER_RUNS: Final = Table(
    "provider_runs",
    METADATA,
    _key("run_id"),
    _text_or_none("driver"),  # its id among the owners
)

# What was given to a provider as one batch. A row is there before the provider hears of it.
PROVIDER_BATCHES: Final = Table(
    "provider_batches",
    METADATA,
    _key("id"),
    _text("run_id"),
    _text("provider"),
    _text("state"),  # intended | creating | submitted | collected
    _text_or_none("provider_id"),
    _text_or_none("upload"),  # the provider's id of the file with the requests
    Column("requests", Integer, nullable=False),
    Column("reserved_usd", Float),
    _text("intended_at"),
    _text_or_none("creating_at"),
    _text_or_none("ended_at"),
    Index("provider_batches_by_run", "run_id", "state"),
)

# One row for each request in these batches, and what came of it.
PROVIDER_REQUESTS: Final = Table(
    "provider_requests",
    METADATA,
    _key("id"),  # what the provider calls it by
    _text("batch_id"),
    _text("run_id"),
    _text("key"),  # of the article
    _text("question"),  # digest of what is asked
    _text("form"),  # digest of the request that asks it
    Column("number", Integer, nullable=False),  # in the order of a run
    _text("state"),  # sent | answered | failed | expired | canceled | void
    Column("status", Integer),
    _text_or_none("reply"),  # the body that answers, or tells what was wrong
    _count("prompt_tokens"),
    _count("output_tokens"),
    Column("cost_usd", Float),
    Index("provider_requests_by_article", "run_id", "key"),
    Index("provider_requests_by_batch", "batch_id", "state"),
)

# ---- the ledger of pledges (extractor.pledges)

MENTIONS: Final = Table(
    "mentions",
    METADATA,
    _key("id"),
    _text("kind"),  # commitment | policy_event
    _text("result_key"),
    _text("article_sha256"),
    _text("record_id"),
    _text("record"),  # JSON
    _text_or_none("language"),
    _text_or_none("publisher"),
    _text_or_none("source_url"),
    _text_or_none("published_at"),
    _text_or_none("wire"),
    _text_or_none("gone_at"),
    _text_or_none("added_at"),
    Index("mentions_by_article", "article_sha256"),
    Index("mentions_by_result", "result_key"),
)

# What a mention may be met by: mentions without a key in common are never compared.
BLOCKS: Final = Table(
    "blocks",
    METADATA,
    _key("key"),
    _key("mention_id"),
    Index("blocks_by_mention", "mention_id"),
)

# Results that the ledger has taken in.
TAKEN: Final = Table(
    "taken",
    METADATA,
    _key("result_key"),
    _text("article_sha256"),
    _text("taken_at"),
    _count("reviews"),  # what people had done on the reading by then
)

JUDGEMENTS: Final = Table(
    "judgements",
    METADATA,
    Column("id", Integer, primary_key=True),
    _text("left"),
    _text("right"),
    _text("answer"),  # same | different | unsure
    _text("by"),  # rule:NAME | person:NAME
    Column("score", Float),
    _text("at"),
    _text_or_none("undone_at"),
    _text_or_none("undone_by"),
    Index("judgements_by_left", "left"),
    Index("judgements_by_right", "right"),
)

PLEDGES: Final = Table(
    "pledges",
    METADATA,
    _key("id"),
    _text("kind"),
    _text("created_at"),
    _text("changed_at"),
    _text_or_none("merged_into"),
    _text_or_none("gone_at"),
    _text("summary"),  # JSON
)

MEMBERS: Final = Table(
    "members",
    METADATA,
    _key("pledge_id"),
    _key("mention_id"),
    _key("since"),
    _text_or_none("until"),
    Index("members_by_mention", "mention_id"),
)

CHANGES: Final = Table(
    "changes",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _text("at"),
    _text("pledge_id"),
    _text("what"),  # created | changed | merged | split | gone
    _text_or_none("other"),
    _text("detail"),  # JSON
    Index("changes_by_time", "at"),
)

# By what each living pledge is found and summed: made of its summary, and made again at any time.
CATALOGUE: Final = Table(
    "catalogue",
    METADATA,
    _key("pledge_id"),
    _text("changed_at"),  # of the pledge that it was made of
    _text("seen_on"),
    _text("kind"),
    _text("stage"),
    Column("countable", Boolean, nullable=False),
    _text("why_not"),  # reasons with a space before and after each
    _text_or_none("year"),
    _text_or_none("told_on"),
    _text_or_none("currency"),
    Column("amount", Float),  # to sort by; the digits are in low and high
    _text_or_none("low"),
    _text_or_none("high"),
    Column("is_rough", Boolean, nullable=False),
    _text_or_none("resource_kind"),
    _text("languages"),  # with a space before and after each
    Column("publishers", Integer, nullable=False),
    Column("has_conflicts", Boolean, nullable=False),
    _text("giver_group"),
    _text("receiver_group"),
    _text("place_group"),
    _text("title"),
    _text("givers"),  # in small letters without marks, like the next two
    _text("receivers"),
    _text("words"),
    Index("catalogue_by_year", "year"),
)

# ---- reviews of people

REVIEWS: Final = Table(
    "reviews",
    METADATA,
    Column("id", Integer, primary_key=True),
    _text("subject_kind"),  # mention | reading | pledge
    _text("subject_id"),
    _text("verdict"),  # right | wrong | unsure
    _text("by"),
    _text("at"),
    _text_or_none("note"),
    _text_or_none("before"),  # JSON
    _text_or_none("after"),  # JSON
    _text_or_none("version"),  # of a mention or a reading: the key of the result
    _text_or_none("undone_at"),
    Index("reviews_by_subject", "subject_kind", "subject_id"),
    Index("reviews_by_version", "version"),
)

SAMPLES: Final = Table(
    "samples",
    METADATA,
    _key("id"),
    _text("drawn_at"),
    Column("seed", Integer, nullable=False),
    _text("design"),  # JSON
)

SAMPLED: Final = Table(
    "sampled",
    METADATA,
    _key("sample_id"),
    _key("subject_id"),
    _text("stratum"),
    Column("weight", Float, nullable=False),
)
