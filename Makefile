# Dabiao 达标. `make help` lists what there is.

ADDR     ?= 127.0.0.1:8080
DATA     ?= data/demo
GO       ?= go
FUZZTIME ?= 10m
LINT     := $(GO) tool -modfile=.ci/tools/go.mod golangci-lint

ASSETS   := internal/assets
DIST     := $(ASSETS)/dist/echarts.min.js

.DEFAULT_GOAL := help
.PHONY: help run build test test-quick vet lint bench fuzz assets clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build, load the sample on the first start, serve it on http://$(ADDR)
	@bin/dabiao demo --data-dir $(DATA) --addr $(ADDR)

build: $(DIST) ## → bin/dabiao, one binary that needs nothing else
	$(GO) build -trimpath -o bin/dabiao ./cmd/dabiao

test: $(DIST) vet lint ## everything: vet, linter, unit, property, conformance, end-to-end (with a browser if there is one)
	$(GO) test -race -shuffle=on -timeout 25m ./...

test-quick: $(DIST) ## the tests without the race detector and the linter
	$(GO) test ./...

vet: $(DIST) ## go vet
	$(GO) vet ./...

lint: $(DIST) ## the linter, with the rules of the house
	$(LINT) run ./...

bench: $(DIST) ## the benchmarks of the README
	$(GO) test -run '^$$' -bench . -benchmem -timeout 30m ./...

fuzz: ## each fuzz target for $(FUZZTIME)
	@for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
	  done; \
	done

assets: $(DIST) ## the browser files, fetched by npm

$(DIST): $(ASSETS)/package.json $(ASSETS)/package-lock.json $(ASSETS)/copy.mjs
	npm --prefix $(ASSETS) ci
	npm --prefix $(ASSETS) run dist
	@touch $@

clean: ## remove what the other commands made
	rm -rf bin data/demo $(ASSETS)/node_modules $(ASSETS)/dist/*
