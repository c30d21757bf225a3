package io.janklab.workloads.host.sys;

/// Keeps the calling thread's core busy, outside of the kernel.
public final class UserMode {
    private UserMode() {}

    public static void stay(long ns) {
        long end = System.nanoTime() + ns;
        // No pause instruction: on a virtual machine it may yield the core.
        while (System.nanoTime() - end < 0) {}
    }
}
