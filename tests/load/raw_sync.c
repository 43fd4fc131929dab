/* The limit of durable changes: writes BYTES behind one another into a file and flushes, again and again, for
 * SECONDS; prints how many flushes a second. `raw_sync FILE BYTES SECONDS`. Like a write-ahead log, it starts
 * over at 4 MiB, so that most writes go to blocks that the file has already. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUND = 4 << 20 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "usage: raw_sync FILE BYTES SECONDS\n"), 2;
    size_t bytes = (size_t)strtod(argv[2], NULL);
    double seconds = strtod(argv[3], NULL);
    int fd = open(argv[1], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    char *block = malloc(bytes);
    if (fd < 0 || !block || bytes == 0) return perror(argv[1]), 1;
    memset(block, 'x', bytes);
    long done = 0;
    double begin = now(), end = begin;
    for (off_t at = 0; end - begin < seconds; done++, end = now()) {
        if (pwrite(fd, block, bytes, at) != (ssize_t)bytes || fdatasync(fd)) return perror(argv[1]), 1;
        at = at + (off_t)bytes > ROUND ? 0 : at + (off_t)bytes;
    }
    printf("%.1f\n", (double)done / (end - begin));
    free(block);
    close(fd);
    return unlink(argv[1]) ? 1 : 0;
}
