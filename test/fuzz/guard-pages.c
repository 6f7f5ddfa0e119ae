// Preloaded into the fuzzer's children: each tensor's memory ends at a page that cannot be touched and is never given out again, so that a kernel that
// reads or writes beyond it, or after it was freed, dies at once instead of now and then. Fresh memory holds 0xA5 and not zeros.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

extern void __libc_free(void*);
extern void* __libc_memalign(size_t, size_t);

#define ARENA_BYTES (UINT64_C(1) << 42)
#define PAGE_BYTES UINT64_C(4096)
#define FILLED_BYTES (UINT64_C(1) << 16)
// Of a tensor's memory; libtorch asks for 64.
#define ALIGNMENT UINT64_C(16)

static char* arena;
static uint64_t next_free;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static char* find_arena(void) {
  if (!arena) {
    void* made = mmap(NULL, ARENA_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made != MAP_FAILED) arena = made;
  }
  return arena;
}

// The first page of a block holds its size in pages; the last one is the guard.
int posix_memalign(void** out, size_t alignment, size_t size) {
  uint64_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  uint64_t pages = (rounded + PAGE_BYTES - 1) / PAGE_BYTES + 2;
  if (alignment == 64 && size > 0 && pages < ARENA_BYTES / PAGE_BYTES / 4) {
    pthread_mutex_lock(&lock);
    char* base = find_arena();
    uint64_t start = next_free;
    int fits = base && start + pages * PAGE_BYTES <= ARENA_BYTES;
    if (fits) next_free += pages * PAGE_BYTES;
    pthread_mutex_unlock(&lock);
    if (fits) {
      char* block = base + start;
      if (mprotect(block, (pages - 1) * PAGE_BYTES, PROT_READ | PROT_WRITE) != 0) return ENOMEM;
      *(uint64_t*)block = pages;
      char* data = block + (pages - 1) * PAGE_BYTES - rounded;
      memset(data, 0xA5, rounded < FILLED_BYTES ? rounded : FILLED_BYTES);
      *out = data;
      return 0;
    }
  }
  *out = __libc_memalign(alignment, size);
  return *out ? 0 : ENOMEM;
}

void free(void* data) {
  if (!arena || (char*)data < arena || (char*)data >= arena + ARENA_BYTES) {
    __libc_free(data);
    return;
  }
  // Data that fills its pages begins on one: the header is on the page before the first byte's.
  char* page = (char*)((uintptr_t)data & ~(PAGE_BYTES - 1));
  char* block = page - PAGE_BYTES;
  uint64_t pages = *(uint64_t*)block;
  mmap(block, pages * PAGE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

// Sconce's allocator keeps blocks for the next step: libtorch's own asks for each anew. c10::SetCPUAllocator(c10::Allocator*, unsigned char).
void _ZN3c1015SetCPUAllocatorEPNS_9AllocatorEh(void* allocator, unsigned char priority) {
  (void)allocator;
  (void)priority;
}
