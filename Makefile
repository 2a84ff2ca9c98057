# The only tools needed are Python 3.11 or newer, git and make; everything else goes into .venv.
VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VERSION ?= v3.0.0
# The cdk8s engine runs on Node.js; where the machine has none, it comes from PyPI.
EXTRAS := $(shell command -v node >/dev/null 2>&1 || echo '[node]')

.PHONY: help synth test lint check clean
help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

synth: $(VENV)/.runtime ## render chores-tracker into dist/ (make synth VERSION=v3.1.0)
	$(VENV)/bin/python synth.py --version $(VERSION)

test: $(VENV)/.development ## run every test (ARGS="-k yaml" for some)
	$(VENV)/bin/python -m pytest -n 2 $(ARGS)

lint: $(VENV)/.development ## formatting, lint rules and types
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

check: $(VENV)/.runtime ## fail when dist/ is not what the Python says
	$(VENV)/bin/python synth.py --check
	git diff --exit-code dist

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "chores_infra needs Python 3.11 or newer, and none was found; set PYTHON=..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.runtime: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --editable ".$(EXTRAS)"
	@touch $@

$(VENV)/.development: pyproject.toml $(VENV)/.runtime
	$(VENV)/bin/python -m pip install --quiet --group dev
	@touch $@

clean: ## remove what was installed and built here
	rm -rf $(VENV) build wheels cdk8s.out .mypy_cache .ruff_cache .pytest_cache .hypothesis
