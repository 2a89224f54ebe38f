# Nocturne: `make help` lists what can be made.
# PYTHON only has to build .venv; everything else runs in it.
PYTHON ?= $(shell command -v /usr/bin/python3.11 || command -v python3.11 || command -v python3)
WITHOUT ?=
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help run demo env test check texts pictures requirements bench format lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: ## start Nocturne on http://127.0.0.1:8000 (PORT=… for another port, NOCTURNE_HOME=… for another data directory)
	@$(PYTHON) tools/bootstrap.py
	@exec .venv/bin/nocturne serve

demo: ## load a believable night of a regional network into the data directory
	@$(PYTHON) tools/bootstrap.py
	@.venv/bin/nocturne demo

env: ## build or refresh .venv with everything that development needs
	@$(PYTHON) tools/bootstrap.py --dev

test: env ## run every suite on SQLite and PostgreSQL (make test WITHOUT="browser postgres" leaves out by name)
	@$(PY) tools/suites.py --without "$(WITHOUT)"

check: env ## lint, formatting, types, floors, templates, security, migrations
	@$(PY) tools/check.py

texts: env ## find the texts that people read, bring the catalogues up to date, and say what is not translated
	@$(PY) tools/texts.py && $(PY) tools/texts.py --check

pictures: env ## take pictures of every page into docs/pictures
	@$(PY) tools/pictures.py

requirements: env ## write which test proves which requirement, and whom each address is for, into docs/
	@$(PY) tools/requirements.py && $(PY) tools/permissions.py && $(PY) tools/keys.py

bench: env ## measure, and write the figures into docs/bench.md
	@$(PY) -m tests.bench

format: env ## put the source into the house's format
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

lock: env ## choose the newest allowed version of every dependency and lock it by hash
	@$(PY) tools/lock.py

clean: ## remove what was built (never the data directory)
	@rm -rf .venv build dist .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis test-results
