"""The adapter: what it is trained on, training that is killed, and what llama.cpp makes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import jax
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from eval.labels.passages import CorpusPassage, WrittenCommitment, WrittenDate, WrittenMoney
from extractor.models.adapters import Adapter as AdapterOnDisk
from extractor.models.adapters import find_adapter
from extractor.models.catalogue import AdapterFile, load_catalogue
from extractor.models.embedded import EmbeddedModel
from extractor.prompting import load_prompts
from extractor.prompting.rendering import ROWS_ASKED
from extractor.records import RecordType, Strategy
from tests.training.small_model import write_first_layers
from tests.training.test_corpus import TRAM
from training.adapter.__main__ import main
from training.adapter.batches import BY_STRATEGY, RowShape, batches_of, fits
from training.adapter.examples import TrainingExample, examples_in_passages, examples_in_view
from training.adapter.file import read_adapter, write_adapter
from training.adapter.fitting import Recipe, Step, fit
from training.adapter.network import Adapter, new_adapter, next_tokens
from training.adapter.prefixes import PrefixCache
from training.adapter.tokens import Text, Tokenizer
from training.adapter.weights import ModelWeights, load_weights
from training.corpora import as_corpus

SHAPE = RowShape(rows=1, tokens=320, asked=200, read=(320,))
FERRY = CorpusPassage(
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


def examples(
    *passages: CorpusPassage, chance: float = 1.0, strategy: Strategy = "passage"
) -> list[TrainingExample]:
    prompts = [one for one in load_prompts(tuned=True).values() if one.strategy == strategy]
    items = as_corpus(passages, "tests").items
    if strategy == "article":
        return [example for item in items for example in examples_in_view(item, prompts)]
    chances: dict[RecordType, np.ndarray[tuple[int], np.dtype[np.float64]]] = {
        "commitment": np.full(9, chance),
        "policy_event": np.full(9, chance),
    }
    return [
        example
        for item in items
        for example in examples_in_passages(item, prompts, chances, least=0.5)
    ]


def asked_in(example: TrainingExample) -> list[str]:
    question = example.messages[-1].content.rpartition(f"{ROWS_ASKED}\n")[2]
    return re.findall(r"^\[\d+\]", question, re.MULTILINE)


def answers(found: list[TrainingExample], record_type: RecordType) -> list[object]:
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


QUAYS = tuple(f"Quay {number} of Port Linnet was quiet." for number in range(24))


def test_an_article_is_asked_about_behind_one_beginning_and_answered_in_rows() -> None:
    found = examples(FERRY.model_copy(update={"text": (*FERRY.text, *QUAYS)}), strategy="article")
    prefixes = {example.messages[-1].content.rpartition(ROWS_ASKED)[0] for example in found}
    assert len(prefixes) == 1
    assert "Quay 23" in prefixes.pop()
    asked = [number for example in found for number in asked_in(example)]
    assert asked == sorted(set(asked), key=lambda number: int(number[1:-1]))
    rows = "".join(example.answer for example in found).splitlines()
    row = "c|Quillon Lines|Dunmere Yards|m1||d1|purchase|announced||"
    assert rows[rows.index("[3]") + 1] == row
    assert [line for line in rows if line != row] == asked
    # Of those without a record some are left out, the same ones every time.
    assert 6 < len(asked) < 24


def test_a_sentence_of_optional_records_is_not_asked_about_in_an_article() -> None:
    optional = FERRY.commitments[0].model_copy(update={"tier": "optional"})
    changed = {"text": (*FERRY.text, *QUAYS), "commitments": (optional,)}
    found = examples(FERRY.model_copy(update=changed), strategy="article")
    asked = [number for example in found for number in asked_in(example)]
    assert asked
    assert "[3]" not in asked


def test_sentences_without_a_record_are_taken_if_the_finder_holds_them_for_likely() -> None:
    assert answers(examples(FERRY), "policy_event") == [[], [], [], []]
    assert answers(examples(FERRY, chance=0.4), "policy_event") == []
    assert len(answers(examples(FERRY, chance=0.4), "commitment")) == 1


def test_a_sentence_that_only_supports_a_record_is_no_example() -> None:
    event = TRAM.events[0].model_copy(update={"quotes": (1, 2)})
    found = examples(TRAM.model_copy(update={"events": (event,)}))
    assert [len(e.answer) > 20 for e in found if e.record_type == "policy_event"] == [True]


_TWO_STEPS = Recipe(rank=4, alpha=8, rate=1e-3, epochs=2, warmup=0.0, averaged=1.0, checks=2)


@st.composite
def conversations(draw: st.DrawFn) -> list[Text]:
    """Texts of which some begin alike."""
    tokens = st.integers(1, 999)
    prefix = tuple(draw(st.lists(tokens, max_size=200)))
    own = st.tuples(
        st.lists(tokens, min_size=1, max_size=100), st.lists(tokens, min_size=1, max_size=150)
    )
    return [
        Text((*prefix, *asked, *told), len(prefix) + len(asked), len(prefix))
        for asked, told in draw(st.lists(own, max_size=4))
    ]


@given(
    st.lists(conversations(), max_size=6),
    st.sampled_from([RowShape(2, 288, 104, read=(128, 320)), BY_STRATEGY["article"]]),
)
def test_batches_hold_every_text_whole_and_ask_for_all_of_its_answer(
    given_texts: list[list[Text]], shape: RowShape
) -> None:
    told = []
    given_flat = list(chain.from_iterable(given_texts))
    for packed in batches_of(given_flat, shape):
        assert packed.batch.tokens.shape == (shape.rows, shape.tokens)
        for prefixes, *row in zip(packed.prefixes, *packed.batch, strict=True):
            tokens, text, behind, positions, asked, wanted, counts = row
            assert sum(map(len, prefixes)) <= shape.read[-1]
            for number in range(1, text.max() + 1):
                (stands,) = set(behind[text == number].tolist())
                prefix = prefixes[stands - 1] if stands else ()
                own = text[asked] == number
                there = positions[text == number].tolist()
                assert there == [len(prefix) + place for place in range(len(there))]
                answer = wanted[own & (counts == 1)]
                whole = (*prefix, *tokens[text == number].tolist())
                told.append((whole, tuple(answer.tolist())))
    expected = [
        (text.tokens, text.tokens[text.prompt :]) for text in given_flat if fits([text], shape)
    ]
    assert sorted(told) == sorted(expected)


@pytest.fixture(scope="module")
def model_file(embedded_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_first_layers(embedded_weights, tmp_path_factory.mktemp("model") / "few.gguf", 2)


@pytest.fixture(scope="module")
def weights(model_file: Path) -> ModelWeights:
    return load_weights(model_file)


@pytest.fixture(scope="module")
def trained_on(model_file: Path, weights: ModelWeights) -> Iterator[list[Text]]:
    model = load_catalogue().get("smollm2-135m")
    with closing(EmbeddedModel(model, model_file, threads=1, context_tokens=1024)) as engine:
        tokenizer = Tokenizer(engine.server_url, weights.end, ROWS_ASKED)
        both = examples(FERRY, TRAM, strategy="article")
        yield [tokenizer.text(example) for example in both]
        tokenizer.close()


@pytest.mark.embedded
@pytest.mark.parametrize("shape", [SHAPE, BY_STRATEGY["passage"]], ids=["article", "passage"])
def test_training_goes_on_after_a_kill_to_the_same_adapter(
    weights: ModelWeights, trained_on: list[Text], tmp_path: Path, shape: RowShape
) -> None:
    if shape.read == (0,):  # on from the start, as for questions about a sentence
        trained_on = [replace(text, read=0) for text in trained_on[-1:]] * 2
    assert all(fits([text], shape) for text in trained_on)
    steps: list[Step] = []

    def train(name: str, *, killed: bool = False) -> Adapter:
        def on_step(step: Step) -> None:
            steps.append(step)
            if killed:
                raise KeyboardInterrupt

        file = tmp_path / f"{name}.npz"
        return fit(weights, trained_on, trained_on[:1], _TWO_STEPS, file, on_step, shape).adapter

    whole = train("whole")
    with pytest.raises(KeyboardInterrupt):
        train("resumed", killed=True)
    resumed = train("resumed")
    assert [step.number for step in steps] == [1, 2, 1, 2]
    for one, other in zip(jax.tree.leaves(whole), jax.tree.leaves(resumed), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.embedded
def test_the_command_makes_an_adapter_of_labelled_articles_and_does_not_begin_twice(
    model_file: Path, weights: ModelWeights, tmp_path: Path
) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    lines = [FERRY.model_copy(update={"id": f"en-transport-{n:03}"}) for n in range(18, 23)]
    text = "".join(f"{line.model_dump_json()}\n" for line in lines)
    (corpus / "en.jsonl").write_text(text, encoding="utf-8")
    asked = ["--model", str(model_file), "--corpus", str(corpus), "--out", str(out)]
    asked += ["--strategy", "article", "--epochs", "2", "--rank", "4"]
    first = CliRunner().invoke(main, asked)
    assert first.exit_code == 0, first.output
    figures = json.loads((out / "figures.json").read_text())
    assert figures["steps"] == max(map(int, figures["held_out_losses"])) == 2
    adapter = read_adapter(out / "few.gguf")
    like = new_adapter(weights.base, 4, jax.random.key(0))
    for one, other in zip(jax.tree.leaves(adapter), jax.tree.leaves(like), strict=True):
        assert one.shape == other.shape
    again = CliRunner().invoke(main, asked)
    assert again.exit_code == 0
    assert json.loads((out / "figures.json").read_text()) == figures
    changed = CliRunner().invoke(main, [*asked, "--seed", "1"])
    assert changed.exit_code == 1
    assert "give another --out" in changed.output
    beside = CliRunner().invoke(main, [*asked, "--out", str(model_file.parent)])
    assert beside.exit_code == 1
    assert "is the model itself" in beside.output


@pytest.mark.embedded
def test_what_comes_out_is_the_mean_of_the_weights_on_the_way(
    weights: ModelWeights, trained_on: list[Text], tmp_path: Path
) -> None:
    steady = Recipe(rank=4, alpha=8, rate=1e-3, warmup=0.0, decay=0.0, checks=1)

    def train(epochs: int, averaged: float) -> list[np.ndarray[tuple[int, int], np.dtype[Any]]]:
        recipe = replace(steady, epochs=epochs, averaged=averaged)
        file = tmp_path / f"{epochs}-{averaged}.npz"
        fitted = fit(weights, trained_on[:1], trained_on[:1], recipe, file, lambda _: None, SHAPE)
        assert fitted.steps == epochs
        return jax.tree.leaves(fitted.adapter)

    first, second, mean = train(1, 0.0), train(2, 0.0), train(2, 1.0)
    for one, other, between in zip(first, second, mean, strict=True):
        np.testing.assert_allclose(between, (one + other) / 2, atol=1e-6)
    assert any(np.abs(one - other).max() > 1e-4 for one, other in zip(first, second, strict=True))


@pytest.mark.embedded
def test_two_steps_make_a_model_better_and_llama_cpp_says_what_the_network_says(
    weights: ModelWeights, model_file: Path, trained_on: list[Text], tmp_path: Path
) -> None:
    steps: list[Step] = []
    state = tmp_path / "state.npz"
    fitted = fit(weights, trained_on, trained_on, _TWO_STEPS, state, steps.append, SHAPE)
    first, last = fitted.checks
    assert last.held_out < first.held_out
    # So strong that nobody can overlook it.
    strong = jax.tree.map(lambda values: 3 * values, fitted.adapter)
    recipe = _TWO_STEPS
    file = tmp_path / "strong.gguf"
    text = trained_on[0]
    invocation = text.tokens[text.read + 1 : text.read + 3]
    write_adapter(file, strong, weights.shape, recipe.alpha, "test", invocation)
    for one, other in zip(
        jax.tree.leaves(strong), jax.tree.leaves(read_adapter(file)), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-3)
    adapter = find_adapter(AdapterFile(file="x", sha256="0" * 64), own=file)
    # Behind another, which it must not see.
    packed = next(batches_of([*trained_on[1:], text], SHAPE))
    own_tokens = text.tokens[text.read :]
    tokens = packed.batch.tokens[0].tolist()
    start = next(
        start
        for start in range(len(tokens))
        if tuple(tokens[start : start + len(own_tokens)]) == own_tokens
    )
    assert start > 0
    reading = PrefixCache(weights, tmp_path / "prefixes", SHAPE.read).of(packed)
    plain = new_adapter(weights.base, recipe.rank, jax.random.key(0))
    served = []
    for put, pairs in ((None, plain), (adapter, strong)):
        told = next_tokens(pairs, weights.base, packed.batch, reading, weights.shape, recipe.scale)
        odds = told[0, start + text.prompt - text.read - 1]
        own = {int(token): float(odds[token]) for token in np.argsort(-odds)[:5]}
        theirs = _told(model_file, put, text.tokens[: text.prompt])
        assert max(own, key=own.__getitem__) in theirs
        shared = own.keys() & theirs.keys()
        assert len(shared) >= 3
        # llama.cpp rounds what goes into its products to eight bits.
        assert all(abs(own[token] - theirs[token]) < 0.4 for token in shared)
        served.append(theirs)
    assert served[0] != served[1]


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
