package io.janklab.workloads.host.sys;

import io.janklab.kernel.uapi.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Raw system calls of the host, through libc's `syscall(2)`: a value or −errno, as the kernel returned it.
///
/// Nothing is allocated per call. One instance belongs to one thread.
public final class HostSyscalls {
    private static final StructLayout ERRNO_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = ERRNO_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = link();
    private static final boolean ARM64 = System.getProperty("os.arch").equals("aarch64");

    private final MemorySegment errno = Arena.ofAuto().allocate(ERRNO_STATE);

    private static MethodHandle link() {
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                        FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                        Linker.Option.firstVariadicArg(1),
                        Linker.Option.captureCallState("errno"));
    }

    public long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) SYSCALL.invokeExact(errno, (long) call.number(ARM64), a, b, c, d, e, f);
            return result == -1 ? -(int) ERRNO.get(errno, 0L) : result;
        } catch (Throwable t) {
            throw new IllegalStateException("a downcall throws nothing", t);
        }
    }

    public long call(SystemCall call, long a, long b, long c, long d) {
        return call(call, a, b, c, d, 0, 0);
    }

    public long call(SystemCall call, long a, long b, long c) {
        return call(call, a, b, c, 0, 0, 0);
    }

    public long call(SystemCall call, long a, long b) {
        return call(call, a, b, 0, 0, 0, 0);
    }

    /// Keeps the calling thread on one of this process's cores ([HostCores]), numbered from 0.
    public void pinThread(int core) {
        if (setAffinity(0, List.of(HostCores.cpu(core))) != 0) {
            throw new HostRefusal("This host does not let a thread stay on CPU " + HostCores.cpu(core) + ".");
        }
    }

    /// Returns 0 or −errno.
    ///
    /// @param tid 0 for the calling thread
    long setAffinity(long tid, Collection<Integer> cpus) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocateFrom(ValueLayout.JAVA_LONG, HostCores.mask(cpus));
            return call(SystemCall.SCHED_SETAFFINITY, tid, mask.byteSize(), mask.address());
        }
    }

    /// A call that a working host does not refuse.
    ///
    /// @throws HostRefusal if it does
    public long require(SystemCall call, long a, long b, long c, long d, long e, long f) {
        long result = call(call, a, b, c, d, e, f);
        if (Errno.isError(result)) {
            throw new HostRefusal("This host refuses what the comparison needs: "
                    + call.name().toLowerCase(Locale.ROOT) + " failed with " + Errno.describe(result) + ".");
        }
        return result;
    }

    /// A file of zeros in memory, without a name.
    ///
    /// @param label in `/proc/PID/fd`
    /// @return its descriptor
    /// @throws HostRefusal if the host refuses
    public long memfd(String label, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            long file = require(SystemCall.MEMFD_CREATE, arena.allocateFrom(label).address(), 0, 0, 0, 0, 0);
            require(SystemCall.FTRUNCATE, file, bytes, 0, 0, 0, 0);
            return file;
        }
    }
}
