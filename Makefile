# `make` lists what can be done here. On a clean clone any target sets up what it needs.

PYTHON ?= python3
ARGS ?=
# Tests run side by side, a file of them in one process, with servers of its own.
JOBS ?= 2

VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements-dev.lock
READY := $(VENV)/.ready

# The second interpreter that the product promises to run on: 3.13, or 3.11 where 3.13 is the first.
# A path of pyenv is looked at too, since its shims exist for versions that do not answer.
OTHER ?= $(if $(findstring 3.13,$(shell $(PYTHON) --version 2>&1)),3.11,3.13)
OTHER_PYTHON ?= $(shell for python in python$(OTHER) \
	$(wildcard $(HOME)/.pyenv/versions/$(OTHER).*/bin/python$(OTHER)); do \
	"$$python" -c '' 2>/dev/null && echo "$$python" && break; done)
OTHER_VENV := .venv-$(OTHER)
OTHER_READY := $(OTHER_VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo run test s3 test-main test-other screenshots replay lint fmt bench lock secrets
.DELETE_ON_ERROR:

help: ## list these targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | \
		awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'
	@echo
	@echo '  PYTHON=python3.13 picks the interpreter of a new $(VENV); ARGS="…" is passed on to the'
	@echo '  program behind test-main, test-other, replay, demo, run and bench.'

setup: $(READY) ## make .venv with what the lock names, hashes checked, and this project

# $(call install,interpreter,venv): uv does it in seconds where it is at hand, pip always can.
# setuptools warns that an editable install reads this folder, which is what one is for.
define install
	@$(1) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo '$(1): Python 3.11 or newer is needed; name one with PYTHON=…' >&2; exit 1; }
	test -x $(2)/bin/python || $(1) -m venv $(2)
	@if uv="$$(command -v $(2)/bin/uv || command -v uv)"; then \
		install="$$uv pip install --quiet --python $(2)/bin/python"; \
	else \
		install="$(2)/bin/python -m pip install --quiet --disable-pip-version-check"; \
	fi; \
	set -ex; \
	$$install --require-hashes --requirement $(LOCK); \
	PYTHONWARNINGS=ignore $$install --no-deps --no-build-isolation --editable .
	@touch $(2)/.ready
endef

$(READY): $(LOCK) pyproject.toml
	$(call install,$(PYTHON),$(VENV))

$(OTHER_READY): $(LOCK) pyproject.toml
	$(call install,$(OTHER_PYTHON),$(OTHER_VENV))

demo: $(READY) ## carry a whole programme from launch to a verified bundle, with invented people
	$(BIN)/nastavnik rehearse polytech --pairs 12 $(ARGS)

run: $(READY) ## serve pages and API on this machine until stopped
	$(BIN)/nastavnik up $(ARGS)

test: s3 test-main test-other ## every test, with the time of each folder; then the quick ones on 3.13

# By itself, since it takes longer than a test may. Without Go those tests are skipped.
s3: $(READY) ## build the S3 server that the tests need, once, into the user's cache
	$(BIN)/python -m tests.object_store

test-main: $(READY) ## every test; ARGS="tests/unit -k name" runs some
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

ifeq ($(strip $(OTHER_PYTHON)),)
test-other: ## the tests that need no server, on the other Python (3.13) where present
	@echo 'Python $(OTHER) is not here: its tests are left out.'
else
test-other: $(OTHER_READY)
	$(OTHER_VENV)/bin/python -m pytest --quiet -p no:cacheprovider \
		tests/unit tests/replay tests/architecture $(ARGS)
endif

screenshots: $(READY) ## look at the pages in Chromium and keep what is seen in docs/screens
	SCREENS=docs/screens $(BIN)/python -m pytest -q $(ARGS) \
		tests/pages/test_browser.py tests/pages/test_head.py tests/pages/test_retention_seen.py tests/pages/test_branches_seen.py tests/pages/test_indicators_seen.py tests/pages/test_rows_seen.py tests/pages/test_years_seen.py tests/pages/test_events_seen.py tests/pages/test_people_below.py

replay: $(READY) ## replay every saved history against the workflows as they are now
	$(BIN)/python -m pytest tests/replay $(ARGS)

lint: $(READY) ## format, rules, types and who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: $(READY) ## format, and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

secrets: ## make the secrets of docker-compose.yml in ./secrets, once
	sh deploy/secrets.sh

bench: $(READY) ## measure side by side; each prints its ratios
	@failed=0; for file in $(filter-out bench/_%,$(wildcard bench/[a-z]*.py)); do \
		echo "$$file"; $(BIN)/python -m "bench.$$(basename $$file .py)" $(ARGS) || failed=1; done; \
		exit $$failed

LOCKED := --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --quiet

lock: $(READY) ## pin anew what requirements*.in ask for; ARGS=--upgrade takes newer versions
	$(BIN)/uv pip compile $(LOCKED) $(ARGS) requirements.in --output-file requirements.lock
	$(BIN)/uv pip compile $(LOCKED) $(ARGS) requirements-dev.in --constraint requirements.lock \
		--output-file requirements-dev.lock
