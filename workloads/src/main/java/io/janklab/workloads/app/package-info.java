/// An Android app on the simulated kernel: its threads, its two heaps and its frames from vsync to present, beside the processes it
/// shares the machine with.
///
/// Invariant: everything here is user code; it meets the kernel only through system calls, memory accesses, wait queues and trace
/// markers. What is random is drawn from streams named after the thing, in an order no kernel can change.
package io.janklab.workloads.app;
