"""Batches at a provider: what is asked, asked again, paid for, and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from extractor.batch.limits import RunLimits
from extractor.batch.provider_batches.ledger import ProviderLedger
from extractor.batch.troubles import troubles_of
from extractor.errors import ConfigurationError
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.storage import open_store
from tests.batch.batch_corpus import Corpus, lay, results, run
from tests.batch.fake_anthropic_batches import FakeAnthropicBatches
from tests.batch.fake_batches import (
    KEY,
    OUTPUT_TOKENS,
    PROMPT_TOKENS,
    FakeBatches,
    Outcome,
    reply_of,
)
from tests.batch.fake_openai_batches import FakeOpenAIBatches
from tests.batch.fakes import text_of, write_articles

_READ, _CACHED, _WRITTEN = 3e-6, 0.3e-6, 15e-6


def _faults(**told: str) -> Callable[[int, int], Outcome]:
    """What becomes of the article of that number the first times it is asked about."""
    script = {int(name.removeprefix("a")): each.split() for name, each in told.items()}

    def fault(article: int, time: int) -> Outcome:
        outcomes = script.get(article, [])
        return outcomes[time - 1] if time <= len(outcomes) else "answered"  # type: ignore[return-value]

    return fault


def test_a_run_through_batches_yields_what_asking_one_by_one_yields(
    provider: str, fake: FakeBatches, tmp_path: Path, store_address: str
) -> None:
    laid = lay(tmp_path, provider, fake, part=4)
    corpus = Corpus(laid.model, laid.url, laid.source, store_address, laid.part_requests)

    def scripted(request: ModelRequest) -> str:
        number = int(request.messages[-1].content.split("Nordlys ")[1].split()[0])
        return reply_of(number, request.json_schema)

    with open_store(store_address) as store:
        ended = corpus.run(store)
        found = results(store)
    settings = corpus.settings
    direct = Extractor(ScriptedModel(scripted, name=corpus.model), settings=settings)
    wanted = {text_of(number): number for number in range(6)}
    assert ended.end.reason == "complete"
    assert [batch.status in ("completed", "ended") for batch in fake.batches.values()] == [True] * 2
    assert len(found) == len(wanted)
    by_digest = {each.article.sha256: each for each in found}
    for text in wanted:
        other = direct.extract(text, language="en")
        kept = by_digest[other.article.sha256]
        assert kept.commitments == other.commitments != []
        assert kept.rejected == other.rejected
        assert kept.provenance == other.provenance
    assert fake.paid_twice() == []


def test_money_is_counted_from_the_answers_at_half_the_price(tmp_path: Path) -> None:
    with FakeAnthropicBatches() as fake:
        ended = run(lay(tmp_path, "anthropic", fake))
    cached = 600
    price = (PROMPT_TOKENS - cached) * _READ + cached * _CACHED + OUTPUT_TOKENS * _WRITTEN
    assert ended.counts.cost_usd == pytest.approx(6 * price / 2)
    assert ended.end.standing.cost_usd == pytest.approx(6 * price / 2)
    assert (ended.counts.batches, ended.counts.requests, ended.counts.answered) == (1, 6, 6)


def test_what_expired_or_met_a_busy_server_is_sent_again_and_nothing_else(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    fake.fault = _faults(a1="expired", a2="busy", a3="expired busy", a4="missing")
    ended = run(lay(tmp_path, provider, fake))
    assert (ended.end.reason, ended.end.standing.done) == ("complete", 6)
    assert fake.asked == Counter({0: 1, 1: 2, 2: 2, 3: 3, 4: 2, 5: 1})
    assert fake.paid_twice() == []


def test_a_reply_that_was_cut_goes_into_the_next_batch(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    fake.fault = _faults(a3="cut")
    corpus = lay(tmp_path, provider, fake)
    ended = run(corpus)
    assert (ended.end.standing.done, ended.end.standing.partly) == (6, 0)
    assert fake.asked == Counter({0: 1, 1: 1, 2: 1, 3: 2, 4: 1, 5: 1})
    with open_store(corpus.address) as store:
        assert all(len(each.commitments) == 1 for each in results(store))


def test_what_never_gets_its_turn_fails_alone_until_it_is_retried(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    fake.fault = _faults(a2="expired expired expired", a4="refused")
    corpus = lay(tmp_path, provider, fake)
    ended = run(corpus)
    assert (ended.end.standing.done, ended.end.standing.failed) == (4, 2)
    with open_store(corpus.address) as store:
        work = corpus.set_up(store).work
        assert {each.kind for each in troubles_of(work)} == {"ModelTimeout", "ModelFiltered"}
        ProviderLedger(work).forget_failed()
        assert work.retry_failed() == 2
        assert corpus.run(store).end.standing.done == 6
    assert fake.asked == Counter({0: 1, 1: 1, 2: 4, 3: 1, 4: 2, 5: 1})


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_what_the_provider_does_not_take_is_left_out_of_the_next_batch(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    laid = lay(tmp_path, provider, fake)
    corpus = Corpus(f"{provider}/no-temperature", laid.url, laid.source, laid.address)
    ended = run(corpus)
    assert ended.end.standing.done == 6
    assert len(fake.batches) == 2
    with open_store(corpus.address) as store:
        notices = [notice.code for each in results(store) for notice in each.notices]
    assert notices.count("request_adapted") == 6


def test_a_batch_that_was_made_while_the_answer_was_lost_is_found(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    lost = iter([True])

    def happening(method: str, path: str, when: str) -> None:
        if method == "POST" and path.endswith("batches") and when == "after" and next(lost, False):
            fake.hang_up()

    fake.happening = happening
    ended = run(lay(tmp_path, provider, fake))
    assert (ended.end.reason, ended.end.standing.done) == ("complete", 6)
    assert len(fake.batches) == 1
    assert fake.paid_twice() == []


def test_a_batch_of_somebody_else_is_not_taken_for_the_lost_one(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    other = lay(tmp_path / "other", provider, fake)
    fake.held = True
    lost = iter([True])

    def happening(method: str, path: str, when: str) -> None:
        if method != "POST" or not path.endswith("batches") or when != "before":
            return
        if next(lost, False):
            # Somebody else makes a batch of as many requests at the same moment.
            fake.happening = lambda method, path, when: None
            run(other, RunLimits(hours=1e-9))
            fake.held = False
            fake.hang_up()

    fake.happening = happening
    mine = lay(tmp_path / "mine", provider, fake)
    write_articles(Path(mine.source), range(10, 16))
    ended = run(mine)
    assert (ended.end.reason, ended.end.standing.done) == ("complete", 6)
    assert (ended.counts.batches, ended.counts.requests) == (1, 6)
    assert run(other).end.standing.done == 6
    assert len(fake.batches) == 2
    assert fake.paid_twice() == []


def test_a_limit_on_costs_holds_back_what_may_cost_more(tmp_path: Path) -> None:
    with FakeAnthropicBatches() as fake:
        corpus = lay(tmp_path, "anthropic", fake, articles=8)
        ended = run(corpus, RunLimits(cost_usd=0.18))
        assert ended.end.reason == "cost"
        assert ended.counts.cost_usd is not None
        assert 0 < ended.counts.cost_usd <= 0.18
        # A reply may be as long as it is let: before it is known only one fits at a time.
        assert all(len(batch.requests) == 1 for batch in fake.batches.values())
        assert 0 < ended.end.standing.done < 8
        assert ended.under_way == ()
        assert run(corpus).end.standing.done == 8
        assert fake.paid_twice() == []


def test_a_limit_on_costs_needs_a_price(tmp_path: Path) -> None:
    with FakeOpenAIBatches() as fake:
        with pytest.raises(ConfigurationError, match="price"):
            run(lay(tmp_path, "openai", fake), RunLimits(cost_usd=1.0))
        assert fake.calls == []


def test_as_many_articles_are_begun_as_asked_for(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    ended = run(lay(tmp_path, provider, fake), RunLimits(articles=2))
    assert (ended.end.reason, ended.end.standing.done) == ("articles", 2)
    assert sum(fake.asked.values()) == 2


def test_an_account_that_takes_few_at_a_time_gets_small_batches(tmp_path: Path) -> None:
    with FakeOpenAIBatches() as fake:
        fake.most_enqueued = 4
        ended = run(lay(tmp_path, "openai", fake, articles=12))
        assert (ended.end.reason, ended.end.standing.done) == ("complete", 12)
        assert all(len(each.requests) <= 4 for each in fake.batches.values() if not each.code)
        assert fake.paid_twice() == []


def test_a_key_that_is_refused_ends_the_run_and_costs_no_article(
    provider: str, fake: FakeBatches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = lay(tmp_path, provider, fake)
    monkeypatch.setattr("tests.batch.batch_corpus.KEY", "sk-another")
    with open_store(corpus.address) as store:
        # The fake looks for the key of before.
        monkeypatch.setattr(fake, "key", KEY)
        ended = corpus.run(store)
        assert ended.end.reason == "failure"
        assert ended.end.failure is not None
        assert ended.end.failure.kind == "ModelRefusedKey"
        assert "sk-" not in ended.end.failure.text
        assert (ended.end.standing.pending, ended.end.standing.failed) == (6, 0)


def test_a_provider_that_is_away_for_a_while_is_asked_again(
    provider: str, fake: FakeBatches, tmp_path: Path
) -> None:
    away = iter(range(4))

    def happening(method: str, path: str, when: str) -> None:
        if when == "before" and next(away, None) is not None:
            fake.hang_up()

    fake.happening = happening
    ended = run(lay(tmp_path, provider, fake))
    assert (ended.end.reason, ended.end.standing.done) == ("complete", 6)
    assert fake.paid_twice() == []


def test_a_model_without_batches_is_told_before_anything_is_listed(tmp_path: Path) -> None:
    write_articles(tmp_path / "a.jsonl", [1])
    corpus = Corpus("gemini/gemini-9", "", str(tmp_path / "a.jsonl"), f"{tmp_path}/store.db")
    with pytest.raises(ConfigurationError, match="batches") as told:
        run(corpus)
    assert "--provider-batch" in told.value.advice
