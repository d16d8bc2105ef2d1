# Éveil: set-up, tests and tools. `make help` lists what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup client translations test lint format bench audit lock clean

# the Python to try first, the port of `make run`, and more words for the tool of a target
PYTHON ?= python3
PORT ?= 8000
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix client --no-fund --no-update-notifier --loglevel=error
STEP := echo "==>"

# What a stamp stands for lies beside it, so that deleting the one deletes the other.
PACKAGES := .venv/packages.stamp
PDF := .venv/pdf.stamp
MODULES := client/node_modules/.eveil.stamp
BUILT := static/dist/.eveil.stamp
CLIENT_SOURCES := $(shell find client -name node_modules -prune -o -type f -print)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

# a virtual environment breaks when its folder is moved or its Python is replaced
SOUND := $(shell scripts/venv.sh check || rm -f $(PACKAGES))

help: ## List these targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 15

run: setup ## Set everything up and serve Éveil with its demonstration campaign at http://127.0.0.1:8000
	@$(STEP) Preparing the database
	@$(BIN)/eveil migrate
	@$(BIN)/eveil demo
	@exec $(BIN)/eveil serve --port $(PORT)

setup: $(PACKAGES) $(BUILT) $(CATALOGUES) $(PDF) ## Install all packages, build the client, compile the translations

client: $(BUILT) ## Build the collection client

translations: $(PACKAGES) ## Bring the catalogues up to date with the texts of the sources, and compile them
	@$(BIN)/python -m scripts.translations
	@$(MAKE) --no-print-directory $(CATALOGUES)

test: setup ## Run every test: on SQLite, on PostgreSQL and in Chromium (some of them: make test ARGS=tests/core)
	@chromium=$$($(BIN)/python scripts/system.py chromium); \
	$(STEP) Running the tests; \
	EVEIL_CHROMIUM=$$chromium $(BIN)/pytest -n 2 --dist loadfile $(ARGS)

lint: $(PACKAGES) ## Check style, types, the direction of imports, templates and locks
	@$(STEP) Checking style, types, imports, templates and locks
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --lint --check templates
	@$(BIN)/python scripts/lock.py

format: $(PACKAGES) ## Format the sources, and mend what the linter can mend
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
	@$(BIN)/djlint --quiet --reformat templates

bench: setup ## Measure speed: run each file of bench/
	@for file in $(sort $(wildcard bench/*.py)); do $(STEP) $$file; $(BIN)/python $$file; done

audit: $(PACKAGES) $(MODULES) ## Look the packages up in the public lists of known flaws
	@$(BIN)/pip-audit --require-hashes --requirement requirements.lock
	@$(NPM) audit

lock: $(PACKAGES) ## Pin what pyproject.toml asks for (the newest versions: make lock ARGS=--upgrade)
	@$(PIP_COMPILE) $(ARGS) --extra dev --output-file requirements.lock pyproject.toml
	@$(PIP_COMPILE) $(ARGS) --output-file requirements-node.lock requirements-node.in

clean: ## Remove everything that make has made; your data in var/ stays
	@rm -rf .venv client/node_modules static/dist eveil.egg-info build translations/*/LC_MESSAGES/*.mo \
		.pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

# The parts of the set-up: each runs only when something it depends on has changed.

$(PACKAGES): requirements.lock pyproject.toml
	@scripts/venv.sh make $(PYTHON)
	@$(STEP) "Installing the Python packages (some minutes the first time)"
	@$(PIP) install --require-hashes --requirement requirements.lock | $(PROGRESS)
	@PYTHONWARNINGS=ignore $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

PROGRESS := awk '/^Collecting/ { printf "    %3d %s\n", ++n, $$2; fflush() } \
	/^Installing/ { print "    unpacking them"; fflush() }'

$(MODULES): client/package.json client/package-lock.json | $(PACKAGES)
	@scripts/node.sh
	@$(STEP) "Installing the client's packages"
	@$(NPM) ci --no-audit
	@touch $@

$(BUILT): $(CLIENT_SOURCES) | $(MODULES)
	@$(STEP) Building the collection client
	@$(NPM) run build
	@touch $@

%.mo: %.po | $(PACKAGES)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(PDF): | $(PACKAGES)
	@$(BIN)/python scripts/system.py pdf
	@touch $@
