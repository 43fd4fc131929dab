/* Preloaded into a server: every flush takes at least SLOW_SYNC_US microseconds (under a second), as on a
 * disk that tells the truth. What is flushed is flushed all the same. */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void wait_a_little(void) {
    const char *us = getenv("SLOW_SYNC_US");
    struct timespec t = {0, us ? (long)(strtod(us, NULL) * 1000) : 2000000};
    nanosleep(&t, NULL);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_a_little();
    return real(fd);
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_a_little();
    return real(fd);
}
