package io.janklab.workloads.host;

/// Keeps the calling thread's core busy, outside of the kernel.
final class UserMode {
    private UserMode() {}

    static void stay(long ns) {
        long end = System.nanoTime() + ns;
        // No pause instruction: on a virtual machine it may give the core away.
        while (System.nanoTime() - end < 0) {}
    }
}
