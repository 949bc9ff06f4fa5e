# Saksama: `make run` starts a demo exam, `make test` runs every check. Both set up what they need and can be repeated.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:

DATA ?= data/demo
LISTEN ?= 127.0.0.1:8080
SPEED ?= 20
CANDIDATES ?= 56
BIN := target/release/saksama
LOADTEST := target/release/saksama-loadtest
BENCH := target/release/saksama-bench
ONLY ?=
WEB_SOURCES := $(shell find web/src web/pages web/tools web/vite.config.ts web/tsconfig.json web/package-lock.json -type f 2>/dev/null)
step = @printf '\n==> %s\n'

.PHONY: help run demo build test sim fault fault-long faults setup setup-test web types fmt lint unit pages browser clean-demo bench bench-quick bench-programs

help: ## Shows this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: build ## Sets up, builds and starts the demo selection; prints addresses and demo credentials.
	$(step) 'starting the demo on http://$(LISTEN) (data in $(DATA); Ctrl-C stops it)'
	@exec $(BIN) serve --data $(DATA) --listen $(LISTEN) --demo

demo: build $(LOADTEST) ## The same with simulated candidates who take the exam: SPEED=20 is twenty times human pace.
	$(step) 'starting the demo with $(CANDIDATES) simulated candidates at $(SPEED)x human pace'
	@tools/demo $(BIN) $(LOADTEST) $(DATA)-live $(LISTEN) $(CANDIDATES) $(SPEED)

build: setup web $(BIN) ## Makes the release binary target/release/saksama with the pages inside.

$(BIN): web FORCE
	$(step) 'building the server (release)'
	@cargo build --release --locked -p server --bin saksama

$(LOADTEST): FORCE
	@cargo build --release --locked -p loadtest

FORCE:

setup:
	$(step) 'looking for what is needed'
	@tools/setup run

web: setup web/dist/start.html ## Builds the pages into web/dist.

web/dist/start.html: $(WEB_SOURCES)
	$(step) 'building the pages'
	@rm -rf web/dist/assets web/dist/*.html web/dist/*.js web/dist/*.br
	@cd web && npm run --silent build
	@touch $@

types: ## Writes web/src/wire.ts from crates/wire.
	@UPDATE_TYPES=1 cargo test -q -p wire --test types

test: setup-test ## Sets up, then every check: format, lints, unit, property, golden, story, pages, browser.
	@$(MAKE) --no-print-directory fmt lint web pages unit browser
	$(step) 'everything passed'

sim: ## Plays 2,000 exams in simulated time, with faults, against a model.
	$(step) 'simulating: 2,000 seeds of ten minutes'
	@cargo run --release --locked -p sim --bin saksama-sim -- --seeds 0..2000

setup-test:
	$(step) 'looking for what the tests need'
	@tools/setup test

fmt:
	$(step) '[1/6] format'
	@cargo fmt --all --check

lint:
	$(step) '[2/6] lints, warnings as errors'
	@cargo clippy --workspace --all-targets --locked --quiet -- -D warnings

pages: web
	$(step) '[3/6] pages: types, unit tests, size budget'
	@cd web && npx --no-install tsc --noEmit && npx --no-install tsc --noEmit -p ../tests/browser && npx --no-install vitest run --reporter=dot && node tools/budget.mjs

unit: web
	$(step) '[4/6] unit, property, golden and story tests'
	@cargo test --workspace --locked

browser: web
	$(step) '[5/6] building the server for the browser tests'
	@cargo build --locked -p server --bin saksama
	$(step) '[6/6] browser tests in Chromium (screenshots in test-results/screenshots)'
	@cd web && npx --no-install playwright test --config ../tests/browser/playwright.config.ts

bench-programs: build $(LOADTEST)
	$(step) 'building the bench (release)'
	@cargo build --release --locked -p bench

bench-quick: bench-programs ## Measures the machine and the engine beside it in 45 seconds; the last line is one JSON object.
	$(step) 'measuring; leave the machine alone meanwhile'
	@$(BENCH) quick

bench: bench-programs ## Everything, plain and over TLS, for docs/performance.md; reports in test-results/bench. ONLY=rate: some steps.
	$(step) 'measuring for about half an hour; leave the machine alone meanwhile'
	@$(BENCH) full --only '$(ONLY)'
fault: web setup-test ## Breaks disks, processes, clocks and networks under the server: within half an hour.
	$(step) 'fault tests (first count)'
	@$(MAKE) --no-print-directory faults SAKSAMA_FAULTS=full

fault-long: web setup-test ## The same with the counts of a release: many hours.
	$(step) 'fault tests (long)'
	@$(MAKE) --no-print-directory faults SAKSAMA_FAULTS=long

faults:
	@SAKSAMA_FAULTS=$(SAKSAMA_FAULTS) cargo test --release --locked -p sim --test runs
	@SAKSAMA_FAULTS=$(SAKSAMA_FAULTS) cargo test --locked -p faults
	@SAKSAMA_FAULTS=$(SAKSAMA_FAULTS) cargo test --locked -p tests --test kill --test clocks --test partitions --test server_teeth -- --test-threads 1

clean-demo: ## Deletes the demo's data.
	rm -rf data/demo data/demo-live
