# `make help` lists the targets. Everything lives in .venv and var/; nothing is installed outside the folder.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types contracts coverage bench openapi lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

.venv/run: requirements/build.txt requirements/run.txt pyproject.toml
	@echo '正在准备运行环境（首次约一分钟）… preparing the environment (about a minute the first time)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test: .venv/run requirements/test.txt
	@echo '正在准备测试环境… preparing the test environment'
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

.venv/bench: .venv/test requirements/bench.txt
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

run: .venv/run ## the sample county, one complete draw, and the service on PORT (8000)
	@PORT=$(PORT) $(BIN)/double-random quickstart

test: .venv/test ## all tests, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q

check: .venv/bench ## format, lint, types, contracts, every line and branch of the domain by its own tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q --cov --cov-report=term tests/domain tests/adapters tests/cli

format: .venv/test ## rewrite the code in the house's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/bench ## tables of measurements, each side by side with a peer
	@for table in bench/bench_*.py; do $(BIN)/python -m bench.$$(basename $$table .py) || exit 1; done

openapi: .venv/test ## write openapi/openapi.json anew
	@$(BIN)/double-random openapi > openapi/openapi.json

lock: ## pin every dependency with hashes anew
	@test -x .venv-lock/bin/uv || ($(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv)
	@for set in 'build --group build' 'run pyproject.toml' 'test pyproject.toml --extra test -c requirements/run.txt' \
		'bench pyproject.toml --extra test --extra bench -c requirements/test.txt'; do \
		set -- $$set; name=$$1; shift; \
		.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-annotate --no-header "$$@" --output-file requirements/$$name.txt || exit 1; \
	done

clean: ## remove the environment and all local data
	@rm -rf .venv .venv-lock var dist
