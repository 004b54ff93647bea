# The short way to everything. `make help` lists it.
.PHONY: papers crash help setup run test check bench lock fuzz
.DEFAULT_GOAL := help
export XINFANG_DATA ?= ./var
HOST ?= 127.0.0.1
PORT ?= 8000
# How many tests run at once.
JOBS ?= 2
# Where the papers go.
OUT ?= ./var/papers

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup: ## make .venv from the locks, with the tools that tests need
	@scripts/setup test

run: ## try the system in a browser: demo people and cases on the first start, then the pages
	@scripts/setup run
	@scripts/run "$(HOST)" "$(PORT)"

test: check ## every check, then every test
	.venv/bin/python -m pytest -n $(JOBS)

check: setup ## style, types, layers, forgotten migrations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	@scripts/migrations-are-complete

bench: setup ## measure
	.venv/bin/python -m benchmarks

fuzz: setup ## send 50,000 damaged inputs to every form and upload
	FUZZ=50000 .venv/bin/python -m pytest -q -s tests/fuzz

crash: setup ## kill the web server with -9 under its clients, and stop the database server: two hundred rounds on each database
	CRASH=200 .venv/bin/python -m pytest -q -s tests/crash/test_crash.py

papers: setup ## every paper of demo cases as PDF and Word, with sheets of small pictures, in var/papers
	@scripts/papers "$(OUT)"

lock: setup ## write requirements*.txt again from the .in files
	scripts/lock --upgrade
