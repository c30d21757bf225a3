package io.janklab.workloads.replay;

import io.janklab.allocator.Heap;
import io.janklab.kernel.cpu.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.stream.Stream;

/// The host's own jemalloc behind the simulated heaps' interface. It reads `MALLOC_CONF` when it is loaded, and that late it is loaded only
/// with `GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384`.
final class HostJemalloc implements Heap {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

    private final SymbolLookup symbols;
    private final MethodHandle malloc;
    private final MethodHandle calloc;
    private final MethodHandle realloc;
    private final MethodHandle alignedAlloc;
    private final MethodHandle free;
    private final MethodHandle usableSize;
    private final MethodHandle mallctl;
    private final MemorySegment value = Arena.global().allocate(WORD);
    private final MemorySegment length = Arena.global().allocate(WORD);

    /// @param library a path, or a name for the dynamic linker to find
    /// @throws IllegalArgumentException if it cannot be loaded
    HostJemalloc(String library) {
        symbols = SymbolLookup.libraryLookup(library, Arena.global());
        malloc = function("malloc", 1);
        calloc = function("calloc", 2);
        realloc = function("realloc", 2);
        alignedAlloc = function("aligned_alloc", 2);
        free = function("free", 1);
        usableSize = function("malloc_usable_size", 1);
        mallctl = function("mallctl", 5);
    }

    private MethodHandle function(String name, int words) {
        MemoryLayout[] parameters = Stream.generate(() -> WORD).limit(words).toArray(MemoryLayout[]::new);
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(WORD, parameters));
    }

    private static long call(MethodHandle function, Object... words) {
        try {
            return (long) function.invokeWithArguments(words);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long malloc(Task task, long size) {
        return call(malloc, size);
    }

    @Override
    public long calloc(Task task, long count, long size) {
        return call(calloc, count, size);
    }

    @Override
    public long realloc(Task task, long address, long size) {
        return call(realloc, address, size);
    }

    @Override
    public long alignedAlloc(Task task, long alignment, long size) {
        return call(alignedAlloc, alignment, size);
    }

    @Override
    public void free(Task task, long address) {
        call(free, address);
    }

    @Override
    public long usableSize(long address) {
        return call(usableSize, address);
    }

    @Override
    public void purge(Task task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void threadExit(Task task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public HostJemallocStats stats() {
        return new HostJemallocStats(this::read);
    }

    /// A number of that `mallctl` name, as it is now. Some are 4 bytes long, most 8.
    private long read(String name) {
        value.set(WORD, 0, 1);
        mallctl("epoch", WORD.byteSize(), true);
        value.set(WORD, 0, 0);
        if (!mallctl(name, WORD.byteSize(), false) && !mallctl(name, Integer.BYTES, false)) {
            throw new IllegalArgumentException("jemalloc has no " + name);
        }
        return value.get(WORD, 0);
    }

    private boolean mallctl(String name, long bytes, boolean write) {
        try (Arena arena = Arena.ofConfined()) {
            length.set(WORD, 0, bytes);
            long text = arena.allocateFrom(name).address();
            return (int) call(mallctl, text, value.address(), length.address(), write ? value.address() : 0L, write ? bytes : 0L) == 0;
        }
    }
}
