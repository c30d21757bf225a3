package io.janklab.workloads.recording.record;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A function of libc that does next to nothing and is hardly ever called, by which the cost of a probe is measured. It begins as most
/// functions that call others do: the kernel steps over some first instructions by itself (a push), and over others by a second trap.
final class ProbedCall {
    static final String FUNCTION = "setlogmask";
    private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow(FUNCTION),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private ProbedCall() {}

    static void run() {
        try {
            int mask = (int) CALL.invokeExact(0);
            if (mask == 0) {
                throw new IllegalStateException("no messages of any priority");
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException("a downcall throws nothing", t);
        }
    }

    /// The library that this process has it from; null if it is not found.
    static @Nullable Path file() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.matches(".*/(libc\\.so|libc-|ld-musl).*") && line.contains(" r-xp "))
                    .map(line -> Path.of(line.substring(line.indexOf('/')))).findFirst().orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
