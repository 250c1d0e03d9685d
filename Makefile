# Dabiao 达标. `make help` lists what there is.

ADDR        ?= 127.0.0.1:8080
LEDGER      ?= sqlite
INFLUX_ADDR ?= 127.0.0.1:8086
GO          ?= go
FUZZTIME    ?= 10m
LINT        := $(GO) tool -modfile=.ci/tools/go.mod golangci-lint

ASSETS   := internal/assets
DIST     := $(ASSETS)/dist/echarts.min.js
INFLUXDB := bin/influxdb --dir data/influxdb --addr $(INFLUX_ADDR)

.DEFAULT_GOAL := help
.PHONY: help run influxdb build servers python test test-quick soak vet lint bench fuzz assets clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

ifeq ($(LEDGER),sqlite)
DATA ?= data/demo
run: build ## build, load the sample on the first start, serve it on http://$(ADDR) (LEDGER=influxdb: with InfluxDB)
	@bin/dabiao demo --data-dir $(DATA) --addr $(ADDR)
else ifeq ($(LEDGER),influxdb)
DATA ?= data/demo-influxdb
run: build bin/influxdb
	@$(INFLUXDB) bin/dabiao demo --config data/influxdb/config --data-dir $(DATA) --addr $(ADDR)
else
$(error LEDGER is sqlite or influxdb, not $(LEDGER))
endif

influxdb: bin/influxdb ## an InfluxDB to play with on http://$(INFLUX_ADDR), until Ctrl+C
	@$(INFLUXDB)

bin/influxdb: servers
	$(GO) build -o $@ .ci/influxd/serve.go

# 1.8.10 needs Go alone. 2.7.12 may be missing, unless it is required: its tests are skipped then.
servers: ## the InfluxDB servers of the tests, built once per version into the user's cache folder
	@for version in 1.8.10 2.7.12; do \
	  .ci/influxd/build $$version >/dev/null && continue; \
	  case ",1.8.10,$(DABIAO_REQUIRE_INFLUX)," in *,$$version,*) exit 1;; esac; \
	done

python:
	@command -v python3 >/dev/null || { echo "The tests replay the verdicts of a bundle with python3, which is not on the PATH (apt-get install python3)." >&2; exit 1; }

build: $(DIST) ## → bin/dabiao, one binary that needs nothing else
	$(GO) build -trimpath -o bin/dabiao ./cmd/dabiao

test: python $(DIST) servers vet lint ## everything: vet, linter, unit, property, conformance, end-to-end (with a browser if there is one)
	$(GO) test -race -shuffle=on -timeout 25m ./...

test-quick: python $(DIST) servers ## the tests without the race detector and the linter
	$(GO) test ./...

soak: $(DIST) servers ## the long loops: hundreds of kills of program and server, a million readings copied there and back
	DABIAO_SOAK=1 $(GO) test -count=1 -v -timeout 3h -run 'Killed|Instances|Copy|Conformance' ./internal/ledger/...

vet: $(DIST) ## go vet
	$(GO) vet ./...

lint: $(DIST) ## the linter, with the rules of the house
	$(LINT) run ./...

bench: $(DIST) ## the benchmarks of the README
	$(GO) test -run '^$$' -bench . -benchmem -timeout 30m ./...

# Go 1.26 may take the end of -fuzztime for a failure, of which no input is left
# (golang/go issue 75804, mended in Go 1.27).
fuzz: ## each fuzz target for $(FUZZTIME)
	@log=$$(mktemp); trap "rm -f $$log" EXIT; \
	for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package 2>&1 | tee $$log; \
	    grep -q '^ok' $$log || { grep -q '^ *context deadline exceeded$$' $$log && ! grep -q 'Failing input' $$log; } || exit 1; \
	  done; \
	done

assets: $(DIST) ## the browser files, fetched by npm

$(DIST): $(ASSETS)/package.json $(ASSETS)/package-lock.json $(ASSETS)/copy.mjs
	npm --prefix $(ASSETS) ci
	npm --prefix $(ASSETS) run dist
	@touch $@

clean: ## remove what the other commands made
	rm -rf bin data/demo data/demo-influxdb data/influxdb $(ASSETS)/node_modules $(ASSETS)/dist/*
