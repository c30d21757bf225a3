package io.janklab.workloads.host.sys;

import io.janklab.kernel.uapi.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// A `userfaultfd(2)` of the host, in SIGBUS mode: no thread waits for a page, so no access can hang.
///
/// Every ioctl answers like the simulator's: the bytes done if any were, otherwise 0 or −errno.
public final class HostUserfaultfd implements AutoCloseable {
    // Numbers of the ioctls (Linux include/uapi/linux/userfaultfd.h).
    private static final long UFFDIO_API = 0xC018AA3FL;
    private static final long UFFDIO_REGISTER = 0xC020AA00L;
    private static final long UFFDIO_UNREGISTER = 0x8010AA01L;
    private static final long UFFDIO_COPY = 0xC028AA03L;
    private static final long UFFDIO_ZEROPAGE = 0xC020AA04L;
    private static final long UFFDIO_MOVE = 0xC028AA05L;
    private static final long UFFDIO_WRITEPROTECT = 0xC018AA06L;

    private static final long UFFDIO_CONTINUE = 0xC020AA07L;
    private static final long UFFDIO_POISON = 0xC020AA08L;

    private static final long UFFD_API = 0xAA;
    private static final long UFFD_FEATURE_SIGBUS = 1 << 7;
    private static final long O_CLOEXEC_NONBLOCK = 02000000 | 04000;

    private final HostSyscalls linux;
    private final MemorySegment words = Arena.ofAuto().allocate(5 * Long.BYTES, Long.BYTES);
    private final long file;

    private HostUserfaultfd(HostSyscalls linux, long file) {
        this.linux = linux;
        this.file = file;
    }

    /// Null if the kernel has none, or none for this process.
    public static @Nullable HostUserfaultfd open(HostSyscalls linux) {
        long file = linux.call(SystemCall.USERFAULTFD, O_CLOEXEC_NONBLOCK, 0);
        if (Errno.isError(file)) {
            return null;
        }
        HostUserfaultfd opened = new HostUserfaultfd(linux, file);
        return opened.ioctl(UFFDIO_API, UFFD_API, UFFD_FEATURE_SIGBUS, 0) == 0 ? opened : null;
    }

    private long ioctl(long request, long... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            words.setAtIndex(ValueLayout.JAVA_LONG, i, arguments[i]);
        }
        return linux.call(SystemCall.IOCTL, file, request, words.address());
    }

    public long register(long start, long length, long modes) {
        return ioctl(UFFDIO_REGISTER, start, length, modes, 0);
    }

    public long unregister(long start, long length) {
        return ioctl(UFFDIO_UNREGISTER, start, length);
    }

    public long copy(long destination, long source, long length, long mode) {
        return done(ioctl(UFFDIO_COPY, destination, source, length, mode, 0), 4);
    }

    public long zeropage(long start, long length, long mode) {
        return done(ioctl(UFFDIO_ZEROPAGE, start, length, mode, 0), 3);
    }

    public long move(long destination, long source, long length, long mode) {
        return done(ioctl(UFFDIO_MOVE, destination, source, length, mode, 0), 4);
    }

    public long writeProtect(long start, long length, long mode) {
        return ioctl(UFFDIO_WRITEPROTECT, start, length, mode);
    }

    public long poison(long start, long length, long mode) {
        return done(ioctl(UFFDIO_POISON, start, length, mode, 0), 3);
    }

    public long continueWith(long start, long length, long mode) {
        return done(ioctl(UFFDIO_CONTINUE, start, length, mode, 0), 3);
    }

    /// The word after the arguments shows how far it got, if anywhere.
    private long done(long result, int word) {
        long bytes = words.getAtIndex(ValueLayout.JAVA_LONG, word);
        return result == 0 || (result == -Errno.EAGAIN && bytes > 0) ? bytes : result;
    }

    @Override
    public void close() {
        linux.call(SystemCall.CLOSE, file, 0);
    }
}
