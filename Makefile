# Needed: Python 3.11 or newer, pip and make. Everything else pip installs into .venv.

PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check
DEMO := build/demo

N ?=
SEED ?= 1

.PHONY: help demo test oracle fuzz mutants build docs classics bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\): .*## /\1|/p' Makefile | while IFS='|' read -r name what; do \
		printf 'make %-8s %s\n' "$$name" "$$what"; done

demo: $(VENV)/.package ## build two networks, check their gradients, train them, and show how one of them learns
	@rm -rf $(DEMO)
	@printf '\n# Two descriptions of networks become modules that stand alone.\n'
	$(VENV)/bin/nngen build specs/xor_mlp.yaml specs/digits.yaml --out $(DEMO)
	@printf '\n# A module is a program, too: it checks its gradient against differences of its loss (-I -S: without any package).\n'
	$(VENV)/bin/python -I -S $(DEMO)/python/xor_mlp.py
	$(VENV)/bin/python -I -S $(DEMO)/python/digits.py
	@printf '\n# The exclusive or, learned by the module without any package.\n'
	$(VENV)/bin/nngen train specs/xor_mlp.yaml --target python
	@printf '\n# Handwritten digits: a third of 1,797 images is held out, and shows what the network has learned.\n'
	$(VENV)/bin/nngen train specs/digits.yaml
	@printf '\n# How the exclusive or is learned: the backward equations, as the module has them.\n'
	sed -n '/^    # the loss:/,/^    return/p' $(DEMO)/python/xor_mlp.py
	@printf '\nRead the whole page: %s\n' $(DEMO)/python/xor_mlp.py

test: $(VENV)/.test ## the linter, the type checker, the committed modules, and the tests
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/nngen build --check specs
	$(VENV)/bin/pytest

oracle: $(VENV)/.oracle ## compare with PyTorch, Keras, scikit-learn and MicroPython (a large download the first time)
	$(VENV)/bin/pytest -m oracle tests/oracle

fuzz: $(VENV)/.test ## random specs against the reference, N of them (and against PyTorch, after make oracle)
	$(VENV)/bin/python -m tests.fuzz $(or $(N),10000)

mutants: $(VENV)/.test ## make N small mistakes, one at a time, and see whether a test fails (N=200 SEED=1; N=all takes two hours)
	$(VENV)/bin/python -m tests.mutants --count $(or $(N),200) --seed $(SEED)

build: $(VENV)/.package ## write generated/ anew from specs/
	$(VENV)/bin/nngen build specs

docs: $(VENV)/.test ## paste outputs and tables into README.md and docs/ anew, and write the schema
	$(VENV)/bin/nngen schema > docs/spec.schema.json
	$(VENV)/bin/python docs/paste.py

classics: $(VENV)/.classics ## run the old experiments of docs/classics.md anew, and draw its pictures (some minutes)
	$(VENV)/bin/python docs/classics.py
	$(VENV)/bin/python docs/paste.py

bench: $(VENV)/.package ## measure how the two levels of the python target compare
	$(VENV)/bin/python benchmarks/unroll.py

clean: ## remove .venv and everything that was made
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What pip has installed: stamps, so that a second run starts at once.

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "nngen needs Python 3.11 or newer, and this is " + sys.version.split()[0] + "; name another one: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.package: pyproject.toml Makefile | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.package
	$(PIP) --editable '.[test]'
	@touch $@

$(VENV)/.classics: $(VENV)/.test
	$(PIP) --editable '.[test,pictures]'
	@touch $@

$(VENV)/.oracle: $(VENV)/.test
	$(PIP) --editable '.[test,oracle]'
	@touch $@
