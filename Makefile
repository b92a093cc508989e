# Three commands a newcomer needs: `make run`, `make test`, `make bench`. Each sets up what it needs.
PYTHON ?= python3
SOURCE ?= samples/dumps
WAREHOUSE ?= warehouse

TOOLS := .tools
UV := $(TOOLS)/bin/uv
UV_VERSION := 0.13.9
READY := .venv/.ready
export UV_PYTHON_DOWNLOADS := never

.PHONY: help run test check docs bench bench-quality clean

help:
	@echo "make run    set up, and run the main job on the sample dumps (or SOURCE=path WAREHOUSE=path)"
	@echo "make test   set up, and run every test"
	@echo "make check  set up, and run the linters and the type checker"
	@echo "make docs   set up, and write anew what docs and README quote from the program"
	@echo "make bench  set up, and measure throughput; make bench-quality measures the cut on labelled pages"

run: $(READY)
	@# Exit 3 says that some objects were set aside and listed, as some of the samples are.
	@.venv/bin/cuttings run "$(SOURCE)" --warehouse "$(WAREHOUSE)" || [ $$? -eq 3 ]

test: $(READY)
	.venv/bin/pytest

check: $(READY)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

# The pages whose contents are the program's own words or output.
docs: $(READY)
	.venv/bin/python -m cuttings.store.describe > docs/tables.md
	.venv/bin/python tests/docs/test_answers.py
	.venv/bin/python tests/docs/test_readme.py

bench: $(READY)
	.venv/bin/python -m benchmarks.throughput
	.venv/bin/python -m benchmarks.dates

bench-quality: $(READY)
	.venv/bin/python -m benchmarks.quality

# uv lives in an environment of its own, so that nothing has to be on the machine but Python, make and an index.
$(UV):
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet uv==$(UV_VERSION)

$(READY): pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked --quiet --python $(PYTHON)
	@touch $(READY)

clean:
	rm -rf .venv $(TOOLS) .pytest_cache .mypy_cache .ruff_cache
