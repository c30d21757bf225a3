/*
 * Replays an AOSP memory_replay trace (text) on the process's malloc: one pthread per traced thread, taking turns in the file's order,
 * ending where the trace says thread_done. Prints stats.allocated and stats.active, less their values before the first operation, after
 * every EVERY operations. Its own memory comes from mmap, so the heap sees the trace, libstdc++'s exception pool and what pthread_create
 * allocates (one calloc of size class 320 each), and nothing else.
 *
 *   gcc -O2 -fno-builtin -pthread -o replay_by_thread replay_by_thread.c
 *   LD_PRELOAD=libjemalloc.so.2 MALLOC_CONF=narenas:1,dirty_decay_ms:0,muzzy_decay_ms:0 ./replay_by_thread TRACE.txt 10000
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTHING UINT32_MAX
#define MAX_THREADS 2048
#define MAX_TID (1 << 20)
#define TABLE (1 << 22)

int mallctl(const char *, void *, size_t *, void *, size_t) __attribute__((weak));

struct operation {
    char kind; /* m, c, a, r, f, or x: the thread exits */
    int thread;
    uint32_t block, old;
    size_t size, alignment;
};
struct entry {
    uint64_t pointer;
    uint32_t block;
};

static struct operation *operations;
static long count, position, done, every;
static void **blocks;
static uint32_t block_count;
static struct entry *table;
static int thread_of[MAX_TID], thread_count;
static pthread_t threads[MAX_THREADS];
static sem_t turns[MAX_THREADS], main_turn;
static int exiting = -1, sampling = -1;

static void *own_memory(size_t bytes) {
    return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

static struct entry *find(uint64_t pointer) {
    uint64_t i = (pointer * 0x9E3779B97F4A7C15ull) >> 20;
    while (table[i % TABLE].pointer != pointer && table[i % TABLE].pointer != 0) i++;
    return &table[i % TABLE];
}

static size_t read_stat(const char *name) {
    size_t value, length = sizeof value;
    mallctl(name, &value, &length, NULL, 0);
    return value;
}

static void refresh(void) {
    uint64_t epoch = 1;
    mallctl("epoch", NULL, NULL, &epoch, sizeof epoch);
}

static void parse(const char *line) {
    int tid = atoi(line);
    const char *name = strchr(line, ' ') + 1;
    char *rest = strchr(name, ' ') + 1;
    uint64_t pointer = strtoull(rest, &rest, 16);
    struct operation o = {.kind = name[0], .block = NOTHING, .old = NOTHING};
    if (thread_of[tid] < 0) thread_of[tid] = thread_count++;
    o.thread = thread_of[tid];
    if (!strncmp(name, "malloc", 6)) {
        o.size = strtoull(rest, NULL, 10);
    } else if (!strncmp(name, "calloc", 6)) {
        o.size = strtoull(rest, &rest, 10);
        o.size *= strtoull(rest, NULL, 10);
        if (o.size == 0) o.size = 1;
    } else if (!strncmp(name, "memalign", 8)) {
        o.kind = 'a';
        o.alignment = strtoull(rest, &rest, 10);
        o.size = (strtoull(rest, NULL, 10) + o.alignment - 1) / o.alignment * o.alignment;
    } else if (!strncmp(name, "realloc", 7)) {
        uint64_t old = strtoull(rest, &rest, 16);
        o.size = strtoull(rest, NULL, 10);
        if (old == 0) o.kind = 'm';
        else o.old = find(old)->block;
        if (old != 0 && o.size == 0) o.size = 1;
    } else if (!strncmp(name, "free", 4)) {
        if (pointer == 0) return;
        o.old = find(pointer)->block;
    } else {
        o.kind = 'x';
        thread_of[tid] = -1;
    }
    if (o.kind != 'f' && o.kind != 'x') {
        struct entry *e = find(pointer);
        e->pointer = pointer;
        e->block = o.block = block_count++;
    }
    operations[count++] = o;
}

static void apply(const struct operation *o) {
    switch (o->kind) {
    case 'm': blocks[o->block] = malloc(o->size); break;
    case 'c': blocks[o->block] = calloc(1, o->size); break;
    case 'a': blocks[o->block] = aligned_alloc(o->alignment, o->size); break;
    case 'r': blocks[o->block] = realloc(blocks[o->old], o->size); break;
    case 'f': free(blocks[o->old]); break;
    }
}

static void next_turn(void) {
    sem_post(position < count ? &turns[operations[position].thread] : &main_turn);
}

static void *run(void *argument) {
    int self = (int)(intptr_t)argument;
    for (;;) {
        sem_wait(&turns[self]);
        while (position < count && operations[position].thread == self) {
            const struct operation *o = &operations[position++];
            if (o->kind == 'x') {
                exiting = self;
                sem_post(&main_turn);
                return NULL;
            }
            apply(o);
            if (++done % every == 0) {
                /* Asking for statistics would initialise this thread's cache; the main thread has one. */
                sampling = self;
                sem_post(&main_turn);
                sem_wait(&turns[self]);
            }
        }
        next_turn();
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    every = atol(argv[2]);
    int fd = open(argv[1], O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) return 2;
    /* One page more, so that the text ends with a zero byte. */
    char *text = own_memory(st.st_size + 4096);
    mmap(text, st.st_size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
    operations = own_memory(sizeof *operations * (st.st_size / 12));
    blocks = own_memory(sizeof *blocks * (st.st_size / 12));
    table = own_memory(sizeof *table * TABLE);
    memset(thread_of, -1, sizeof thread_of);
    for (char *line = text; line < text + st.st_size; line = strchr(line, '\n') + 1) parse(line);

    static char buffer[1 << 20];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    refresh();
    sem_init(&main_turn, 0, 0);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int i = 0; i < thread_count; i++) {
        sem_init(&turns[i], 0, 0);
        if (pthread_create(&threads[i], &small, run, (void *)(intptr_t)i) != 0) return 1;
    }
    refresh();
    size_t allocated = read_stat("stats.allocated"), active = read_stat("stats.active");
    puts("op,allocated,active");
    next_turn();
    for (;;) {
        sem_wait(&main_turn);
        if (sampling >= 0) {
            int thread = sampling;
            sampling = -1;
            refresh();
            printf("%ld,%zd,%zd\n", done, read_stat("stats.allocated") - allocated, read_stat("stats.active") - active);
            sem_post(&turns[thread]);
        } else if (exiting >= 0) {
            pthread_join(threads[exiting], NULL);
            exiting = -1;
            if (position < count) next_turn();
            else break;
        } else {
            break;
        }
    }
    fflush(stdout);
    _exit(0);
}
