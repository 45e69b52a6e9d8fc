# Targets for people; `make help` lists them.

.DEFAULT_GOAL := help
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: ## play the whole journey
	go run ./server demo

run: ## run the service on 127.0.0.1:8080, data in ./var
	go run ./server

test: ## run the tests
	go test ./...

race: ## run the tests of stores and routes under the race detector (needs a C compiler)
	go test -race -timeout 30m ./storage/... ./miniprogram-api/...

screenshots: ## write a picture of every page to ./var/screenshots (needs Chromium)
	YIMEN_SCREENSHOTS=$(CURDIR)/var/screenshots go test ./server -run TestScreenshots -count=1

lint: ## gofmt, go vet and staticcheck
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

bench: ## measure everything, one JSON line a figure
	go run ./server bench

build: ## one static binary in ./bin
	CGO_ENABLED=0 go build -trimpath -o bin/yimen ./server

golden: ## write the list of problem codes anew
	go test ./server -run TestEveryProblemIsInTheContract -update

clean: ## remove what was built and the local data
	rm -rf bin var

.PHONY: help demo run test race screenshots lint bench build golden clean
