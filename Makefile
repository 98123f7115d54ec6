# The two commands are `make demo` and `make test`; `make` alone lists the others.
# Each makes its own environment first; a second call skips what is done (stamps under .build).

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test quick bytecode torture lint types contracts format docs bench messages lock setup setup-dev assets clean

# Where nobody may write into the home directory (a service's user) npm goes round in circles and browsers don't start.
export HOME := $(shell test -w "$$HOME" && echo "$$HOME" || { mkdir -p .build/home && echo "$$PWD/.build/home"; })

BIN := .venv/bin
# One more than two cores: who opens pages in a browser, or starts a server, waits for it a good part of the time.
WORKERS ?= 3
KILLS ?= 1000
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: setup assets ## make the demonstration month and its report, under out/, then the desks to work in
	@$(BIN)/jieban demo
	@$(BIN)/jieban demo --desks

test: setup-dev assets lint types contracts bytecode ## everything CI checks: lint, format, types, import contracts, tests
	@echo "== tests"
	@env -u JIEBAN_TEST_DATABASE $(PYTEST)
	@echo "== tests on PostgreSQL: the live ones once more"
	@$(BIN)/python scripts/with_postgres.py $(PYTEST) -m "live and not once"

quick: setup-dev assets bytecode ## the tests that take seconds
	@echo "== tests, without the slow ones"
	@$(PYTEST) -m "not slow"

# Tests start the command line hundreds of times; where Python may not write bytecode, each would compile us anew.
bytecode: setup-dev
	@$(BIN)/python -m compileall -q src

torture: setup-dev ## kill working processes a thousand times on either database (KILLS=n), and look at what is left; play a whole month; 10,000 random acts
	@JIEBAN_TORTURE=$(KILLS) $(BIN)/python -m pytest -s tests/orders/test_crash.py \
		tests/orders/test_replay_boston.py tests/orders/test_state_machine.py
	@JIEBAN_TORTURE=$(KILLS) $(BIN)/python scripts/with_postgres.py --on-disk $(BIN)/python -m pytest -s tests/orders/test_crash.py

lint: setup-dev ## style and format
	@echo "== lint"
	@$(BIN)/ruff check .
	@echo "== format"
	@$(BIN)/ruff format --check .

types: setup-dev ## static types
	@echo "== types"
	@$(BIN)/mypy

contracts: setup-dev ## which room may import which
	@echo "== import contracts"
	@$(BIN)/lint-imports

format: setup-dev ## write the format, and the fixes that ruff is sure of
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: setup ## write the generated pages docs/indicators.md and docs/who-may.md, in Chinese
	@LC_ALL=C.UTF-8 $(BIN)/jieban indicators docs
	@LC_ALL=C.UTF-8 $(BIN)/jieban policy --markdown > docs/who-may.md.new
	@mv docs/who-may.md.new docs/who-may.md

bench: setup-dev assets ## measure speed and memory against the baselines
	@$(BIN)/python bench/run.py

messages: setup-dev ## gather the messages of the source into the catalogues, and compile them
	@$(BIN)/python scripts/messages.py update
	@$(BIN)/python scripts/messages.py compile

lock: ## pin the dependencies anew from pyproject.toml (UPGRADE=1: the newest allowed); needs uv
	@scripts/lock.sh

setup: ## the environment that the command line needs
	@scripts/setup.sh runtime

setup-dev: ## the environment that the checks need
	@scripts/setup.sh dev

assets: ## page scripts and fonts, into .build/assets
	@scripts/assets.sh

clean: ## remove what was made, the environment included; out/ stays
	@rm -rf .venv .build node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src -name '*.mo' -delete
	@find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +
