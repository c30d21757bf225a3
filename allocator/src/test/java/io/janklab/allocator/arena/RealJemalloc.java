package io.janklab.allocator.arena;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The host's own jemalloc, if it has one: Debian's `libjemalloc2`, or the library `-Djanklab.jemalloc=PATH` names. Its thread-local data
/// is loaded late only with `GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384` in the environment.
final class RealJemalloc {
    /// All memory there is.
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final MethodHandle MALLOC;
    private static final MethodHandle FREE;
    /// C's `labs`: next to nothing, so its time is that of a call.
    private static final MethodHandle NOTHING;

    static {
        String library = System.getProperty("janklab.jemalloc", "libjemalloc.so.2");
        MALLOC = handle(lookup(library), "malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        FREE = handle(lookup(library), "free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
        NOTHING = handle(Linker.nativeLinker().defaultLookup(), "labs",
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    }

    private RealJemalloc() {}

    private static SymbolLookup lookup(String library) {
        try {
            return SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException e) {
            skip("Skipped: there is no " + library + " to compare with. Install Debian's libjemalloc2, or name it by"
                    + " -Djanklab.jemalloc=PATH, and set GLIBC_TUNABLES=glibc.rtld.optional_static_tls=16384.");
            throw e;
        }
    }

    /// Ends a benchmark's own virtual machine: one that has no figures and no failure is left out of JMH's table. JMH's own streams would
    /// lose the sentence.
    private static void skip(String why) {
        new PrintStream(new FileOutputStream(FileDescriptor.err), true).println(why);
        Runtime.getRuntime().halt(0);
    }

    private static MethodHandle handle(SymbolLookup symbols, String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type, Linker.Option.critical(false));
    }

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

    /// Allocates a block, writes its first word, and frees it.
    static long touchedPair(long size) {
        try {
            long block = (long) MALLOC.invokeExact(size);
            MEMORY.set(ValueLayout.JAVA_LONG, block, size);
            FREE.invokeExact(block);
            return block;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Two calls that do nothing: a pair's cost of crossing into C.
    static long twoCalls(long value) {
        try {
            return (long) NOTHING.invokeExact((long) NOTHING.invokeExact(value));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
