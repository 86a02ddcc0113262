# Everything a newcomer needs: `make demo` shows an incident being solved, `make test` runs the tests.
# Needs Python 3.11 or newer (with venv), git and make; nothing is installed outside of .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_SYSTEM_CERTS := true

.PHONY: install demo lab test check clean

install: $(VENV)/.installed

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv

$(VENV)/.installed: $(BIN)/uv uv.lock pyproject.toml
	$(BIN)/uv sync --quiet --frozen --inexact --all-extras --python $(BIN)/python
	touch $@

demo: install
	$(BIN)/rootline investigate --tape demo

lab: install
	$(BIN)/rootline lab up --detach
	$(BIN)/rootline lab break connection-pool --seed 1 --investigate; found=$$?; $(BIN)/rootline lab down; exit $$found

test: install
	$(BIN)/pytest -n auto --dist loadfile

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
