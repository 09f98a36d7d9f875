"""Recordings keep whole replies, tell what a request was made of, and hold nothing private."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from eval.errors import RunError
from eval.runs.corpus_file import CorpusFile
from eval.runs.finding import RecordingFinder, ReplayingFinder
from eval.runs.recording import Recordings, ReplayMiss, parts_of
from extractor.article import Article, read_article
from extractor.errors import ModelTimeout, ModelUnavailable
from extractor.models.base import Message, ModelReply, ModelRequest, TokenUsage
from extractor.models.scripted import Answer, ScriptedModel
from extractor.selection import Candidates, Likely
from tests import fakeserver
from tests.eval.runs import cut, key_of, question, refusal, reply_of
from tests.fakeserver import FakeOpenAI
from tests.models.remote import KEY, openai_model

REQUEST = question("Alderon will give Briar a pump.")
ARTICLE = read_article("The town will plant trees. It rained. A law was passed.", language="en")
CHOSEN: Candidates = {
    "commitment": {1: Likely(0.91, ("output", "funding"))},
    "policy_event": {3: Likely(0.62, ("law_or_regulation",))},
}


@pytest.fixture(name="recordings")
def _recordings(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path / "recordings")


def ask(recordings: Recordings, *answers: Answer) -> list[ModelReply]:
    """What a recorded client gives, call by call; its failures are swallowed."""
    client = recordings.recorder(ScriptedModel(answers), key_of())
    replies = []
    for number in range(len(answers)):
        try:
            replies.append(client.complete(question(f"Passage {number}.")))
        except ModelUnavailable:
            continue
    client.close()
    return replies


def lines_of(recordings: Recordings) -> list[dict[str, object]]:
    written = recordings.file(key_of()).path.read_text(encoding="utf-8")
    return [json.loads(line) for line in written.split("\n")[:-1]]


def test_whole_replies_are_kept_one_a_line_in_the_order_of_the_calls(
    recordings: Recordings,
) -> None:
    ask(recordings, '{"n": 1}', '{"n": 2}', '{"n": 3}')
    assert [line["text"] for line in lines_of(recordings)] == ['{"n": 1}', '{"n": 2}', '{"n": 3}']


def test_every_reply_is_on_disk_before_the_next_call(recordings: Recordings) -> None:
    kept = []

    def answer(_: ModelRequest) -> Answer:
        file = recordings.file(key_of()).path
        kept.append(len(lines_of(recordings)) if file.exists() else 0)
        return reply_of()

    client = recordings.recorder(ScriptedModel(answer), key_of())
    for number in range(3):
        client.complete(question(f"Passage {number}."))
    assert kept == [0, 1, 2]


def test_failures_and_refusals_are_not_kept_and_of_cut_replies_only_that_they_were(
    recordings: Recordings,
) -> None:
    fault = ModelUnavailable("The server is away.")
    replies = ask(recordings, cut(), '{"n": 1}', fault, refusal(), '{"n": 2}', cut('{"n": 3}'))
    # Whoever asks is given all of them all the same.
    assert [reply.finish for reply in replies] == ["length", "stop", "refused", "stop", "length"]
    kept = [(line.get("finish", "stop"), line["text"]) for line in lines_of(recordings)]
    cut_off = ("length", "")
    assert kept == [cut_off, ("stop", '{"n": 1}'), ("stop", '{"n": 2}'), cut_off]


def test_nothing_is_written_if_there_is_no_reply(recordings: Recordings) -> None:
    ask(recordings, refusal(), ModelUnavailable("The server is away."))
    assert not recordings.path.exists()


def test_a_failure_is_the_one_that_the_client_raised(recordings: Recordings) -> None:
    error = ModelTimeout("No answer in 300 s.")
    with pytest.raises(ModelTimeout) as raised:
        recordings.recorder(ScriptedModel([error]), key_of()).complete(REQUEST)
    assert raised.value is error


def test_a_new_recording_takes_the_place_of_the_old_one(recordings: Recordings) -> None:
    ask(recordings, '{"n": 1}', '{"n": 2}')
    again = Recordings(recordings.path)
    ask(again, '{"n": 3}')
    assert [one.text for one in again.load(key_of())] == ['{"n": 3}']
    recordings.recorder(ScriptedModel([]), key_of()).close()
    with pytest.raises(RunError, match="no recording of one"):
        recordings.load(key_of())


@pytest.mark.parametrize(
    "reply",
    [
        reply_of(),
        reply_of(cost_usd=None),
        reply_of('{"quote": "Trần Đại 🚀 {{ x }} \\n \\" \\\\ é"}\n\n'),
        reply_of("one\u2028two\u2029three\x85four\x0bfive\x1csix\r\nseven\n"),
        reply_of(""),
    ],
    ids=["cost", "no cost", "signs", "line ends", "empty"],
)
def test_what_is_loaded_is_the_reply_as_it_was(recordings: Recordings, reply: ModelReply) -> None:
    client = recordings.recorder(ScriptedModel([reply]), key_of())
    assert [client.complete(REQUEST), client.complete(REQUEST)] == [reply, reply]
    recorded = recordings.load(key_of())
    assert [one.reply for one in recorded] == [reply]
    assert recorded[0].parts == parts_of(client, REQUEST, 1)


def test_documents_repeats_models_systems_and_corpora_have_their_own_recordings(
    recordings: Recordings,
) -> None:
    keys = [
        key_of(),
        key_of("two"),
        key_of(repeat=2),
        key_of(model="openai/fake"),
        key_of(system="other"),
        key_of(corpus="other"),
    ]
    for number, key in enumerate(keys):
        model = ScriptedModel([f"{number}"])
        recordings.recorder(model, key).complete(question(f"Passage of {key.document}."))
    loaded = [recordings.load(key)[0].text for key in keys]
    assert loaded == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.parametrize("name", ["..", "../../up", "/etc/passwd", "a/../../../b", ".hidden"])
def test_odd_names_stay_inside_the_folder(recordings: Recordings, name: str) -> None:
    file = recordings.file(key_of(model=name, system=name, corpus=name)).path
    assert file.resolve().is_relative_to(recordings.path.resolve())
    assert len(file.relative_to(recordings.path).parts) == 3
    assert file.suffix == ".jsonl"


# What a request is made of


def _changed(number: int, content: str) -> Callable[[ModelRequest], ModelRequest]:
    def change(request: ModelRequest) -> ModelRequest:
        messages = list(request.messages)
        messages[number] = Message(messages[number].role, content)
        return replace(request, messages=tuple(messages))

    return change


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (_changed(0, "Read well."), "prompt"),
        (_changed(-1, "Alderon will give Briar two pumps."), "question"),
        (lambda one: replace(one, json_schema={"type": "array"}), "schema_"),
        (lambda one: replace(one, max_tokens=41), "parameters"),
        (lambda one: replace(one, temperature=0.5), "parameters"),
        (lambda one: replace(one, seed=1), "parameters"),
        (lambda one: replace(one, compact=False), "parameters"),
    ],
    ids=["prompt", "question", "schema", "max_tokens", "temperature", "seed", "layout"],
)
def test_a_changed_request_changes_exactly_the_part_that_changed(
    change: Callable[[ModelRequest], ModelRequest], part: str
) -> None:
    client = ScriptedModel([])
    before, after = (parts_of(client, one, 1) for one in (REQUEST, change(REQUEST)))
    assert _different(before.model_dump(), after.model_dump()) == {part}


def test_examples_between_system_and_question_belong_to_the_prompt() -> None:
    system, user = REQUEST.messages
    longer = replace(REQUEST, messages=(system, Message("assistant", "{}"), user))
    client = ScriptedModel([])
    before, after = (parts_of(client, one, 1) for one in (REQUEST, longer))
    assert _different(before.model_dump(), after.model_dump()) == {"prompt"}


def test_a_repeat_is_a_parameter() -> None:
    client = ScriptedModel([])
    before, after = (parts_of(client, REQUEST, repeat) for repeat in (1, 2))
    assert _different(before.model_dump(), after.model_dump()) == {"parameters"}


def test_a_model_is_its_weights_else_its_name() -> None:
    remote, other = ScriptedModel([], name="openai/fake"), ScriptedModel([], name="openai/other")
    local, same = ScriptedModel([], name="small"), ScriptedModel([], name="renamed")
    local.digest = same.digest = "ab" * 32
    parts = [parts_of(client, REQUEST, 1) for client in (remote, other, local, same)]
    assert [one.model for one in parts] == ["openai/fake", "openai/other", *["ab" * 6] * 2]
    assert _different(parts[0].model_dump(), parts[1].model_dump()) == {"model"}


def test_another_adapter_on_the_same_weights_is_another_model() -> None:
    plain, one, other = (ScriptedModel([], name=name) for name in ("plain", "one", "other"))
    plain.digest, one.digest, other.digest = ("ab" * 32 + on_top for on_top in ("", "+cd", "+ef"))
    parts = {parts_of(client, REQUEST, 1).model for client in (plain, one, other)}
    assert parts == {"ab" * 6, "ab" * 6 + "+cd", "ab" * 6 + "+ef"}


def test_patience_is_no_part_of_a_request() -> None:
    client = ScriptedModel([])
    slow = replace(REQUEST, timeout_seconds=1)
    assert parts_of(client, slow, 1) == parts_of(client, REQUEST, 1)


def _different(one: dict[str, object], other: dict[str, object]) -> set[str]:
    return {name for name in one if one[name] != other[name]}


# What is damaged, and what is private


def test_a_missing_recording_is_an_error_that_names_it(recordings: Recordings) -> None:
    with pytest.raises(RunError) as raised:
        recordings.load(key_of("absent"))
    assert "no recording of absent" in str(raised.value)
    assert str(recordings.file(key_of("absent")).path) in str(raised.value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: line[:-20],
        lambda _: b"no json\n",
        lambda _: b"\xff\xfe\n",
        lambda _: b"{}\n",
        lambda _: b"\n",
        lambda line: line.replace(b'"output_tokens"', b'"tokens"'),
    ],
    ids=["cut", "no JSON", "no UTF-8", "empty object", "empty line", "renamed"],
)
def test_a_damaged_recording_is_an_error_that_names_file_and_line(
    recordings: Recordings, damage: Callable[[bytes], bytes]
) -> None:
    ask(recordings, '{"n": 1}', '{"n": 2}')
    file = recordings.file(key_of()).path
    first, second = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + damage(second))
    with pytest.raises(RunError) as raised:
        recordings.load(key_of())
    assert str(raised.value) == f"{file}, line 2: not a recorded reply"


def test_no_key_no_header_no_address_and_no_article_is_recorded(recordings: Recordings) -> None:
    with FakeOpenAI([fakeserver.reply('{"n": 1}')]) as server:
        model = openai_model(server.url, name="openai/fake", api_key=KEY)
        recordings.recorder(model, key_of()).complete(REQUEST)
        model.close()
        (sent,) = server.requests
    assert KEY in sent.headers["Authorization"]
    written = recordings.file(key_of()).path.read_text(encoding="utf-8")
    for private in (KEY, "Bearer", "uthorization", "127.0.0.1", "Alderon"):
        assert private not in written
    usage = TokenUsage(prompt_tokens=5000, cached_tokens=3, output_tokens=5, cost_usd=None)
    assert recordings.load(key_of())[0].reply == ModelReply('{"n": 1}', "stop", usage)


def test_what_was_asked_for_one_document_is_not_asked_again_for_another(
    recordings: Recordings,
) -> None:
    model = ScriptedModel(["first"])
    replies = [
        recordings.recorder(model, key_of(name)).complete(REQUEST).text for name in ("one", "two")
    ]
    assert replies == ["first", "first"]
    assert len(model.requests) == 1
    assert [recordings.load(key_of(name))[0].text for name in ("one", "two")] == replies


def test_with_reuse_the_model_is_asked_only_what_was_not_recorded(recordings: Recordings) -> None:
    ask(recordings, "old")
    model = ScriptedModel(["new"])
    client = recordings.recorder(model, key_of(), reuse=True)
    asked = [question("Passage 0."), question("Passage 1.")]
    assert [client.complete(request).text for request in asked] == ["old", "new"]
    assert model.requests == asked[1:]
    assert len(lines_of(recordings)) == 2


def test_what_is_no_longer_asked_is_dropped_with_reuse_too(recordings: Recordings) -> None:
    ask(recordings, "old")
    client = recordings.recorder(ScriptedModel(["new"]), key_of(), reuse=True)
    client.complete(question("Passage 1."))
    client.close()
    assert [line["text"] for line in lines_of(recordings)] == ["new"]


# One file a corpus


def test_what_was_not_asked_yet_outlives_a_kill(recordings: Recordings) -> None:
    ask(recordings, "old 0", "old 1", "old 2")
    for reuse, text in ((True, "old 1"), (False, "new")):
        client = Recordings(recordings.path).recorder(ScriptedModel(["new"]), key_of(), reuse=reuse)
        assert client.complete(question("Passage 1.")).text == text
        # Killed here: what was asked comes first, each once, and nothing is gone.
        assert [line["text"] for line in lines_of(recordings)] == [text, "old 0", "old 2"]
        ask(Recordings(recordings.path), "old 0", "old 1", "old 2")


def test_documents_stand_by_name_whatever_the_order_in_which_they_are_read(
    recordings: Recordings,
) -> None:
    names = ["two", "three", "one"]
    for name in names:
        client = recordings.recorder(ScriptedModel(['"1"', '"2"']), key_of(name))
        for number in "12":
            client.complete(question(f"Passage {number} of {name}."))
        client.close()
    kept = [(line["document"], line["text"]) for line in lines_of(recordings)]
    assert kept == [(name, f'"{number}"') for name in sorted(names) for number in "12"]


def test_a_document_that_is_recorded_again_leaves_the_lines_of_others_as_they_are(
    recordings: Recordings,
) -> None:
    for name in ("one", "two"):
        recordings.recorder(ScriptedModel(["old"]), key_of(name)).complete(question(name))
    file = recordings.file(key_of()).path
    first, second = file.read_bytes().splitlines(keepends=True)
    again = Recordings(recordings.path).recorder(ScriptedModel(["new"]), key_of())
    again.complete(question("one"))
    assert file.read_bytes() == first.replace(b"old", b"new") + second


def test_documents_that_are_read_at_the_same_time_share_a_file_and_lose_nothing(
    recordings: Recordings,
) -> None:
    def read(name: str) -> None:
        client = recordings.recorder(ScriptedModel(lambda _: reply_of()), key_of(name))
        for number in range(10):
            client.complete(question(f"Passage {number} of {name}."))
        client.close()

    names = [f"n{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, names))
    for name in names:
        assert len(Recordings(recordings.path).load(key_of(name))) == 10
    assert len(lines_of(recordings)) == 80


def test_what_another_process_wrote_meanwhile_stays(recordings: Recordings) -> None:
    ours = recordings.recorder(ScriptedModel(["1", "2"]), key_of())
    ours.complete(question("Passage 1."))
    theirs = Recordings(recordings.path).recorder(ScriptedModel(["3"]), key_of("two"))
    theirs.complete(question("Passage 3."))
    ours.complete(question("Passage 2."))
    assert [line["text"] for line in lines_of(recordings)] == ["1", "2", "3"]


@dataclass(frozen=True)
class Chooser:
    """A finder that always says the same."""

    name: str = "chooser 1"
    tells_kinds: bool = True

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        return CHOSEN


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> CorpusFile:
    return CorpusFile(tmp_path / "model" / "texts.jsonl")


def record(file: CorpusFile) -> None:
    RecordingFinder(Chooser(), file, key_of()).find(ARTICLE)


def test_a_recording_finder_says_what_its_finder_says(file: CorpusFile) -> None:
    finder = RecordingFinder(Chooser(), file, key_of())
    assert (finder.name, finder.find(ARTICLE)) == ("chooser 1", CHOSEN)


def test_a_replay_says_what_was_recorded(file: CorpusFile) -> None:
    record(file)
    assert ReplayingFinder("chooser 1", file, key_of()).find(ARTICLE) == CHOSEN


def test_another_finder_is_a_miss(file: CorpusFile) -> None:
    record(file)
    with pytest.raises(ReplayMiss, match="the finder is another"):
        ReplayingFinder("chooser 2", file, key_of()).find(ARTICLE)


def test_other_sentences_are_a_miss(file: CorpusFile) -> None:
    record(file)
    with pytest.raises(ReplayMiss, match="the sentences are others"):
        ReplayingFinder("chooser 1", file, key_of()).find(read_article("It rained.", language="en"))


def test_what_was_never_recorded_is_a_miss(file: CorpusFile) -> None:
    with pytest.raises(ReplayMiss, match="nothing was recorded"):
        ReplayingFinder("chooser 1", file, key_of()).find(ARTICLE)


def test_a_damaged_file_is_an_error_that_names_it(file: CorpusFile) -> None:
    record(file)
    whole = file.path.read_text(encoding="utf-8")
    for damaged in (whole[:-20], whole.replace('"candidates"', '"chosen"')):
        file.path.write_text(damaged, encoding="utf-8")
        with pytest.raises(RunError, match=r"texts\.jsonl, line 1"):
            ReplayingFinder("chooser 1", file, key_of()).find(ARTICLE)


def test_no_words_of_the_article_are_recorded(file: CorpusFile) -> None:
    record(file)
    kept = file.path.read_text(encoding="utf-8")
    assert not any(word in kept for word in ("town", "trees", "rained", "passed"))


def test_what_was_chosen_of_a_document_stands_before_its_replies(file: CorpusFile) -> None:
    key = key_of(corpus="texts")
    recordings = Recordings(file.path.parent)
    kept = recordings.file(key)
    recordings.recorder(ScriptedModel(["{}"]), key).complete(question())
    RecordingFinder(Chooser(), kept, key).find(ARTICLE)
    chosen, reply = kept.path.read_text(encoding="utf-8").splitlines()
    assert '"finder":"chooser 1"' in chosen
    assert '"text":"{}"' in reply
    assert ReplayingFinder("chooser 1", kept, key).find(ARTICLE) == CHOSEN
    assert [one.text for one in recordings.load(key)] == ["{}"]
