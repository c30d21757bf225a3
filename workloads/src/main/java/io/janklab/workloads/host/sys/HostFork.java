package io.janklab.workloads.host.sys;

import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// `fork(2)` of this process. A copy of a JVM with one thread of many could run no Java; the child runs nothing but a few instructions of
/// machine code that make system calls: it looks at pages, then ends or keeps its memory. It dies with its parent.
///
/// **Caveats.** Only on x86-64, and where memory may be made executable.
public final class HostFork implements AutoCloseable {
    /// What the child leaves for a page that it may not read.
    public static final long FAULT = -1;

    private static final boolean X86_64 = System.getProperty("os.arch").equals("amd64");
    /// `long fork(fd, start, end, times, keep)`: the child calls `prctl(PR_SET_PDEATHSIG, SIGKILL)`, then `times` times for each page from
    /// `start` to `end` `pwrite(fd, page, 8, next offset)`, then `exit_group(0)`, or if it keeps its memory `pause()` for ever.
    private static final byte[] CODE = HexFormat.of().parseHex("""
            534154415541564157554889fb4989f44989d54989ce4d89c731edb8390000000f054885c07563bf01000000be09000000b89d0000000f05
            4d85f674364d89e04d39e873294889df4c89c6ba080000004989eab8120000000f054883c5084981e000f0ffff4981c000100000ebd2
            49ffceebc54d85ff7409b8220000000f05ebf731ffb8e70000000f055d415f415e415d415c5bc3""".replaceAll("\\s", ""));
    private static final int SIGKILL = 9;
    private static final long ARCH_GET_FS = 0x1003;
    /// After so many the JVM has mapped more.
    private static final int FORKS = 500;
    private static final long CODE_BYTES = 4096;
    private static final long PAGE = 4096;

    private final HostSyscalls linux;
    private final MethodHandle code;
    /// A file that children write what they see to, mapped here too.
    private final long seenFile;
    private final MemorySegment seen;
    private final long codePage;
    private final long firstOfJvm;
    private long forks;
    private final Deque<Long> kept = new ArrayDeque<>();

    private HostFork(HostSyscalls linux, long code, int mostPages, long firstOfJvm) {
        this.linux = linux;
        this.codePage = code;
        this.firstOfJvm = firstOfJvm;
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        this.code = Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(code),
                FunctionDescriptor.of(word, word, word, word, word, word));
        long bytes = (long) mostPages * Long.BYTES;
        this.seenFile = linux.memfd("seen", bytes);
        long mapped = linux.require(SystemCall.MMAP, 0, bytes, Mman.PROT_RW, Mman.MAP_SHARED, seenFile, 0);
        this.seen = MemorySegment.ofAddress(mapped).reinterpret(bytes);
    }

    /// @param mostPages  that a child is to look at
    /// @param firstOfJvm what lies from this address on is the JVM's, and kept out of children
    /// @return null where the host has none, for this process
    public static @Nullable HostFork open(HostSyscalls linux, int mostPages, long firstOfJvm) {
        if (!X86_64) {
            return null;
        }
        long page = linux.require(SystemCall.MMAP, 0, CODE_BYTES, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS, -1, 0);
        MemorySegment.ofAddress(page).reinterpret(CODE.length).copyFrom(MemorySegment.ofArray(CODE));
        long executable = linux.call(SystemCall.MPROTECT, page, CODE_BYTES, Mman.PROT_READ | Mman.PROT_EXEC);
        return Errno.isError(executable) ? null : new HostFork(linux, page, mostPages, firstOfJvm);
    }

    /// Forks; the child looks at a word of each page of a range so many times, and ends.
    ///
    /// @return what it has seen, [#FAULT] where it may not look; null if there is no child
    public long @Nullable [] look(long start, long end, int times) {
        int pages = Math.toIntExact((end - 1) / PAGE - start / PAGE + 1);
        seen.asSlice(0, (long) pages * times * Long.BYTES).fill((byte) FAULT);
        long child = fork(start, end, times, false);
        if (Errno.isError(child)) {
            return null;
        }
        linux.require(SystemCall.WAIT4, child, 0, 0, 0, 0, 0);
        return seen.asSlice(0, (long) pages * times * Long.BYTES).toArray(ValueLayout.JAVA_LONG);
    }

    /// Forks; the child keeps its memory, up to [#end] or [#close].
    ///
    /// @return 0 or −errno
    public long keep() {
        long child = fork(0, 0, 0, true);
        if (Errno.isError(child)) {
            return child;
        }
        kept.add(child);
        return 0;
    }

    /// The first child that has kept its memory ends.
    ///
    /// @return 0 or −ECHILD
    public long end() {
        if (kept.isEmpty()) {
            return -Errno.ECHILD;
        }
        long child = kept.poll();
        linux.require(SystemCall.KILL, child, SIGKILL, 0, 0, 0, 0);
        linux.require(SystemCall.WAIT4, child, 0, 0, 0, 0, 0);
        return 0;
    }

    /// Ends every child.
    @Override
    public void close() {
        while (!kept.isEmpty()) {
            end();
        }
    }

    /// A child needs nothing of the JVM, which would have to copy whatever it writes to while one lives.
    private void keepOutOfChildren() {
        long threadPointer = threadPointer();
        for (String line : HostFiles.text("/proc/self/maps").lines().toList()) {
            String[] range = line.split("[- ]", 3);
            long start = Long.parseUnsignedLong(range[0], 16);
            long end = Long.parseUnsignedLong(range[1], 16);
            // A child's restartable sequence (rseq) lies where its thread's variables do: the kernel writes to it.
            boolean isOfThread = threadPointer >= start && threadPointer < end;
            if (start >= firstOfJvm && start != codePage && !isOfThread) {
                linux.call(SystemCall.MADVISE, start, end - start, Mman.MADV_DONTFORK);
            }
        }
    }

    private long threadPointer() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ValueLayout.JAVA_LONG);
            linux.require(SystemCall.ARCH_PRCTL, ARCH_GET_FS, pointer.address(), 0, 0, 0, 0);
            return pointer.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    private long fork(long start, long end, int times, boolean keeps) {
        if (forks++ % FORKS == 0) {
            keepOutOfChildren();
        }
        try {
            return (long) code.invokeExact(seenFile, start, end, (long) times, keeps ? 1L : 0L);
        } catch (Throwable t) {
            throw new IllegalStateException("a downcall throws nothing", t);
        }
    }
}
