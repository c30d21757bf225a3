package io.janklab.workloads.host.sys;

/// The system calls made on the host, with their numbers (Linux `arch/x86/entry/syscalls/syscall_64.tbl`,
/// `include/uapi/asm-generic/unistd.h`).
public enum SystemCall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    MMAP(9, 222),
    MPROTECT(10, 226),
    MUNMAP(11, 215),
    IOCTL(16, 29),
    PREAD64(17, 67),
    PWRITE64(18, 68),
    MREMAP(25, 216),
    MINCORE(27, 232),
    MADVISE(28, 233),
    WAIT4(61, 260),
    KILL(62, 129),
    FTRUNCATE(77, 46),
    MLOCK(149, 228),
    MUNLOCK(150, 229),
    MLOCKALL(151, 230),
    MUNLOCKALL(152, 231),
    PRCTL(157, 167),
    /// There is none on arm64.
    ARCH_PRCTL(158, -1),
    SCHED_SETAFFINITY(203, 122),
    OPENAT(257, 56),
    EVENTFD2(290, 19),
    MEMFD_CREATE(319, 279),
    USERFAULTFD(323, 282),
    MLOCK2(325, 284),
    GETPPID(110, 173),
    PIDFD_OPEN(434, 434),
    PROCESS_MADVISE(440, 440),
    MSEAL(462, 462);

    private final int x86;
    private final int arm64;

    SystemCall(int x86, int arm64) {
        this.x86 = x86;
        this.arm64 = arm64;
    }

    int number(boolean onArm64) {
        return onArm64 ? arm64 : x86;
    }
}
