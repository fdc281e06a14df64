# Two commands for a newcomer: `make run` and `make test`. Everything they need is installed by `make install`.
PYTHON ?= python3
BIN := .venv/bin
LOCK := .ci/requirements-dev.txt
PIP_LOCK := .ci/requirements-pip.txt
TYPES := $(shell find handlers -name "*.pxd")
TESTS ?= tests
# Tests of whole processes mostly wait, so the whole suite runs with two workers for each of a small machine's two cores.
WORKERS := $(if $(filter tests,$(TESTS)),4,2)

# Server images often set this. Every process would then compile the whole bot again, and a test run starts dozens of them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-browser torture check-code bench install lock clean
.DEFAULT_GOAL := run

run: install
	@exec $(BIN)/python -m bot run

test: install
	$(BIN)/python -m pytest $(TESTS) -m "not browser" -n $(WORKERS) --dist worksteal

test-browser: install
	$(BIN)/python -m pytest tests/browser -m browser

# 200 kills over 1,000 posts on each platform. It takes two to four minutes.
torture: install
	TORTURE=1 $(BIN)/python -m pytest tests/process/test_torture.py -n 2

check-code: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python .ci/words.py

bench: install
	$(BIN)/python -m benchmarks

install: .venv/installed .venv/compiled

# The pip that comes with Python may be years old and takes three times as long.
.venv/installed: $(LOCK) $(PIP_LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Wirewatch needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=python3.12"; exit 1; }
	@echo "Installing into .venv. This happens once and takes less than a minute ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(PIP_LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes \
	  -r $(LOCK)
	@touch $@

# Without a C compiler this prints a message and continues. Importing the bot writes bytecode for the modules that it uses, so that
# the first start is faster; most installed modules are never imported.
.venv/compiled: .venv/installed .ci/compile.py $(TYPES) $(TYPES:.pxd=.py)
	@echo "Compiling the matcher. This happens once and takes a quarter of a minute ..."
	@find handlers -name "*.so" -delete
	@$(BIN)/python .ci/compile.py && touch $@ || true
	@$(BIN)/python -c 'import bot.app, bot.cli.app, bot.discord.gateway, bot.slack.gateway'

# The lock files contain hashes and no registry address, for every platform and for Python 3.11 and newer.
lock: install
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate -q -o .ci/requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate -c .ci/requirements.txt -q -o $(LOCK)
	echo pip | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate -q -o $(PIP_LOCK)

clean:
	find handlers -name "*.so" -delete
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
