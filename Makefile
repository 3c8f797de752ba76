# Everything a developer or operator runs from a clone. `make` alone lists the targets.

SHELL := /bin/bash
CONFIGURATION ?= release
SWIFT_BUILD := swift build --explicit-target-dependency-import-check error

.PHONY: help run test build lint format packages check clean

help:  ## Lists the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: packages  ## Installs what is missing, builds, starts everything on this machine (Ctrl-C stops it)
	$(SWIFT_BUILD) -c release --product postern --scratch-path .build-release
	.build-release/release/postern up $(ARGS)

test: packages  ## Installs what is missing, builds, runs every test against a PostgreSQL of its own
	.ci/test $(ARGS)

build: packages  ## Builds the executable (CONFIGURATION=debug or release)
	$(SWIFT_BUILD) -c $(CONFIGURATION) --product postern --scratch-path .build-$(CONFIGURATION)

lint:  ## Checks formatting and the house rules
	.ci/lint

format:  ## Formats all Swift sources
	swift format format --in-place --parallel --recursive Package.swift Sources Tests

packages:  ## Installs the Debian packages that are missing
	.ci/packages

check: test lint  ## What CI runs

clean:  ## Removes all build folders
	rm -rf .build .build-debug .build-release
