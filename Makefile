# Everything a developer or operator runs from a clone. `make` alone lists the targets.

SHELL := /bin/bash
CONFIGURATION ?= release
ROUNDS ?= 10
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error

.PHONY: help run test build lint format packages durability check clean

help:  ## Lists the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

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
	swift format format --in-place --parallel --recursive Package.swift Sources Tests

packages:  ## Installs the Debian packages that are missing
	.ci/packages

durability: build  ## Lets each kind of fault happen once under load: nothing acknowledged may be lost (ROUNDS=200 for all)
	POSTERN_LOAD_ROUNDS=$(ROUNDS) LoadTests/run durability --postern .build-$(CONFIGURATION)/$(CONFIGURATION)/postern

check: test lint durability  ## Everything before a release; CI runs the first two

clean:  ## Removes all build folders
	rm -rf .build .build-debug .build-release .build-peers .build-python
