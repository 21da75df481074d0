.PHONY: install demo browse test soak clean

PYTHON ?= python3
BIN = .venv/bin

demo: install
	@$(BIN)/python -m newswatch.demo

# The database in a web browser: yours if there is one, else the demo's. More: scrapy browse --help
browse: install
	@if [ -e data/newswatch.db ]; then $(BIN)/scrapy browse --open; \
	else $(BIN)/scrapy browse --open -s DATABASE=data/demo.db -s WARC_DIR=data/demo-warc -s WATCH_FILE=; fi

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
