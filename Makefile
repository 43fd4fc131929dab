# Countersign. `make run` and `make test` are for everybody; `make`, `make check`, `make asan` and `make bench` for developers.
# Everything built lands under out/; nothing generated is committed.

include tools/config.mk

TABLES := $(wildcard src/*/*.gate src/shop/*/*.gate) $(wildcard src/*/*.def)
SQL    := $(wildcard src/*/*.sql src/shop/*/*.sql src/db/schema/*.sql)
TPL    := $(wildcard src/*/tpl/*.html src/shop/*/tpl/*.html)
SRC    := $(wildcard src/*/*.c src/*/*/*.c)
STAMP  := $(GEN)/stamp

.PHONY: all asan check tests run test torture bench clean format
all: $(OUT)/countersign

# One stamp for all generators: together they take about a second and write only what changed.
$(STAMP): $(TABLES) $(SQL) $(TPL) $(SRC) $(wildcard assets/* locale/*/*.po tools/*.py) Makefile
	@mkdir -p $(GEN)
	@python3 tools/generate.py --out $(GEN)
	@touch $@

# The generated files are known only after the stamp, so the rest of the build is a second make.
$(OUT)/countersign: $(STAMP) FORCE
	@$(MAKE) --no-print-directory -f tools/build.mk CONFIG=$(CONFIG) $@

tests: $(STAMP) FORCE
	@$(MAKE) --no-print-directory -f tools/build.mk CONFIG=$(CONFIG) tests

asan:
	@$(MAKE) --no-print-directory CONFIG=asan all tests

check: $(STAMP)
	@python3 tools/check.py

format:
	@git ls-files 'src/*.c' 'src/*.h' 'tests/*.c' | xargs clang-format -i

run:
	@tools/run.sh

test:
	@tools/test.sh

# kill -9 at N random moments under load, on each engine: make torture N=1000 [TORTURE_SEED=…]; and PostgreSQL gone for a minute.
torture: all
	@for engine in sqlite postgres; do \
	    echo "# $$engine"; \
	    COUNTERSIGN_ENGINE=$$engine TORTURE=$(or $(N),200) python3 tools/pytap.py tests/flow/test_killed.py || exit 1; \
	done
	@GONE_SECONDS=$(or $(GONE),60) python3 tools/pytap.py tests/flow/test_faults_postgres.py GoneTest.test_gone_for_a_while

bench:
	@tools/bench.sh

clean:
	rm -rf out

FORCE:
