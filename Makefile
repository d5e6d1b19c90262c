# Two commands matter: `make demo` runs the product, `make test` proves it.
# Both set themselves up in .venv; they need Python 3.11+, make and a package registry.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# `make test COVERAGE=1`, as CI does: counting lines makes the tests a third slower.
COVERED := --cov --cov-report=term:skip-covered --cov-fail-under=90

.PHONY: demo test torture bench check lint types imports lock clean

demo: $(VENV)/.demo
	@$(BIN)/minsheng demo $(if $(PORT),--port $(PORT)) $(if $(FOLDER),--folder $(FOLDER))

test: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist worksteal $(if $(COVERAGE),$(COVERED))

torture: $(VENV)/.dev
	MINSHENG_TORTURE=1 $(BIN)/pytest -m torture

# Ten minutes or so; `python -m benchmarks NAME --full` takes the largest numbers.
bench: $(VENV)/.dev
	PYTHONPATH=.:tests $(BIN)/python -m benchmarks intake lookup startup tick pacing digest catchup $(if $(JSON),--json)

check: lint types imports

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache

$(VENV)/.demo: requirements.txt pyproject.toml
	@echo "Setting up .venv (once) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 demo")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.demo requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# After a change of dependencies in pyproject.toml (needs uv on the PATH).
lock:
	uv pip compile --quiet --no-strip-extras --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --no-strip-extras --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .coverage htmlcov
