# Second half of the build: all sources exist now, the generated ones too. Called by Makefile.
include tools/config.mk

# src/print is a program of its own: its libraries are not in the server.
PRINT   := $(wildcard src/print/*.c)
SRC     := $(filter-out $(PRINT),$(wildcard src/*/*.c src/*/*/*.c))
GENSRC  := $(wildcard $(GEN)/*.c $(GEN)/*.S)
OBJ     := $(SRC:src/%.c=$(OUT)/obj/%.o)
GENOBJ  := $(patsubst $(GEN)/%,$(OUT)/gen/%.o,$(basename $(GENSRC)))
LIBOBJ  := $(filter-out $(OUT)/obj/app/main.o,$(OBJ)) $(GENOBJ)
TESTS   := $(wildcard tests/unit/*_test.c)
TESTBIN := $(TESTS:tests/unit/%.c=$(OUT)/test/%)
LOADBIN := $(addprefix $(OUT)/load/,load fill raw_sync slow_sync.so plans.so)

$(OUT)/countersign: $(OUT)/obj/app/main.o $(OUT)/libcountersign.a $(OUT)/countersign-print
	@$(CC) $(CFLAGS) -o $@ $< $(OUT)/libcountersign.a $(LIBS)
	@echo "built $@"

PRINTOBJ := $(PRINT:src/%.c=$(OUT)/obj/%.o)
PRINTBASE := $(addprefix $(OUT)/obj/,$(patsubst src/%.c,%.o,$(wildcard src/base/*.c)) paper/paper_json.o)
$(PRINTOBJ): INCS += $(PRINTINCS)
$(OUT)/countersign-print: $(PRINTOBJ) $(PRINTBASE)
	@$(CC) $(CFLAGS) -o $@ $^ $(PRINTLIBS)

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

-include $(OBJ:.o=.d) $(PRINTOBJ:.o=.d) $(GENOBJ:.o=.d)
