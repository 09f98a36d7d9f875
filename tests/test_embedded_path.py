"""The whole path on a real embedded model, and on llama.cpp's server through each remote client.

The smallest model of the catalogue is no good at the task; what is shown here is that whatever a
real model answers, the path holds: schema-bound replies, cache hits, checked records, same result.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor import Extraction, Extractor
from extractor.models.catalogue import load_catalogue
from extractor.models.embedded import EmbeddedModel
from extractor.settings import Settings
from tests.eval.checkouts import ROOT, Checkout
from tests.eval.runs import some_of, write_pairs
from tests.models.remote import litellm_model, openai_model

pytestmark = pytest.mark.embedded
ARTICLE = (
    "Alderon will give $40 million to Briar. Cobalt Ltd plans to hire 300 engineers. "
    "The Ministry of Rivers adopted the Clean Rivers Act."
)
SETTINGS = Settings(strategy="passage", max_tokens=96, timeout_seconds=120)


@pytest.fixture(scope="module")
def embedded(embedded_weights: Path) -> EmbeddedModel:
    model = load_catalogue().get("smollm2-135m")
    return EmbeddedModel(model, embedded_weights, threads=SETTINGS.threads, context_tokens=4096)


@pytest.fixture(scope="module")
def first(embedded: EmbeddedModel) -> Extraction:
    return Extractor(embedded, settings=SETTINGS).extract(ARTICLE)


def check_path(result: Extraction) -> None:
    assert result.usage.calls >= 2
    assert result.usage.output_tokens > 0
    assert [item for item in result.rejected if item.reason == "invalid_draft"] == []
    for record in (*result.commitments, *result.policy_events):
        assert "unsupported" not in {verdict.verdict for verdict in record.verdicts}
        for item in record.evidence:
            assert ARTICLE[item.start : item.end] == item.quote


def test_the_embedded_model_runs_the_whole_path_and_is_stamped(
    first: Extraction, embedded: EmbeddedModel
) -> None:
    check_path(first)
    assert first.provenance.model == "smollm2-135m"
    assert first.provenance.model_digest == embedded.digest
    assert first.usage.cost_usd == 0


def test_the_prefix_that_all_questions_share_is_served_from_the_cache(first: Extraction) -> None:
    # Two prompts, so two prefixes are read once; every further question finds its own in the cache.
    per_call = first.usage.prompt_tokens / first.usage.calls
    read = first.usage.prompt_tokens - first.usage.cached_tokens
    assert first.usage.cached_tokens > 0
    assert read < 2 * per_call + 150 * first.usage.calls


@pytest.mark.parametrize("client", ["openai", "litellm"])
def test_the_same_path_runs_against_llama_cpps_own_server(
    client: str, embedded: EmbeddedModel
) -> None:
    url = embedded.server_url
    remote = (
        openai_model(url, name="openai/smollm2", api_key=None)
        if client == "openai"
        else litellm_model(url, name="litellm/openai/smollm2")
    )
    with Extractor(remote, settings=SETTINGS) as extractor:
        check_path(extractor.extract(ARTICLE))


def test_recording_twice_gives_the_same_replies(
    embedded_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACTOR_MAX_TOKENS", "96")
    passages = some_of(ROOT / "gold" / "challenge", "en-01-money-notation", "fr-13-past")
    corpus = write_pairs(tmp_path / "passages", passages)
    for number in "12":
        done = Checkout(ROOT).evaluate(
            *("run", "--model", "smollm2-135m", "--gold", str(corpus)),
            *("--record", str(tmp_path / f"recorded-{number}"), "--out", str(tmp_path / number)),
        )
        assert done.exit_code == 0, done.output
    first, second = (
        {
            file.relative_to(tmp_path / f"recorded-{number}"): file.read_bytes()
            for file in (tmp_path / f"recorded-{number}").rglob("*.jsonl")
        }
        for number in "12"
    )
    assert len(first) == 1
    assert first == second
