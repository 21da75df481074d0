.PHONY: install demo test soak clean

PYTHON ?= python3
BIN = .venv/bin

demo: install
	@$(BIN)/python -m newswatch.demo

test: install
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile

# Kills crawls at random points for so many minutes.
MINUTES ?= 10
soak: install
	$(BIN)/python -m tests.crash.soak $(MINUTES)

install: .venv/ready

# Everything, once: at the versions and hashes of constraints.txt.
.venv/ready: constraints.txt
	@sh ./setup.sh $(PYTHON)
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
