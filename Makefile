# Everything is set up in .venv on first use, and again when pyproject.toml or constraints.txt changes.
# Another Python: make demo PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Reading or writing text without naming its encoding is an error in the tests.
export PYTHONWARNDEFAULTENCODING := 1

.PHONY: demo test test-browser check bench bench-discovery coverage format clean

demo: $(VENV)/base.stamp ## the main job on the demo round
	$(BIN)/samorsak demo

test: $(VENV)/full.stamp ## the tests, those in docstrings too
	$(BIN)/python -m pytest -q

test-browser: $(VENV)/full.stamp ## pages and JupyterLab in Chromium, documents in LibreOffice (Debian packages: see README)
	$(BIN)/python -m pytest -q tests/browser

check: $(VENV)/full.stamp ## style, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/full.stamp ## speed and memory, encoders side by side. ANES=, CORPUS=, TOPICS=: more (see README)
	$(BIN)/python tests/benchmarks/speed.py
	$(BIN)/python tests/benchmarks/store.py
	$(BIN)/python tests/benchmarks/report.py
	$(BIN)/python tests/benchmarks/encoders.py --seen $(if $(CORPUS),--corpus $(CORPUS)) $(if $(TOPICS),--topics $(TOPICS))
	$(if $(ANES),$(BIN)/python tests/benchmarks/anes.py $(ANES))

bench-discovery: $(VENV)/full.stamp ## clusters beside BERTopic's; discovery of up to 50,000 statements. TOPICS=: more
	$(BIN)/python tests/benchmarks/topics.py $(if $(TOPICS),--also $(TOPICS))
	$(BIN)/python tests/benchmarks/scale.py

coverage: $(VENV)/full.stamp ## how often intervals hold; takes an hour on two cores. RUNS=100 is quicker
	$(BIN)/python tests/benchmarks/intervals.py --processes 2 $(if $(RUNS),--runs $(RUNS))
	$(BIN)/python tests/benchmarks/reviewed.py $(if $(RUNS),--runs $(RUNS))

format: $(VENV)/full.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist samorsak-demo

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/base.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) --editable .
	touch $@

$(VENV)/full.stamp: pyproject.toml constraints.txt $(VENV)/base.stamp
	$(INSTALL) --editable '.[all,test,browser,bench,dev]'
	touch $@
