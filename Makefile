.PHONY: install demo browse test test-next soak clean

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
	$(BIN)/pytest -n auto --dist loadfile -m "not live and not browser"
	$(BIN)/pytest -m browser

# The face on the Datasette that comes: its pages and its safety, beside everything else of .venv.
NEXT = .venv-next
test-next: install
	@test -e $(NEXT)/ready || { rm -rf $(NEXT); $(PYTHON) -m venv $(NEXT) \
	&& $(NEXT)/bin/pip install -qq --disable-pip-version-check datasette==1.0a41 datasette-atom==0.11a0 \
	&& ls -d $(CURDIR)/.venv/lib/python*/site-packages > $$(ls -d $(NEXT)/lib/python*/site-packages)/newswatch.pth \
	&& touch $(NEXT)/ready; }
	$(NEXT)/bin/python -m pytest tests/web --ignore tests/web/test_browser.py

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
	rm -rf .venv .venv-next .mypy_cache .ruff_cache .pytest_cache
