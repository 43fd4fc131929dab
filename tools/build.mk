# Second half of the build: all sources exist now, the generated ones too. Called by Makefile.
include tools/config.mk

SRC     := $(wildcard src/*/*.c src/*/*/*.c)
GENSRC  := $(wildcard $(GEN)/*.c $(GEN)/*.S)
OBJ     := $(SRC:src/%.c=$(OUT)/obj/%.o)
GENOBJ  := $(patsubst $(GEN)/%,$(OUT)/gen/%.o,$(basename $(GENSRC)))
LIBOBJ  := $(filter-out $(OUT)/obj/app/main.o,$(OBJ)) $(GENOBJ)
TESTS   := $(wildcard tests/unit/*_test.c)
TESTBIN := $(TESTS:tests/unit/%.c=$(OUT)/test/%)
LOADBIN := $(addprefix $(OUT)/load/,load fill raw_sync slow_sync.so plans.so)

$(OUT)/countersign: $(OUT)/obj/app/main.o $(OUT)/libcountersign.a
	@$(CC) $(CFLAGS) -o $@ $< $(OUT)/libcountersign.a $(LIBS)
	@echo "built $@"

$(OUT)/libcountersign.a: $(LIBOBJ)
	@rm -f $@
	@ar rcs $@ $^

.PHONY: tests
tests: $(TESTBIN)

$(OUT)/test/%: tests/unit/%.c $(OUT)/libcountersign.a
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(INCS) $(CFLAGS) -o $@ $< $(OUT)/libcountersign.a $(LIBS) -lcmocka

# What `make bench` measures with. The shared objects are preloaded into a server.
.PHONY: load
load: $(LOADBIN)

$(OUT)/load/fill: tests/load/fill.c $(OUT)/libcountersign.a
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(INCS) $(CFLAGS) -o $@ $< $(OUT)/libcountersign.a $(LIBS)

$(OUT)/load/%.so: tests/load/%.c
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(INCS) $(CFLAGS) -shared -fPIC -o $@ $< -ldl

$(OUT)/load/%: tests/load/%.c
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $<

$(OUT)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(INCS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/gen/%.o: $(GEN)/%.c
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(INCS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/gen/%.o: $(GEN)/%.S
	@mkdir -p $(@D)
	@$(CC) -c -o $@ $<

-include $(OBJ:.o=.d) $(GENOBJ:.o=.d)
