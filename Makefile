# Three commands a newcomer needs: `make run`, `make test`, `make bench`. Each sets up what it needs.
PYTHON ?= python3
SOURCE ?= samples/dumps
WAREHOUSE ?= warehouse

TOOLS := .tools
UV := $(TOOLS)/bin/uv
UV_VERSION := 0.13.9
READY := .venv/.ready
BUNDLE := cuttings/web/static/bundle/bundle.json
export UV_PYTHON_DOWNLOADS := never

.PHONY: help run dashboard web browser faketime test torture check docs screenshots bench bench-quality bench-dashboard clean

help:
	@echo "make run    set up, and run the main job on the sample dumps (or SOURCE=path WAREHOUSE=path)"
	@echo "make dashboard  set up, and show that warehouse in the browser"
	@echo "make test   set up, and run every test; those that need a browser are skipped without Chromium: make browser"
	@echo "make torture  set up, and try the promises of docs/promises.md at length; the results go there"
	@echo "make check  set up, and run the linters and the type checker"
	@echo "make docs   set up, and write anew what docs and README quote from the program"
	@echo "make bench  set up, and measure throughput; make bench-quality measures the cut on labelled pages"

run: $(READY)
	@# Exit 3 says that some objects were set aside and listed, as some of the samples are.
	@.venv/bin/cuttings run "$(SOURCE)" --warehouse "$(WAREHOUSE)" || [ $$? -eq 3 ]

# The dashboard's front end, with a Node from the index, in the environment: none has to be on the machine.
web: $(BUNDLE)

$(BUNDLE): $(wildcard dashboards/src/*.js) dashboards/build.mjs dashboards/first.mjs dashboards/build.py dashboards/package-lock.json | $(READY)
	$(UV) sync --locked --quiet --inexact --group web --python $(PYTHON)
	.venv/bin/python dashboards/build.py

dashboard: $(READY) web
	.venv/bin/cuttings dashboard --warehouse "$(WAREHOUSE)"

# Chromium for the tests of the dashboard, from Debian's packages; needs root.
browser:
	command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; }

# A program that moves the clock for another, for the tests of the promises; needs root.
faketime:
	command -v faketime >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends faketime; }

# A file of tests to a core at a time: what a file sets up, it sets up once.
test: $(READY) web
	.venv/bin/pytest --numprocesses 2 --dist loadfile

# The promises of docs/promises.md with all their trials; the results go there. TORTURE="P2 P9" takes these promises only
# and SHARE=0.1 a tenth of the trials that are drawn by lot; then the results are only shown. As root it also mounts
# file systems in loop devices, and `make faketime` lets it move the clock. TORTURE="--again docs/promises.json --into docs"
# tries only what failed there, when it is mended.
SHARE ?= 1
JOBS ?= 2
torture: $(READY)
	.venv/bin/python -m tests.reliability.torture --share $(SHARE) --jobs $(JOBS) $(TORTURE)

check: $(READY)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

# The pages whose contents are the program's own words or output.
docs: $(READY)
	.venv/bin/python -m cuttings.store.describe > docs/tables.md
	.venv/bin/python tests/docs/test_answers.py
	.venv/bin/python tests/docs/test_readme.py
	.venv/bin/python tests/docs/test_operations.py

# The pictures of the README, from a warehouse of the sample dumps.
screenshots: $(READY) web
	.venv/bin/python docs/screenshots.py

bench: $(READY)
	.venv/bin/python -m benchmarks.throughput
	.venv/bin/python -m benchmarks.dates

bench-quality: $(READY)
	.venv/bin/python -m benchmarks.quality

bench-dashboard: $(READY) web
	.venv/bin/python -m benchmarks.dashboard

# uv lives in an environment of its own, so that nothing has to be on the machine but Python, make and an index.
$(UV):
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet uv==$(UV_VERSION)

$(READY): pyproject.toml uv.lock | $(UV)
	@# With bytecode: where PYTHONDONTWRITEBYTECODE is set, every process would compile all that it imports.
	$(UV) sync --locked --quiet --compile-bytecode --python $(PYTHON)
	@.venv/bin/python -m compileall -q cuttings flows
	@touch $(READY)

clean:
	rm -rf .venv $(TOOLS) dashboards/node_modules cuttings/web/static/bundle .pytest_cache .mypy_cache .ruff_cache
