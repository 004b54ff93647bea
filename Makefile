# The short way to everything. `make help` lists it.
.PHONY: papers pictures crash help setup run test quick deep check bench lock fuzz mutate
.DEFAULT_GOAL := help
export XINFANG_DATA ?= ./var
HOST ?= 127.0.0.1
PORT ?= 8000
# How many tests run at once.
JOBS ?= 2
# Of the rules that tests hold over the code, those that take longer than a moment.
SLOW_RULES = contributing.py readme.py benchmarks.py migrations.py
# Where the papers go.
OUT ?= ./var/papers

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup: ## make .venv from the locks, with the tools that tests need
	@scripts/setup test

run: ## try the system in a browser: demo people and cases on the first start, then the pages
	@scripts/setup run
	@scripts/run "$(HOST)" "$(PORT)"

test: check ## every check, then every test: what decides whether a change may land
	.venv/bin/python -m pytest -n $(JOBS) --dist worksteal

quick: check ## for the minute between edits: every check, the law, the rules of the code, the parts without a page
	.venv/bin/python -m pytest -q -n $(JOBS) tests/articles tests/procedure tests/core tests/vault tests/repository \
		--ignore tests/procedure/test_state_space.py $(addprefix --ignore tests/repository/test_,$(SLOW_RULES))

deep: setup ## for the night: every address by everybody, long fuzzing and walks, crash rounds, no fast paths, mutation
	MATRIX=whole .venv/bin/python -m pytest -q -n $(JOBS) tests/matrix
	NIGHT=1 XINFANG_FAST_PATHS=off .venv/bin/python -m pytest -q -n $(JOBS) --ignore tests/fuzz --ignore tests/crash
	TAMPER=5000 .venv/bin/python -m pytest -q -s tests/proof/test_every_column.py
	WALKS=5000 .venv/bin/python -m pytest -q -s tests/proof/test_rebuild_walks.py tests/procedure/test_state_space.py
	DUE=2000 .venv/bin/python -m pytest -q -s tests/cases/test_what_is_due.py
	FUZZ=50000 .venv/bin/python -m pytest -q -s tests/fuzz
	CRASH=200 .venv/bin/python -m pytest -q -s tests/crash/test_crash.py
	$(MAKE) mutate

check: setup ## style, types, the layers, forgotten migrations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	@scripts/migrations-are-complete

bench: setup ## measure
	.venv/bin/python -m benchmarks
	.venv/bin/python -m benchmarks.searching
	.venv/bin/python -m benchmarks.searching --database postgresql

fuzz: setup ## send 50,000 damaged inputs to every form and upload
	FUZZ=50000 .venv/bin/python -m pytest -q -s tests/fuzz

crash: setup ## kill the web server with -9 under its clients, and stop the database server: two hundred rounds on each database
	CRASH=200 .venv/bin/python -m pytest -q -s tests/crash/test_crash.py

mutate: setup ## make one thing in the law wrong at a time and see which of it no test of the law notices (MUTATE=rules.py, MUTATE=200: at random)
	.venv/bin/python -m tests.mutation --jobs $(JOBS) $(MUTATE)

papers: setup ## every paper of demo cases as PDF and Word, with sheets of small pictures, in var/papers
	@scripts/papers "$(OUT)"

lock: setup ## write requirements*.txt again from the .in files
	scripts/lock --upgrade
