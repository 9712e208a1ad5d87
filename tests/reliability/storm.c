/* Stands between a process and its disk (LD_PRELOAD), asleep until it is told to watch a folder.
 *
 * It can record every call that changes a file at or below that folder, in the order in which the
 * system did them; let chosen calls fail with chosen errors; and put the clock of the wall forward
 * or back. The process talks to it through the storm_* functions at the end.
 *
 * Each record is: one byte that names the call, three 64-bit numbers in the byte order of the
 * machine, and as many bytes as the third number says.
 *
 *   letter  call                            number 1     number 2   bytes
 *   O       open, also of a folder          file         flags      path
 *   W       write                           file         offset     what was written
 *   T       set the length, or allocate     file         length
 *   S       fsync, fdatasync                file
 *   R       rename                                                  old path, zero byte, new path
 *   L       make another name               0 or file               old path (if no file), zero
 *                                                                   byte, new path
 *   U       unlink                                                  path
 *   M       mkdir                                                   path
 *   X       rmdir                                                   path
 *   A       told from outside: durable now                          anything
 *
 * "file" is a number given at each open, so that a file keeps its identity over a rename. Calls
 * that move data unseen (sendfile, copy_file_range) are refused for watched files, with the error
 * after which every caller falls back to read and write. What is written through a memory map is
 * not seen; the tests compare the replayed folder with the real one, so that this cannot go
 * unnoticed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MAX_FILES 4096

enum call { OPEN = 1, WRITE = 2, LENGTH = 4, SYNC = 8, RENAME = 16, UNLINK = 32, MKDIR = 64,
            READ = 128 };

static char watched[PATH_MAX];
static size_t watched_length;
static int record_to = -1;
static int64_t serial_of[MAX_FILES]; /* 0: not watched */
static int64_t last_serial;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static struct { int calls, error, sticky; long at, seen, failed; } fault;
static int64_t clock_offset;

/* ---- who is watched -------------------------------------------------------------------------- */

static int is_watched(const char *path)
{
    return watched_length && !strncmp(path, watched, watched_length) &&
           (path[watched_length] == '/' || path[watched_length] == 0);
}

/* Writes the absolute form of a path to `out`; the empty text if it has none. */
static void absolute(int folder, const char *path, char out[PATH_MAX])
{
    char link[64];
    ssize_t length = 0;
    if (path[0] != '/') {
        if (folder == AT_FDCWD) {
            if (!getcwd(out, PATH_MAX - 1))
                goto none;
            length = strlen(out);
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            length = readlink(link, out, PATH_MAX - 2);
            if (length < 0)
                goto none;
        }
        out[length++] = '/';
    }
    if (length + strlen(path) + 1 > PATH_MAX)
        goto none;
    strcpy(out + length, path);
    return;
none:
    out[0] = 0;
}

static int64_t file_of(int descriptor)
{
    return descriptor >= 0 && descriptor < MAX_FILES ? serial_of[descriptor] : 0;
}

/* ---- recording and failing ------------------------------------------------------------------- */

/* The caller has the turn, so that records stand in the order in which things happened. */
static void record(char call, int64_t first, int64_t second, const void *a, size_t a_size,
                   const void *b, size_t b_size)
{
    int before = errno;
    int64_t numbers[3] = {first, second, (int64_t)(a_size + b_size)};
    struct iovec parts[4] = {{&call, 1}, {numbers, sizeof numbers}, {(void *)a, a_size},
                             {(void *)b, b_size}};
    size_t left = 1 + sizeof numbers + a_size + b_size;
    if (record_to >= 0 && syscall(SYS_writev, record_to, parts, 4) != (ssize_t)left)
        abort(); /* half a record would make every later one a lie */
    errno = before;
}

/* True, with errno set, if this call is to fail. The caller has the turn. */
static int fails(enum call call)
{
    if (!(fault.calls & call))
        return 0;
    fault.seen++;
    if (!(fault.seen == fault.at || (fault.sticky && fault.at && fault.seen > fault.at)))
        return 0;
    fault.failed++;
    errno = fault.error;
    return 1;
}

#define TAKE_TURN pthread_mutex_lock(&turn)
#define END_TURN pthread_mutex_unlock(&turn)

/* ---- names ----------------------------------------------------------------------------------- */

static int opened(int folder, const char *path, int flags, mode_t mode)
{
    char full[PATH_MAX];
    int descriptor;
    absolute(folder, path, full);
    if (!is_watched(full))
        return syscall(SYS_openat, folder, path, flags, mode);
    TAKE_TURN;
    descriptor = fails(OPEN) ? -1 : syscall(SYS_openat, folder, path, flags, mode);
    if (descriptor >= 0 && descriptor < MAX_FILES) {
        serial_of[descriptor] = ++last_serial;
        record('O', last_serial, flags, full, strlen(full), NULL, 0);
    }
    END_TURN;
    return descriptor;
}

#define WITH_MODE(flags)                                                                           \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                         \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }

int open(const char *path, int flags, ...)
{
    WITH_MODE(flags)
    return opened(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    WITH_MODE(flags)
    return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    WITH_MODE(flags)
    return opened(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    WITH_MODE(flags)
    return opened(folder, path, flags | O_LARGEFILE, mode);
}

int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }

int close(int descriptor)
{
    if (descriptor >= 0 && descriptor < MAX_FILES)
        serial_of[descriptor] = 0;
    return syscall(SYS_close, descriptor);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    char was[PATH_MAX], is[PATH_MAX];
    int result;
    absolute(from, old, was);
    absolute(to, new, is);
    if (!is_watched(was) && !is_watched(is))
        return syscall(SYS_renameat2, from, old, to, new, flags);
    TAKE_TURN;
    result = fails(RENAME) ? -1 : syscall(SYS_renameat2, from, old, to, new, flags);
    if (result == 0)
        record('R', 0, flags, was, strlen(was) + 1, is, strlen(is));
    END_TURN;
    return result;
}

int rename(const char *old, const char *new)
{
    return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0);
}

int renameat(int from, const char *old, int to, const char *new)
{
    return renameat2(from, old, to, new, 0);
}

int linkat(int from, const char *old, int to, const char *new, int flags)
{
    char was[PATH_MAX], is[PATH_MAX];
    int result, descriptor;
    int64_t file = 0;
    absolute(from, old, was);
    absolute(to, new, is);
    if (!is_watched(is))
        return syscall(SYS_linkat, from, old, to, new, flags);
    /* a nameless file (O_TMPFILE) gets its name through the descriptor */
    if (sscanf(was, "/proc/self/fd/%d", &descriptor) == 1)
        file = file_of(descriptor);
    TAKE_TURN;
    result = fails(RENAME) ? -1 : syscall(SYS_linkat, from, old, to, new, flags);
    if (result == 0)
        record('L', file, 0, was, strlen(was) + 1, is, strlen(is));
    END_TURN;
    return result;
}

int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int unlinkat(int folder, const char *path, int flags)
{
    char full[PATH_MAX];
    int result;
    absolute(folder, path, full);
    if (!is_watched(full))
        return syscall(SYS_unlinkat, folder, path, flags);
    TAKE_TURN;
    result = fails(UNLINK) ? -1 : syscall(SYS_unlinkat, folder, path, flags);
    if (result == 0)
        record(flags & AT_REMOVEDIR ? 'X' : 'U', 0, 0, full, strlen(full), NULL, 0);
    END_TURN;
    return result;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode)
{
    char full[PATH_MAX];
    int result;
    absolute(folder, path, full);
    if (!is_watched(full))
        return syscall(SYS_mkdirat, folder, path, mode);
    TAKE_TURN;
    result = fails(MKDIR) ? -1 : syscall(SYS_mkdirat, folder, path, mode);
    if (result == 0)
        record('M', 0, 0, full, strlen(full), NULL, 0);
    END_TURN;
    return result;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* ---- contents -------------------------------------------------------------------------------- */

ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t offset)
{
    int64_t file = file_of(descriptor);
    ssize_t written;
    if (!file)
        return syscall(SYS_pwrite64, descriptor, data, size, offset);
    TAKE_TURN;
    written = fails(WRITE) ? -1 : syscall(SYS_pwrite64, descriptor, data, size, offset);
    if (written > 0)
        record('W', file, offset, data, written, NULL, 0);
    END_TURN;
    return written;
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t offset)
{
    return pwrite64(descriptor, data, size, offset);
}

ssize_t write(int descriptor, const void *data, size_t size)
{
    int64_t file = file_of(descriptor);
    ssize_t written;
    if (!file)
        return syscall(SYS_write, descriptor, data, size);
    TAKE_TURN;
    written = fails(WRITE) ? -1 : syscall(SYS_write, descriptor, data, size);
    if (written > 0) {
        /* where it went is known afterwards, also for a file that is only appended to */
        off_t after = syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
        record('W', file, after - written, data, written, NULL, 0);
    }
    END_TURN;
    return written;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count)
{
    if (!file_of(descriptor))
        return syscall(SYS_writev, descriptor, parts, count);
    /* writing less than was asked is allowed, and the caller comes back with the rest */
    for (int i = 0; i < count; i++)
        if (parts[i].iov_len)
            return write(descriptor, parts[i].iov_base, parts[i].iov_len);
    return 0;
}

ssize_t sendfile64(int out, int in, off64_t *offset, size_t count)
{
    if (!file_of(out))
        return syscall(SYS_sendfile, out, in, offset, count);
    errno = ENOSYS;
    return -1;
}

ssize_t sendfile(int out, int in, off_t *offset, size_t count)
{
    return sendfile64(out, in, offset, count);
}

ssize_t copy_file_range(int in, off64_t *in_offset, int out, off64_t *out_offset, size_t size,
                        unsigned flags)
{
    if (!file_of(out))
        return syscall(SYS_copy_file_range, in, in_offset, out, out_offset, size, flags);
    errno = ENOSYS;
    return -1;
}

int ftruncate64(int descriptor, off64_t length)
{
    int64_t file = file_of(descriptor);
    int result;
    if (!file)
        return syscall(SYS_ftruncate, descriptor, length);
    TAKE_TURN;
    result = fails(LENGTH) ? -1 : syscall(SYS_ftruncate, descriptor, length);
    if (result == 0)
        record('T', file, length, NULL, 0, NULL, 0);
    END_TURN;
    return result;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int truncate64(const char *path, off64_t length)
{
    int result, descriptor = opened(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
    if (descriptor < 0)
        return -1;
    result = ftruncate64(descriptor, length);
    close(descriptor);
    return result;
}

int truncate(const char *path, off_t length) { return truncate64(path, length); }

/* Unlike most calls this one returns the error. It only ever makes a file longer. */
int posix_fallocate64(int descriptor, off64_t offset, off64_t length)
{
    int64_t file = file_of(descriptor);
    int result = 0;
    struct stat now;
    if (!file)
        return syscall(SYS_fallocate, descriptor, 0, offset, length) ? errno : 0;
    TAKE_TURN;
    if (fails(LENGTH) || syscall(SYS_fallocate, descriptor, 0, offset, length))
        result = errno;
    else if (!fstat(descriptor, &now))
        record('T', file, now.st_size, NULL, 0, NULL, 0);
    END_TURN;
    return result;
}

int posix_fallocate(int descriptor, off_t offset, off_t length)
{
    return posix_fallocate64(descriptor, offset, length);
}

static int synced(long call, int descriptor)
{
    int64_t file = file_of(descriptor);
    int result;
    if (!file)
        return syscall(call, descriptor);
    TAKE_TURN;
    /* Whether the page reached the disk is what the replay decides: nothing waits for it here. */
    result = fails(SYNC) ? -1 : 0;
    if (result == 0)
        record('S', file, 0, NULL, 0, NULL, 0);
    END_TURN;
    return result;
}

int fsync(int descriptor) { return synced(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return synced(SYS_fdatasync, descriptor); }

ssize_t read(int descriptor, void *data, size_t size)
{
    int failed;
    if (!(fault.calls & READ) || !file_of(descriptor))
        return syscall(SYS_read, descriptor, data, size);
    TAKE_TURN;
    failed = fails(READ);
    END_TURN;
    return failed ? -1 : syscall(SYS_read, descriptor, data, size);
}

ssize_t pread64(int descriptor, void *data, size_t size, off64_t offset)
{
    int failed;
    if (!(fault.calls & READ) || !file_of(descriptor))
        return syscall(SYS_pread64, descriptor, data, size, offset);
    TAKE_TURN;
    failed = fails(READ);
    END_TURN;
    return failed ? -1 : syscall(SYS_pread64, descriptor, data, size, offset);
}

ssize_t pread(int descriptor, void *data, size_t size, off_t offset)
{
    return pread64(descriptor, data, size, offset);
}

/* ---- the clock on the wall ------------------------------------------------------------------- */

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += clock_offset;
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *where)
{
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (where)
        *where = exact.tv_sec;
    return exact.tv_sec;
}

/* ---- what the process asks ------------------------------------------------------------------- */

/* Watch `folder` (absolute, no symbolic links) from now on; record to the descriptor, or -1. */
void storm_watch(const char *folder, int descriptor)
{
    TAKE_TURN;
    watched_length = strlen(folder);
    if (watched_length >= PATH_MAX)
        abort();
    strcpy(watched, folder);
    record_to = descriptor;
    END_TURN;
}

/* Say that something is durable from now on. */
void storm_acknowledge(const char *bytes, size_t size)
{
    TAKE_TURN;
    record('A', 0, 0, bytes, size, NULL, 0);
    END_TURN;
}

/* Count the calls of these kinds from now on and let the `at`-th fail, 0: none; sticky: and all
 * that follow. */
void storm_fault(int calls, long at, int error, int sticky)
{
    TAKE_TURN;
    fault.calls = calls;
    fault.at = at;
    fault.error = error;
    fault.sticky = sticky;
    fault.seen = fault.failed = 0;
    END_TURN;
}

/* How many calls were counted, and how many of them failed. */
void storm_counts(long counts[2])
{
    counts[0] = fault.seen;
    counts[1] = fault.failed;
}

/* Put the clock on the wall so many seconds forward (or back); running time goes on as it was. */
void storm_clock(int64_t offset) { clock_offset = offset; }
