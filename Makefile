# `make run` and `make test` are all a newcomer needs; both make the environment first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test bench screenshots kills monthkills races mutants shown hostile burden reference format messages lock

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null || grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST)

setup: ## Make .venv from the hashed locks (under a second when nothing changed)
	@PYTHON="$(PYTHON)" sh tools/setup

run: setup ## Start everything and print the address of the demo
	@exec $(BIN)/hendig run

test: setup ## Format, lint, types, contracts, generated docs and all tests
	@exec $(BIN)/python tools/check.py

bench: setup ## Measure the pages against their floors
	@exec $(BIN)/hendig bench

screenshots: setup ## Make the screenshots of the user guide again
	@exec $(BIN)/pytest -q -n 0 -m screenshots tests

kills: setup ## Kill web, worker and database in the story, in the month and while people write (minutes)
	@exec $(BIN)/pytest -q -n 0 -m kills tests/operations

monthkills: setup ## Kill 200 times in months of money; HENDIG_KILLS says another number (an hour)
	@found=$$(mktemp) && HENDIG_KILLS=$${HENDIG_KILLS:-200} HENDIG_FIGURES=$$found \
		$(BIN)/pytest -q -n 0 -s -m kills tests/operations/test_kills_in_the_month.py && cat $$found && rm $$found

races: setup ## End a thousand views while a hundred requests run (minutes)
	@exec $(BIN)/hendig prove races

mutants: setup ## Alter each atom of the rules of the gate once; each must be noticed (minutes)
	@exec $(BIN)/pytest -q -n 0 -m mutants tests/operations

shown: setup ## Show every page to everybody in a town of canaries (minutes)
	@exec $(BIN)/pytest -q -n 0 -m shown tests/operations

hostile: setup ## Let 100,000 broken invoices be judged; HENDIG_HOSTILE says another number (an hour)
	@exec $(BIN)/python -m tests.support.hostile --files $${HENDIG_HOSTILE:-100000}

burden: setup ## Count again what the story asks of people, and write it down
	@HENDIG_WRITE=1 $(BIN)/pytest -q -n 0 -k what_it_asks_of_people tests/journeys

reference: setup ## Write the generated reference pages again
	@exec $(BIN)/hendig check --write

format: setup ## Put the code in its one form
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

messages: setup ## Find the texts of the pages, and compile their English
	@$(BIN)/python tools/messages.py

lock: setup ## Compile both locks again after a change in pyproject.toml
	@sh tools/lock
