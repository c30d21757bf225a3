package io.janklab.kernel.trace;

import org.jspecify.annotations.Nullable;

/// A task as tracepoints name it. Identity is by reference; ids are dense from 1, in order of creation.
public interface TracedTask {
    int tid();

    /// The process (thread group) id: the tid of its first thread; 0 for kernel threads.
    int tgid();

    String name();

    String processName();

    /// The kernel's `task_struct::prio`: 0–99 real time, 100–139 for nice −20…19. **Lower is more urgent.**
    int prio();

    /// Its own priority, whatever it has inherited (`task_struct::normal_prio`).
    default int normalPrio() {
        return prio();
    }

    TaskState state();

    /// The system call it is in, such as `madvise` or `ioctl(UFFDIO_MOVE)`; null outside.
    default @Nullable String systemCall() {
        return null;
    }

    /// What it is doing in the kernel: its system call, or else the page fault that it handles; a kernel thread's own name.
    default String callSite() {
        String call = systemCall();
        return call != null ? call : tgid() == 0 ? name() : "page fault";
    }
}
