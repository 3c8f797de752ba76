# Everything a developer or operator runs from a clone. `make` alone lists the targets.

SHELL := /bin/bash
CONFIGURATION ?= release
ROUNDS ?= 10
SECONDS ?= 60
# Suites that need no database and no second process: what a sanitizer can look at without one.
SANITIZED := PosternModelTests|PosternJSONTests|PosternCryptoTests|PosternLimitsTests|PosternHTTPTests|PosternTelemetryTests|PosternPlatformsTests
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error

.PHONY: help run test build lint format packages durability bench instructions tsan asan fuzz docs check clean

help:  ## Lists the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: packages  ## Installs what is missing, builds, starts everything on this machine (Ctrl-C stops it)
	$(SWIFT_BUILD) -c release --product postern --scratch-path .build-release
	.build-release/release/postern up $(ARGS)

test: packages  ## Installs what is missing, builds, runs every test against a PostgreSQL of its own
	.ci/test $(ARGS)

build: packages  ## Builds the executable and the load generator (CONFIGURATION=debug or release)
	$(SWIFT_BUILD) -c $(CONFIGURATION) --product postern --scratch-path .build-$(CONFIGURATION)
	$(SWIFT_BUILD) -c $(CONFIGURATION) --product postern-load --scratch-path .build-$(CONFIGURATION)

lint:  ## Checks formatting and the house rules
	.ci/lint

format:  ## Formats all Swift sources
	swift format format --in-place --parallel --recursive Package.swift Sources Tests LoadTests

packages:  ## Installs the Debian packages that are missing
	.ci/packages

durability: build  ## Lets each kind of fault happen once under load: nothing acknowledged may be lost (ROUNDS=200 for all)
	POSTERN_LOAD_ROUNDS=$(ROUNDS) LoadTests/run durability --postern .build-$(CONFIGURATION)/$(CONFIGURATION)/postern

bench: packages  ## Measures each step of a request by itself (ARGS='--filter limits/.*')
	POSTERN_BENCHMARKS=1 swift package --scratch-path .build-bench benchmark run --no-progress --grouping metric $(ARGS)

instructions: packages  ## Counts instructions and allocations of the same steps under callgrind (ARGS='verify/*')
	POSTERN_BENCHMARKS=1 swift build -c release --product postern-cases --scratch-path .build-bench
	LoadTests/instructions $(ARGS)

tsan: packages  ## Runs the tests that need no database under the thread sanitizer
	TSAN_OPTIONS="suppressions=$(CURDIR)/.ci/thread-sanitizer.txt halt_on_error=0" \
		swift test --sanitize=thread --disable-xctest --scratch-path .build-tsan --filter '$(SANITIZED)' $(ARGS)

asan: packages  ## Runs the same tests under the address sanitizer, leaks included
	ASAN_OPTIONS="quarantine_size_mb=16" LSAN_OPTIONS="suppressions=$(CURDIR)/.ci/leak-sanitizer.txt" \
		swift test --sanitize=address --disable-xctest --scratch-path .build-asan --filter '$(SANITIZED)' $(ARGS)

fuzz: packages  ## Feeds the parsers with made-up inputs for SECONDS=60 (ARGS='json http')
	POSTERN_FUZZ=1 swift build -c release --product postern-fuzz --scratch-path .build-fuzz \
		--sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address
	LoadTests/Fuzz/run --seconds $(SECONDS) $(ARGS)

docs: packages  ## Makes a site of all doc comments in .build-docs/site, package access included
	swift package --scratch-path .build-debug dump-symbol-graph --minimum-access-level package
	rm -rf .build-docs && mkdir -p .build-docs/symbols
	cp .build-debug/*/symbolgraph/Postern*.symbols.json .build-docs/symbols && rm -f .build-docs/symbols/*Tests.symbols.json
	docc convert --additional-symbol-graph-dir .build-docs/symbols --output-path .build-docs/site \
		--fallback-display-name Postern --fallback-bundle-identifier postern
	@echo "python3 -m http.server --directory .build-docs/site    # http://127.0.0.1:8000/documentation/"

check: test lint durability  ## Everything before a release; CI runs the first two

clean:  ## Removes all build folders
	rm -rf .build .build-*
