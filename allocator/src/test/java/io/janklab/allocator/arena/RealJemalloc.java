package io.janklab.allocator.arena;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The host's own jemalloc, if it has one: Debian's `libjemalloc2`, or the library `-Djanklab.jemalloc=PATH` names. Its thread-local data
/// is loaded late only with `GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384` in the environment.
final class RealJemalloc {
    private static final MethodHandle MALLOC;
    private static final MethodHandle FREE;

    static {
        String library = System.getProperty("janklab.jemalloc", "libjemalloc.so.2");
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        Linker linker = Linker.nativeLinker();
        MALLOC = linker.downcallHandle(
                symbols.findOrThrow("malloc"), FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG), Linker.Option.critical(false));
        FREE = linker.downcallHandle(symbols.findOrThrow("free"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), Linker.Option.critical(false));
    }

    private RealJemalloc() {}

    /// Allocates and frees one block.
    static long pair(long size) {
        try {
            long block = (long) MALLOC.invokeExact(size);
            FREE.invokeExact(block);
            return block;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
