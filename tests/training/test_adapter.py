"""The adapter: what it is trained on, training that is killed, and what llama.cpp makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.models.adapters import Adapter as AdapterOnDisk
from extractor.models.adapters import find_adapter
from extractor.models.catalogue import AdapterFile, load_catalogue
from extractor.models.embedded import EmbeddedModel
from extractor.prompting import load_prompts
from extractor.records import RecordType
from tests.training.test_corpus import TRAM
from training.adapter.examples import Example, examples_of
from training.adapter.export import write_adapter
from training.adapter.fitting import Recipe, Step, fit
from training.adapter.network import Adapter, Pair, new_adapter, next_tokens
from training.adapter.rows import ROW_TOKENS, fits, pack
from training.adapter.tokens import Text, Tokenizer
from training.adapter.weights import Weights, load_weights
from training.corpora import as_corpus
from training.passages import Passage, WrittenCommitment, WrittenDate, WrittenMoney

FERRY = Passage(
    id="en-transport-002",
    about=("pronoun-subject",),
    date="2026-03-02",
    title="Ferries for Port Linnet",
    text=(
        "Quillon Lines carries a third of the travellers across the strait.",
        "The company will pay $40 million to Dunmere Yards for two ferries by 2028, it said.",
        "Dunmere Yards lies upstream of Port Linnet.",
    ),
    commitments=(
        WrittenCommitment(
            label="Quillon buys ferries",
            quotes=(2,),
            who=("Quillon Lines",),
            to=("Dunmere Yards",),
            kind="purchase",
            money=WrittenMoney(raw="$40 million", value=40_000_000, currency="USD"),
            status="announced",
            deadline=WrittenDate(text="by 2028", edtf="2028"),
        ),
    ),
)


def examples(*passages: Passage, chance: float = 1.0) -> list[Example]:
    prompts = list(load_prompts(tuned=True).values())
    found = []
    for item in as_corpus(passages, "tests").items:
        chances: dict[RecordType, np.ndarray[tuple[int], np.dtype[np.float64]]] = {
            "commitment": np.full(9, chance),
            "policy_event": np.full(9, chance),
        }
        found += list(examples_of(item, prompts, chances, least=0.5))
    return found


def answers(found: list[Example], record_type: RecordType) -> list[object]:
    (key,) = {"commitment": ["commitments"], "policy_event": ["events"]}[record_type]
    return [json.loads(e.answer)[key] for e in found if e.record_type == record_type]


def test_the_answer_is_what_the_labels_say_in_the_ids_of_the_question() -> None:
    (draft,) = [drafts for drafts in answers(examples(FERRY), "commitment") if drafts]
    assert draft == [
        {
            "who": ["Quillon Lines"],
            "to": ["Dunmere Yards"],
            "kind": "purchase",
            "money": "m1",
            "count": None,
            "dates": ["d1"],
            "status": "announced",
            "announced_by": None,
            "place": None,
        }
    ]


def test_sentences_without_a_record_are_taken_if_the_finder_holds_them_for_likely() -> None:
    assert answers(examples(FERRY), "policy_event") == [[], [], [], []]
    assert answers(examples(FERRY, chance=0.4), "policy_event") == []
    assert len(answers(examples(FERRY, chance=0.4), "commitment")) == 1


def test_a_sentence_that_only_supports_a_record_is_no_example() -> None:
    event = TRAM.events[0].model_copy(update={"quotes": (1, 2)})
    found = examples(TRAM.model_copy(update={"events": (event,)}))
    assert [len(e.answer) > 20 for e in found if e.record_type == "policy_event"] == [True]


texts = st.builds(
    lambda prompt, answer: Text((*prompt, *answer), len(prompt)),
    st.lists(st.integers(1, 999), min_size=1, max_size=300),
    st.lists(st.integers(1, 999), min_size=1, max_size=150),
)


@given(st.lists(texts, max_size=12))
def test_rows_hold_every_text_whole_and_ask_for_all_of_its_answer(given_texts: list[Text]) -> None:
    told = []
    for row in pack(given_texts):
        assert len(row.tokens) == ROW_TOKENS
        for number in range(1, row.text.max() + 1):
            tokens = row.tokens[row.text == number].tolist()
            first = int(np.flatnonzero(row.text == number)[0])
            wanted = [
                int(token)
                for place, token, counts in zip(row.asked, row.wanted, row.counts, strict=True)
                if counts and row.text[place] == number
            ]
            assert row.positions[first : first + len(tokens)].tolist() == list(range(len(tokens)))
            told.append((tuple(tokens), tuple(wanted)))
    assert told == [(t.tokens, t.tokens[t.prompt :]) for t in given_texts if fits([t])]


@pytest.fixture(scope="module", autouse=True)
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(tmp_path_factory.mktemp("compiled"))
    jax.config.update("jax_compilation_cache_dir", folder)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def weights(embedded_weights: Path) -> Weights:
    return load_weights(embedded_weights)


@pytest.fixture(scope="module")
def trained_on(embedded_weights: Path, weights: Weights) -> Iterator[list[Text]]:
    model = load_catalogue().get("smollm2-135m")
    with closing(EmbeddedModel(model, embedded_weights, threads=1, context_tokens=1024)) as engine:
        tokenizer = Tokenizer(engine.server_url, weights.end)
        # Two rows of them.
        yield [tokenizer.text(example) for example in examples(FERRY, TRAM)][:5]
        tokenizer.close()


@pytest.mark.embedded
@pytest.mark.xdist_group("embedded")
def test_training_goes_on_after_a_kill_to_the_same_adapter(
    weights: Weights, trained_on: list[Text], tmp_path: Path
) -> None:
    recipe = Recipe(rank=2, alpha=4, rate=1e-3, warmup=0.0, checks=2)
    steps: list[Step] = []

    def train(name: str, *, killed: bool = False) -> Adapter:
        def on_step(step: Step) -> None:
            steps.append(step)
            if killed:
                raise KeyboardInterrupt

        file = tmp_path / f"{name}.npz"
        return fit(weights, trained_on, trained_on[:2], recipe, file, on_step).adapter

    whole = train("whole")
    assert [step.number for step in steps] == [1, 2]
    first, last = steps[-1].checks
    assert last.held_out < first.held_out
    with pytest.raises(KeyboardInterrupt):
        train("resumed", killed=True)
    steps.clear()
    resumed = train("resumed")
    assert [step.number for step in steps] == [2]
    for one, other in zip(jax.tree.leaves(whole), jax.tree.leaves(resumed), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.embedded
@pytest.mark.xdist_group("embedded")
def test_llama_cpp_says_with_the_written_adapter_what_the_network_says(
    weights: Weights, embedded_weights: Path, trained_on: list[Text], tmp_path: Path
) -> None:
    plain = new_adapter(weights.base, 4, jax.random.key(0))
    strong = {
        name: Pair(pair.a, 0.1 * jax.random.normal(jax.random.key(n), pair.b.shape))
        for n, (name, pair) in enumerate(plain.items())
    }
    write_adapter(tmp_path / "strong.gguf", strong, weights.shape, alpha=8.0, name="test")
    adapter = find_adapter(
        AdapterFile(file="x", bytes=1, sha256="0" * 64), own=tmp_path / "strong.gguf"
    )
    text = trained_on[0]
    served = {
        put: _told(embedded_weights, put, text.tokens[: text.prompt]) for put in (None, adapter)
    }
    (row,) = pack([trained_on[1], text])
    for put, pairs in ((None, plain), (adapter, strong)):
        odds = next_tokens(pairs, weights.base, row, weights.shape, 2.0)
        place = int(np.flatnonzero(row.text == 2)[text.prompt - 1])
        own = {int(n): float(odds[place, n]) for n in np.argsort(-odds[place])[:5]}
        assert max(own, key=own.__getitem__) in served[put]
        shared = own.keys() & served[put].keys()
        assert len(shared) >= 3
        # llama.cpp rounds what goes into its products to eight bits.
        assert all(abs(own[token] - served[put][token]) < 0.4 for token in shared)
    assert served[None].keys() != served[adapter].keys()


def _told(path: Path, adapter: AdapterOnDisk | None, tokens: tuple[int, ...]) -> dict[int, float]:
    """The likeliest next tokens by llama.cpp, with the logarithms of their probabilities."""
    model = load_catalogue().get("smollm2-135m")
    opened = EmbeddedModel(model, path, threads=1, context_tokens=1024, adapter=adapter)
    with closing(opened):
        body = {"prompt": list(tokens), "n_predict": 1, "n_probs": 5, "temperature": 0}
        root = opened.server_url.removesuffix("/v1")
        answer = httpx.post(f"{root}/completion", json=body, timeout=60).json()
    return {
        told["id"]: told["logprob"]
        for told in answer["completion_probabilities"][0]["top_logprobs"]
    }
