package io.janklab.workloads.recording.event;

import java.util.List;
import java.util.Map;

/// The system calls that change or look at address spaces, and their numbers where a recording has numbers only.
public final class MmCalls {
    /// Those that are distinguished in tables, in that order.
    public static final List<String> NAMES = List.of(
            "mmap", "munmap", "mremap", "mprotect", "madvise", "process_madvise", "brk", "mlock", "mlock2", "munlock", "mlockall",
                    "munlockall", "userfaultfd",
            "ioctl", "mincore", "msync", "pkey_mprotect", "prctl");

    private static final Map<Integer, String> X86_64 = Map.ofEntries(
            Map.entry(9, "mmap"), Map.entry(10, "mprotect"), Map.entry(11, "munmap"), Map.entry(12, "brk"), Map.entry(16, "ioctl"),
            Map.entry(25, "mremap"), Map.entry(26, "msync"), Map.entry(27, "mincore"), Map.entry(28, "madvise"), Map.entry(35, "nanosleep"),
            Map.entry(56, "clone"), Map.entry(57, "fork"), Map.entry(58, "vfork"), Map.entry(59, "execve"), Map.entry(149, "mlock"),
            Map.entry(150, "munlock"), Map.entry(151, "mlockall"), Map.entry(152, "munlockall"), Map.entry(157, "prctl"),
            Map.entry(202, "futex"), Map.entry(230, "clock_nanosleep"), Map.entry(323, "userfaultfd"), Map.entry(325, "mlock2"),
            Map.entry(329, "pkey_mprotect"), Map.entry(435, "clone3"), Map.entry(440, "process_madvise"));

    private static final Map<Integer, String> ARM64 = Map.ofEntries(
            Map.entry(29, "ioctl"), Map.entry(98, "futex"), Map.entry(101, "nanosleep"), Map.entry(115, "clock_nanosleep"),
            Map.entry(167, "prctl"), Map.entry(214, "brk"), Map.entry(215, "munmap"), Map.entry(216, "mremap"), Map.entry(220, "clone"),
            Map.entry(221, "execve"), Map.entry(222, "mmap"), Map.entry(226, "mprotect"), Map.entry(227, "msync"), Map.entry(228, "mlock"),
            Map.entry(229, "munlock"), Map.entry(230, "mlockall"), Map.entry(231, "munlockall"), Map.entry(232, "mincore"),
            Map.entry(233, "madvise"), Map.entry(282, "userfaultfd"), Map.entry(284, "mlock2"), Map.entry(288, "pkey_mprotect"),
            Map.entry(435, "clone3"), Map.entry(440, "process_madvise"));

    private MmCalls() {}

    /// Whether a call of that name takes or may take a lock of the address space. An ioctl may be userfaultfd's.
    public static boolean isOne(String call) {
        return NAMES.contains(call);
    }

    /// The name of a call by its number (asm/unistd.h of x86-64 or arm64); `#NUMBER` for irrelevant ones.
    public static String name(int number, boolean arm64) {
        String name = (arm64 ? ARM64 : X86_64).get(number);
        return name == null ? "#" + number : name;
    }
}
