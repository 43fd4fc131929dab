# Compilers, flags and libraries: read by Makefile and tools/build.mk.
CONFIG ?= release
OUT    := out/$(CONFIG)
GEN    := out/gen
CC     ?= gcc

PKGS   := libmicrohttpd sqlite3 libpq libsodium jansson libcurl icu-i18n icu-uc
PRINTPKGS := pangocairo fontconfig jansson
WARN   := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Werror \
          -Werror=incompatible-pointer-types
CPPFLAGS := -Isrc -Iout -D_GNU_SOURCE
CFLAGS := -std=gnu17 $(WARN) -g -pthread -fno-strict-aliasing
ifeq ($(CONFIG),release)
CFLAGS += -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
else ifeq ($(CONFIG),asan)
CFLAGS += -O1 -Wno-format-truncation -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else ifeq ($(CONFIG),tsan)
CFLAGS += -O1 -fsanitize=thread
else
$(error CONFIG is release, asan or tsan)
endif
# Asked of pkg-config once and only when something is compiled, so that `make run` can install it first.
LIBS = $(shell pkg-config --libs $(PKGS)) -pthread -lm
PRINTLIBS = $(shell pkg-config --libs $(PRINTPKGS)) -pthread -lm
# As system headers: warnings are for our own code.
PRINTINCS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PRINTPKGS) 2>/dev/null))
INCS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)

