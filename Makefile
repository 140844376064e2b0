# make site    the site of ssg itself, into output/
# make test    all that must pass: style, types, tests
# make lint    style and types alone
# make bench   the comparison with other generators, e.g. ARGS="--pages 100"; see benchmarks/README.md
# make clean   delete all that is made
#
# Needs GNU make, git and Python 3.11.5 or later: `make PYTHON=python3.13 test` takes another one.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: site test lint bench clean browser
.NOTPARALLEL:

site: $(VENV)/installed
	$(BIN)/ssg build --strict

# pytest last: its closing line is the last one.
test: lint browser
	$(BIN)/python -m pytest

lint: $(VENV)/developing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/installed
	$(BIN)/python benchmarks/compare.py $(ARGS)

# The site of ssg itself too: `ssg clean` leaves what is not ours in output/
clean:
	-[ ! -x $(BIN)/ssg ] || $(BIN)/ssg clean
	rm -rf $(VENV) .ssg .mypy_cache .pytest_cache .ruff_cache .hypothesis dist

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --editable .
	touch $@

# `--group` came with pip 25.1.
$(VENV)/developing: $(VENV)/installed
	$(PIP) install --upgrade "pip>=25.1"
	$(PIP) install --group dev
	touch $@

# Tests in a browser are skipped without one: that it cannot be had is no failure.
browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit; done; \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	  apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
	echo "there is no Chromium, and none could be installed"
