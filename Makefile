PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEVELOPMENT := .venv/.development
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test check clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name text; \
	do printf '  make %-8s %s\n' "$$name" "$$text"; done

run: $(RUNTIME) ## serve the portal with a demonstration database (HOST=, PORT=, DEMO=off)
	@mkdir -p var && { test -s var/secret_key || (umask 077; $(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))" > var/secret_key); }
	@DEMO="$${DEMO-on}" SECRET_KEY_FILE="$${SECRET_KEY_FILE-var/secret_key}" exec $(BIN)/python manage.py start

# Both databases are always tried, so that one failure does not hide the other, and at the same time. They
# share what both show alike (SHARED; tests/serving.py).
test: $(DEVELOPMENT) ## run the tests on SQLite and on PostgreSQL (ARGS="-k search")
	@mkdir -p var; export SHARED=on; \
	$(BIN)/python -m tests.postgres $(BIN)/pytest $(ARGS) > var/test-postgres.log 2>&1 & other=$$!; \
	trap "kill $$other; exit 130" INT TERM; \
	printf '\n=== Tests on SQLite (on PostgreSQL meanwhile, into var/test-postgres.log) ===\n'; \
	sqlite=0; env -u DATABASE_URL $(BIN)/pytest $(ARGS) || sqlite=$$?; \
	postgres=0; wait $$other || postgres=$$?; \
	printf '\n=== Tests on PostgreSQL ===\n'; cat var/test-postgres.log; \
	printf '\n=== SQLite: exit %s, PostgreSQL: exit %s ===\n' $$sqlite $$postgres; \
	test $$sqlite -eq 0 && test $$postgres -eq 0

check: $(DEVELOPMENT) ## look for mistakes and untidy code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

clean: ## remove the environment and every cache; the data in var/ stays
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.txt
	@command -v $(PYTHON) >/dev/null || \
	{ echo "Python 3.11 or newer is needed, and there is no $(PYTHON). Set PYTHON= to another."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Python 3.11 or newer is needed; $(PYTHON) is `$(PYTHON) -V 2>&1`. Set PYTHON= to another."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing what the portal needs into .venv; this happens once and takes about a minute."
	@$(PYTHON) -m venv .venv
	@$(PIP) -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo "Installing what the tests need into .venv; this happens once and takes about a minute."
	@$(PIP) -r requirements-dev.txt
	@touch $@
