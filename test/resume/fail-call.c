// Preloaded into a training: makes the n-th system call that changes the folder SCONCE_FAULT_FOLDER fail, or ends the process in its place.
// SCONCE_FAULT_KIND: EIO, ENOSPC (writes fail from then on, after half of the first one), kill. SCONCE_FAULT_LOG gets a line for each such call.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long count;
static int is_full;

static int is_inside(const char* path) {
  const char* folder = getenv("SCONCE_FAULT_FOLDER");
  return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static const char* path_of(int file, char* buffer) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  long size = syscall(SYS_readlink, link, buffer, 4095);
  buffer[size > 0 ? size : 0] = 0;
  return buffer;
}

static void note(const char* call, const char* path) {
  const char* log = getenv("SCONCE_FAULT_LOG");
  if (!log) return;
  char line[4200];
  int size = snprintf(line, sizeof line, "%s %s\n", call, strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
  long file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return;
  syscall(SYS_write, file, line, size);
  syscall(SYS_close, file);
}

// The error that this call is to fail with, or 0.
static int fault(const char* call, const char* path, int writes) {
  if (!is_inside(path)) return 0;
  const char* kind = getenv("SCONCE_FAULT_KIND");
  const char* at = getenv("SCONCE_FAULT_AT");
  pthread_mutex_lock(&lock);
  note(call, path);
  int is_due = ++count == (at ? atol(at) : 0);
  if (is_due && kind && strcmp(kind, "ENOSPC") == 0) is_full = 1;
  int full = is_full && writes;
  pthread_mutex_unlock(&lock);
  if (is_due && kind && strcmp(kind, "kill") == 0) kill(getpid(), SIGKILL);
  if (is_due) return kind && strcmp(kind, "EIO") == 0 ? EIO : ENOSPC;
  return full ? ENOSPC : 0;
}

#define NEXT(name, ...) ((__VA_ARGS__)dlsym(RTLD_NEXT, name))
#define FAIL_IF(call, path, writes)           \
  do {                                        \
    int error = fault(call, path, writes);    \
    if (error) {                              \
      errno = error;                          \
      return -1;                              \
    }                                         \
  } while (0)

#define OPEN(name)                                                        \
  int name(const char* path, int flags, ...) {                            \
    va_list rest;                                                         \
    va_start(rest, flags);                                                \
    int mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, int) : 0;   \
    va_end(rest);                                                         \
    if (flags & O_CREAT) FAIL_IF("open", path, 1);                        \
    return NEXT(#name, int (*)(const char*, int, ...))(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

ssize_t write(int file, const void* data, size_t size) {
  char path[4096];
  int error = fault("write", path_of(file, path), 1);
  if (error == ENOSPC && size > 1) return NEXT("write", ssize_t (*)(int, const void*, size_t))(file, data, size / 2);
  if (error) {
    errno = error;
    return -1;
  }
  return NEXT("write", ssize_t (*)(int, const void*, size_t))(file, data, size);
}

#define PWRITE(name)                                                                        \
  ssize_t name(int file, const void* data, size_t size, off_t at) {                         \
    char path[4096];                                                                        \
    FAIL_IF("write", path_of(file, path), 1);                                               \
    return NEXT(#name, ssize_t (*)(int, const void*, size_t, off_t))(file, data, size, at); \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t writev(int file, const struct iovec* parts, int num_parts) {
  char path[4096];
  FAIL_IF("write", path_of(file, path), 1);
  return NEXT("writev", ssize_t (*)(int, const struct iovec*, int))(file, parts, num_parts);
}

#define SYNC(name)                                \
  int name(int file) {                            \
    char path[4096];                              \
    FAIL_IF("fsync", path_of(file, path), 0);     \
    return NEXT(#name, int (*)(int))(file);       \
  }
SYNC(fsync)
SYNC(fdatasync)

int rename(const char* from, const char* to) {
  FAIL_IF("rename", to, 0);
  return NEXT("rename", int (*)(const char*, const char*))(from, to);
}

int symlink(const char* target, const char* path) {
  FAIL_IF("symlink", path, 0);
  return NEXT("symlink", int (*)(const char*, const char*))(target, path);
}

int unlink(const char* path) {
  FAIL_IF("unlink", path, 0);
  return NEXT("unlink", int (*)(const char*))(path);
}

int remove(const char* path) {
  FAIL_IF("unlink", path, 0);
  return NEXT("remove", int (*)(const char*))(path);
}

int mkdir(const char* path, mode_t mode) {
  FAIL_IF("mkdir", path, 0);
  return NEXT("mkdir", int (*)(const char*, mode_t))(path, mode);
}
