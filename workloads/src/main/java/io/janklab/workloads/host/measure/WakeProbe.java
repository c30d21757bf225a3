package io.janklab.workloads.host.measure;

import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.OtherCore;
import io.janklab.workloads.host.sys.SystemCall;
import io.janklab.workloads.host.sys.UserMode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Wakes a thread on an otherwise idle core, some time after it has gone to sleep: how long until it runs, and the waker's cost.
///
/// The calling thread is the one that sleeps; it must be pinned to its core.
public final class WakeProbe implements AutoCloseable {
    private static final int WAKES = 400;
    /// Between two sleeps, so that each begins alike.
    private static final long AWAKE_NS = 50_000;

    private final HostSyscalls linux = new HostSyscalls();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
    private final MemorySegment taken = arena.allocate(Long.BYTES, Long.BYTES);
    private final long eventfd = linux.require(SystemCall.EVENTFD2, 0, 0, 0, 0, 0, 0);
    private final OtherCore waker;
    /// Whether the sleeper is about to sleep, and when to be woken (ns from then).
    private volatile boolean sleeping;
    private volatile long delayNs;
    private volatile long wokenAt;
    private volatile long paidNs;

    public WakeProbe(int wakersCore) {
        HostSyscalls own = new HostSyscalls();
        waker = new OtherCore(wakersCore, () -> wakeSleeper(own));
    }

    private void wakeSleeper(HostSyscalls own) {
        if (!sleeping) {
            return;
        }
        sleeping = false;
        UserMode.stay(delayNs);
        long began = System.nanoTime();
        wokenAt = began;
        own.call(SystemCall.WRITE, eventfd, one.address(), Long.BYTES);
        paidNs = System.nanoTime() - began;
    }

    /// @param latency from the wake until the sleeper ran in user mode
    /// @param paid by the waker, its system call included
    public record Wakes(Samples latency, Samples paid) {}

    /// Wakes the thread `newDelayNs` after it was about to sleep, many times.
    public Wakes after(long newDelayNs) {
        Wakes wakes = new Wakes(new Samples(WAKES), new Samples(WAKES));
        delayNs = newDelayNs;
        for (int i = 0; i < WAKES; i++) {
            UserMode.stay(AWAKE_NS);
            sleeping = true;
            linux.call(SystemCall.READ, eventfd, taken.address(), Long.BYTES);
            long runs = System.nanoTime();
            UserMode.stay(AWAKE_NS);
            wakes.latency.add(runs - wokenAt);
            wakes.paid.add(paidNs);
        }
        return wakes;
    }

    @Override
    public void close() {
        waker.close();
        linux.call(SystemCall.CLOSE, eventfd, 0);
        arena.close();
    }
}
