# Everything a fresh machine needs beyond Python 3.11 and make is set up here.
PYTHON ?= $(firstword $(shell command -v python3.11 python3))
MODEL  ?= qwen2.5-coder-1.5b
SEED   ?= seeds/001_1c9e95e5bcef29b5.txt
BIN    := .venv/bin
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test lint lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## set up, fetch the embedded model, extract one article and print its records
	$(BIN)/extractor models pull $(MODEL)
	$(BIN)/extractor extract --model $(MODEL) $(SEED)

test: lint ## set up, check style, types and layers, run all tests
	$(BIN)/extractor models pull smollm2-135m
	$(BIN)/python -m pytest

lint: .venv/dev.stamp ## style, types, import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: ## resolve the dependencies again (needs uv); review the diff before committing it
	$(COMPILE) --extra build --extra peers --extra dev pyproject.toml -o requirements-dev.lock
	$(COMPILE) --extra build -c requirements-dev.lock pyproject.toml -o requirements.lock
	$(COMPILE) --extra peers -c requirements-dev.lock pyproject.toml -o requirements-peers.lock

clean: ## remove the virtual environment and caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
