# Everything a fresh machine needs beyond Python 3.11 and make is set up here.
PYTHON ?= $(firstword $(shell command -v python3.11 python3))
MODEL  ?= qwen2.5-coder-0.5b-tuned
ARTICLE ?= docs/example-article.txt --published-at 2024-04-11
BIN    := .venv/bin
EVAL   := $(BIN)/extractor-eval
CORPORA := --gold gold --gold gold/challenge
# The default model, whose weights are partly ours, and the larger one without an adapter.
GATED_MODELS := qwen2.5-coder-1.5b qwen2.5-coder-0.5b-tuned
GATED  := $(GATED_MODELS:%=--model %) $(CORPORA) --gold gold/injection
# A careful reader in a large model's place: its replies are replayed, it cannot be asked again.
READER := openai/strong-reader
COMPARED ?= qwen2.5-coder-1.5b qwen2.5-coder-0.5b gemma-3-270m smollm2-135m
# Gemma has terms of its own: make compare ACCEPT=--accept-licence
ACCEPT ?=
# The model that `make train` makes an adapter for.
TRAINED ?= qwen2.5-coder-0.5b
# What `make chaos` does to how many articles.
KILLS ?= 40
ARTICLES ?= 300
# What the image holds.
SERVED := embedded html ledger litellm openai pdf postgres service telemetry
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
# The locks are whole, so pip need not resolve: it cannot with hashes where one package asks for another's extra.
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test gate record live compare ablation train bench load corpus tracking chaos walk docs picture lint lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## set up, fetch the embedded model, extract one article and print its records
	$(BIN)/extractor models pull $(MODEL)
	$(BIN)/extractor extract --model $(MODEL) $(ARTICLE)

test: lint ## set up, check style, types and layers, run all tests
	$(BIN)/extractor models pull smollm2-135m || test -z "$$CI"  # offline, tests of real models are left out
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not embedded"
	EXTRACTOR_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile -m embedded  # threads of one model spin, and a neighbour makes them crawl

gate: .venv/run.stamp ## replay recorded replies against the baseline, attacked articles against their twins, the ceiling and linking; no model, no key, no network
	rm -rf runs/replay
	-$(EVAL) run $(GATED) --model $(READER) --replay eval/recordings --out runs/replay
	$(EVAL) gate runs/replay --markdown runs/gate.md
	$(EVAL) injection runs/replay
	$(BIN)/python -m training.held_out runs/held-out
	$(EVAL) ceiling $(CORPORA) --gold runs/held-out --at-least .99 .97 .90
	$(EVAL) ceiling $(CORPORA) --gold runs/held-out --strategy passage --policy taught --at-least .96 .91 .58
	$(EVAL) linking --system "ledger without vectors" --at-least .97 .985
	$(EVAL) linking --gold gold/linking/held-out --system "ledger without vectors" --at-least .89 .97

record: .venv/run.stamp ## ask the models again and keep their replies for the gate; goes on where it stopped
	for model in $(GATED_MODELS); do $(BIN)/extractor models pull $$model || exit; done
	$(EVAL) run $(GATED) --record eval/recordings --out runs/record

live: .venv/run.stamp ## ask the models again and judge their answers against the baseline: not worse by more than the margin
	for model in $(GATED_MODELS); do $(BIN)/extractor models pull $$model || exit; done
	$(EVAL) run $(GATED) --out runs/live
	$(EVAL) gate runs/live --tier live --markdown runs/gate.md || test $$? -eq 2  # 2: look at it

# What was measured of them under schema 1.0 is kept in eval/compared. langextract would be asked the same again, so its
# answers are taken from there; the reply type of single-shot is the schema, so it is asked anew.
compare: .venv/peers.stamp ## four embedded models x three systems over seeds and challenge set, to runs/compare.html (half a day; goes on where it stopped)
	for model in $(COMPARED); do $(BIN)/extractor models pull $$model $(ACCEPT) || exit; done
	test -e runs/peers/run.json || $(EVAL) unpack --system langextract eval/compared/peers.jsonl.gz runs/peers
	EXTRACTOR_MIN_CONFIDENCE=0.2 $(EVAL) run $(COMPARED:%=--model %) --system single-shot --system langextract \
	  $(CORPORA) --out runs/peers
	$(EVAL) run $(COMPARED:%=--model %) $(CORPORA) --out runs/pipeline
	$(EVAL) report runs/peers runs/pipeline --html runs/compare.html

ablation: .venv/run.stamp ## what each stage is worth, by replaying without it, to runs/ablation.md (minutes)
	mkdir -p runs
	$(BIN)/python -m eval.ablation > runs/ablation.md
	$(BIN)/python -m training.held_out runs/held-out
	EXTRACTOR_FINDER_FILE=training/held-out.json $(BIN)/python -m eval.ablation --gold runs/held-out >> runs/ablation.md

train: .venv/train.stamp ## train the adapter of the embedded model on the corpus, to runs/adapter (hours on a CPU; goes on where it stopped)
	$(BIN)/extractor models pull $(TRAINED)
	$(BIN)/python -m training.adapter --model $(TRAINED)

bench: .venv/run.stamp ## time an extraction against the model's own work, and the scorer against its bars (minutes)
	$(BIN)/extractor models pull qwen2.5-coder-0.5b
	$(BIN)/python -m eval.bench

load: .venv/run.stamp ## time the service under load against its bars, before a fake model, to runs/load.md (12 minutes)
	$(BIN)/python -m eval.bench.serving --out runs/load.md

corpus: .venv/run.stamp ## time a run over 10,000 articles against its bars, before a fake model, to runs/corpus.md (minutes)
	$(BIN)/python -m eval.bench.batching --out runs/corpus.md

tracking: .venv/run.stamp ## time filters and sums over a ledger of 20,000 pledges against their bar (a minute)
	$(BIN)/python -m eval.bench.tracking

chaos: .venv/dev.stamp ## kill what runs 40 times over 300 articles, on both stores and both engines, to runs/chaos.jsonl (an hour)
	CHAOS_OUT=runs/chaos.jsonl CHAOS_ARTICLES=$(ARTICLES) CHAOS_KILLS=$(KILLS) CHAOS_SECONDS=1 $(BIN)/python -m pytest tests/batch/test_killing.py tests/batch/test_ray.py -rP

docs: .venv/docs.stamp ## build all pages as a website, offline, into site/; a broken link is an error
	rm -rf site
	$(BIN)/python -m sphinx -q -W --keep-going -c docs . site

walk: .venv/run.stamp ## run the commands of docs/tracker.md again, and write what they print into it (minutes)
	$(BIN)/extractor models pull $(MODEL)
	$(BIN)/python -m eval.bench.walk docs/tracker.md

picture: .venv/dev.stamp ## draw the pictures of the desk in its page, docs/desk*.png; takes a Chromium that is installed
	$(BIN)/python -m tests.desk.picture docs

lint: .venv/dev.stamp ## style, types, import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: ## resolve the dependencies again (needs uv); review the diff before committing it
	$(COMPILE) --extra all --extra build --extra peers --extra ray --extra telemetry --extra train --extra dev pyproject.toml -o requirements-dev.lock
	$(COMPILE) --extra all --extra build -c requirements-dev.lock pyproject.toml -o requirements.lock
	$(COMPILE) --extra all --extra peers -c requirements-dev.lock pyproject.toml -o requirements-peers.lock
	$(COMPILE) --extra all --extra ray -c requirements-dev.lock pyproject.toml -o requirements-ray.lock
	$(COMPILE) --extra all --extra train -c requirements-dev.lock pyproject.toml -o requirements-train.lock
	$(COMPILE) --extra docs -c requirements-dev.lock pyproject.toml -o requirements-docs.lock
	$(COMPILE) $(SERVED:%=--extra %) --extra build -c requirements-dev.lock pyproject.toml -o requirements-service.lock

clean: ## remove the virtual environment and caches
	rm -rf .venv site .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) --no-deps --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/peers.stamp: requirements-peers.lock .venv/run.stamp
	$(PIP) --no-deps --require-hashes -r requirements-peers.lock
	@touch $@

.venv/train.stamp: requirements-train.lock .venv/run.stamp
	$(PIP) --no-deps --require-hashes -r requirements-train.lock
	@touch $@

.venv/docs.stamp: requirements-docs.lock | .venv/bin/python
	$(PIP) --no-deps --require-hashes -r requirements-docs.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
