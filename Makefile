# What a person, the pre-commit hook and CI run. Needs Python 3.11 or newer, git, make and a C/C++ compiler.
PY := .venv/bin/python
UV ?= uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
export PYTHON

.PHONY: help chat test lint check format example bench lock clean

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

chat: .venv/runtime ## the terminal chat, with the starter model
	@$(PY) -m bot chat --demo || [ $$? = 130 ] # Ctrl-C is a way to leave

test: .venv/dev ## all tests, real inference included
	@$(PY) -m pytest

lint: .venv/dev ## form, types and layers
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-logo

check: lint test ## everything a change must pass

format: .venv/dev ## put the code into form
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

example: .venv/dev ## write config.example.toml anew
	@$(PY) -m tests.config_example > config.example.toml

bench: .venv/runtime ## measure reviews of several kinds, as JSON
	@$(PY) -m bench

lock: ## lock the dependencies of pyproject.toml anew, with uv
	@$(LOCK) pyproject.toml -o requirements/runtime.txt
	@$(LOCK) --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
	@sed -n 's/^starter = \["\(.*\)"\]$$/\1/p' pyproject.toml | $(LOCK) --no-deps - -o requirements/starter.txt

clean: ## remove what was made here; the compiled llama.cpp stays in pip's cache
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist

# The files `runtime` and `dev` are touched last: what was interrupted before is done again.
.venv/runtime: pyproject.toml requirements/runtime.txt requirements/starter.txt requirements/install.sh
	@requirements/install.sh runtime
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	@requirements/install.sh dev
	@touch $@
