.PHONY: install demo test clean

PYTHON ?= python3
BIN = .venv/bin

demo: install
	@$(BIN)/python -m newswatch.demo

test: install
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

install: .venv/ready

# Everything, once: at the versions and hashes of constraints.txt.
.venv/ready: constraints.txt
	@sh ./setup.sh $(PYTHON)
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
