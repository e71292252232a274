// A disk that takes its time: preloaded into a program, it makes each write to a file, and each wait for the disk, last half a
// second for as long as the file named by SLOW_DISK_WHILE exists.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static void wait_if_slow(int fd) {
  const char* flag = getenv("SLOW_DISK_WHILE");
  struct stat file;
  if (flag == NULL || access(flag, F_OK) != 0) return;
  if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) return;
  const struct timespec half_a_second = {0, 500000000};
  nanosleep(&half_a_second, NULL);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  ssize_t (*real)(int, const void*, size_t) = dlsym(RTLD_NEXT, "write");
  wait_if_slow(fd);
  return real(fd, bytes, size);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  ssize_t (*real)(int, const void*, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
  wait_if_slow(fd);
  return real(fd, bytes, size, at);
}

int fsync(int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
  wait_if_slow(fd);
  return real(fd);
}

int fdatasync(int fd) {
  int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
  wait_if_slow(fd);
  return real(fd);
}
