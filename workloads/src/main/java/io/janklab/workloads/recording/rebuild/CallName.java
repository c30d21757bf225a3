package io.janklab.workloads.recording.rebuild;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.recording.event.UffdCalls;

/// The names by which calls are distinguished.
public final class CallName {
    private CallName() {}

    /// `madvise(DONTNEED)`, `munmap`, `ioctl(UFFDIO_COPY)`.
    static String of(String call, long[] arguments) {
        if (call.equals("ioctl")) {
            String command = UffdCalls.name(arguments);
            return command == null ? call : "ioctl(" + command + ")";
        }
        return call.equals("madvise") && arguments.length > 2 ? madvise(arguments[2]) : call;
    }

    public static String madvise(long advice) {
        return switch ((int) advice) {
            case Mman.MADV_DONTNEED -> "madvise(DONTNEED)";
            case Mman.MADV_FREE -> "madvise(FREE)";
            case Mman.MADV_COLD -> "madvise(COLD)";
            case Mman.MADV_PAGEOUT -> "madvise(PAGEOUT)";
            case Mman.MADV_HUGEPAGE, Mman.MADV_NOHUGEPAGE -> "madvise(HUGEPAGE)";
            case Mman.MADV_COLLAPSE -> "madvise(COLLAPSE)";
            case Mman.MADV_POPULATE_READ, Mman.MADV_POPULATE_WRITE -> "madvise(POPULATE)";
            case Mman.MADV_WILLNEED -> "madvise(WILLNEED)";
            default -> "madvise(other)";
        };
    }
}
