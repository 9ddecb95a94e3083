# The two commands are `make serve` and `make test`; `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
PYTEST := $(BIN)/python -m pytest

# The machine's own pip settings (mirrors, certificates) hold, except those that would install elsewhere.
PIP := PIP_USER=0 PIP_TARGET= PIP_PREFIX= PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1 \
	PIP_ROOT_USER_ACTION=ignore $(BIN)/pip --no-input
unexport PYTHONPATH PYTHONHOME PYTHONWARNINGS VIRTUAL_ENV

MAKEFLAGS += --jobs=2
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev serve test sqlite-suite postgresql-suite drill check format bench translations migration audit lock chromium

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: $(BIN)/.run static/vendor/.laid $(BIN)/.built ## set up what serving needs: environment, pinned packages, browser code

serve: setup ## serve the portal on http://127.0.0.1:8000 (PORT, HOST, PORTAL_*); an empty database gets the demo
	@exec $(FLASK) serve --prepare

test: sqlite-suite postgresql-suite ## run the test suite on SQLite and on PostgreSQL, side by side

# Two jobs, since there are two cores and nothing of one suite touches the other; of the slow tests that
# go alike on either database (in a browser, mostly) each runs every other one, and `pytest` alone runs
# them all. Each line says whose it is; what one suite ends with is kept in a file, since a pipe ends as
# its last command does. Ctrl-C is for pytest alone, so that its closing line still comes through.
sqlite-suite postgresql-suite: setup-dev chromium
	@suite=$(@:-suite=); ended=$$(mktemp); echo 130 >"$$ended"; trap 'rm -f "$$ended"' EXIT; trap : INT; \
	{ $(PYTEST) --database=$$suite --share=$(if $(findstring sqlite,$@),1,2)/2 -o cache_dir=.pytest_cache/$$suite $(if $(MAKE_TERMOUT),--color=yes); \
		echo $$? >"$$ended"; } 2>&1 | (trap '' INT; sed -u "s/^/$$(printf %-10s $$suite) | /"); \
	exit "$$(cat "$$ended")"

drill: setup-dev ## run the long trials: kills, restarts, bursts, slow clients (at most twenty minutes)
	timeout 700 $(PYTEST) tests/drill --ignore=tests/drill/test_together.py --drill -v -s
	DRILL_KILLS=50 DRILL_RESTARTS=1 timeout 500 $(PYTEST) tests/drill --ignore=tests/drill/test_slow_clients.py --drill -v -s --database=postgresql

check: setup-dev ## lint, types, import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev ## format the code
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

bench: setup-dev chromium ## measure the main pages against their floor, on SQLite and PostgreSQL
	$(BIN)/python -m bench --write

translations: setup ## add new texts to the .po files and compile them
	$(FLASK) translations

migration: setup-dev ## write the initial migration anew from the models (until the first release)
	@rm -f migrations/versions/0001_*.py
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
	PORTAL_DATABASE_URL="sqlite:///$$scratch/empty.sqlite" \
	$(FLASK) db migrate --rev-id 0001 -m initial

audit: setup-dev ## ask the advisory databases about every pinned package (needs a network)
	@test -x .tools/audit/bin/pip-audit || { $(PYTHON) -m venv .tools/audit && .tools/audit/bin/pip install -q pip-audit; }
	.tools/audit/bin/pip-audit --require-hashes --disable-pip -r requirements/dev.txt
	npm audit

lock: ## compile requirements/*.in into the hashed .txt files
	@test -x .tools/lock/bin/uv || { $(PYTHON) -m venv .tools/lock && .tools/lock/bin/pip install -q 'uv>=0.13,<0.14'; }
	@for name in run dev tools; do .tools/lock/bin/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		-o requirements/$$name.txt requirements/$$name.in || exit 1; done

# ---------------------------------------------------------------------------------------------------------------------
# Each step below leaves a stamp, so that a second run has nothing to do.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || \
		{ echo "python3 cannot make virtual environments; on Debian: apt install python3-venv" >&2; exit 1; }

$(BIN)/.run: requirements/run.txt | $(BIN)/python
	@echo "Installing what the portal runs on ..."
	@$(PIP) install --quiet --quiet --require-hashes -r requirements/run.txt
	@touch $@

$(BIN)/.dev: requirements/dev.txt | $(BIN)/.run
	@echo "Installing what the tests need ..."
	@$(PIP) install --quiet --quiet --require-hashes -r requirements/dev.txt
	@touch $@

setup-dev: setup $(BIN)/.dev

static/vendor/.laid: requirements/browser.py static/icons.txt package-lock.json | $(BIN)/python
	@if $(BIN)/python requirements/browser.py; then touch $@; fi

# Written here, since whoever serves need not be allowed to write into the portal's own folder.
$(BIN)/.built: static/vendor/.laid $(wildcard static/*.svg static/css/*.css static/js/*.js static/js/*/*.js portal/translations/id/*.po) | $(BIN)/.run
	@$(BIN)/python -c "from portal import catalogue; from portal.config import ROOT; from portal.web import assets; catalogue.compile_if_stale(); assets.current(ROOT / 'static')"
	@touch $@

chromium:
	@if command -v chromium >/dev/null || test -n "$$PORTAL_TEST_CHROMIUM"; then :; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "Installing Chromium ..."; \
		log=$$(mktemp); DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; \
		{ apt-get -q update && apt-get -q install -y --no-install-recommends chromium; } >"$$log" 2>&1 </dev/null \
			|| { tail -n 5 "$$log" >&2; echo "Chromium could not be installed: install it, or name one with PORTAL_TEST_CHROMIUM=/path." >&2; exit 1; }; \
		rm -f "$$log"; \
	else echo "The browser tests and the measurements need Chromium: install the package chromium, or name one with PORTAL_TEST_CHROMIUM=/path." >&2; exit 1; fi
