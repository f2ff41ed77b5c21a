# SPDX-License-Identifier: Apache-2.0
# The few commands one needs. The build itself is Meson's; each kind of build has a folder of its own (build-*).
#
#   make demo      davy on the recorded attacks in examples/       make bench     speed, against its peers (bench/README.md)
#   make check     sanitizers, all tests                           make fuzz      each fuzz target for FUZZ_SECONDS
#   make system-test KUBECTL='kubectl --context throw-away'   the binary, and whether it answers as a real API server
#   make install   binary, man page, completion, rules             make lint format clean

PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60
# Packages are installed when they are missing; DEPS=no leaves the system alone.
DEPS ?= yes

.DELETE_ON_ERROR:
.PHONY: all release demo check system-test bench fuzz format lint install clean deps deps-build deps-test deps-bench

all: release

deps: deps-build deps-test deps-bench
deps-build deps-test deps-bench: deps-%:
	@test "$(DEPS)" = no || scripts/deps $*

# Without tests: only what the binary needs is looked for.
release: deps-build
	@scripts/build build-release --buildtype=release -Db_lto=true -Dtests=disabled --prefix="$(abspath $(PREFIX))"

demo: release
	@scripts/demo build-release/src/cmd/davy

check: deps-test
	@scripts/check

system-test: deps-test
	@scripts/system-test $(KUBECTL)

fuzz: deps-test
	@CC=clang CXX=clang++ scripts/build build-fuzz --buildtype=debugoptimized -Dtests=enabled -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false
	@scripts/fuzz build-fuzz $(FUZZ_SECONDS)

bench: deps-bench release
	@scripts/bench build-release
	@bench/campaign build-release/src/cmd/davy

format: deps-test
	@git ls-files '*.c' '*.h' '*.cpp' | xargs clang-format -i

lint: deps-test
	@scripts/lint

install: release
	@DESTDIR="$(DESTDIR)" meson install -C build-release --no-rebuild --quiet
	@echo "installed under $(DESTDIR)$(abspath $(PREFIX))"

clean:
	rm -rf build-release build-check build-fuzz build-bench build-lint build-clang
