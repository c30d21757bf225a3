package io.janklab.workloads.host.measure;

import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Two threads that wake each other in turn through eventfds: the cost of a hand-over on one core.
///
/// The calling thread is one of them; it must be pinned to that core.
public final class PingPong implements AutoCloseable {
    private static final int ROUNDS = 100;

    private final HostSyscalls linux = new HostSyscalls();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment word = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
    private final MemorySegment taken = arena.allocate(Long.BYTES, Long.BYTES);
    private final long ping = eventfd();
    private final long pong = eventfd();
    private final Thread partner;

    public PingPong(int partnersCore) {
        partner = Thread.ofPlatform().daemon().start(() -> echo(partnersCore));
    }

    private long eventfd() {
        return linux.require(SystemCall.EVENTFD2, 0, 0, 0, 0, 0, 0);
    }

    /// Ends when it reads more than 1.
    private void echo(int core) {
        HostSyscalls own = new HostSyscalls();
        own.pinThread(core);
        MemorySegment buffer = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, 0);
        do {
            own.call(SystemCall.READ, ping, buffer.address(), Long.BYTES);
            own.call(SystemCall.WRITE, pong, word.address(), Long.BYTES);
        } while (buffer.get(ValueLayout.JAVA_LONG, 0) == 1);
    }

    /// One hand-over: a write that wakes the other, and its read that returns.
    public double handOver() {
        long began = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            linux.call(SystemCall.WRITE, ping, word.address(), Long.BYTES);
            readPong();
        }
        return (double) (System.nanoTime() - began) / ROUNDS / 2;
    }

    /// The same write and read without a waiter.
    public double withoutWaiting() {
        long began = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            linux.call(SystemCall.WRITE, pong, word.address(), Long.BYTES);
            readPong();
        }
        return (double) (System.nanoTime() - began) / ROUNDS;
    }

    private void readPong() {
        linux.call(SystemCall.READ, pong, taken.address(), Long.BYTES);
    }

    @Override
    public void close() {
        word.set(ValueLayout.JAVA_LONG, 0, 2);
        linux.call(SystemCall.WRITE, ping, word.address(), Long.BYTES);
        try {
            partner.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        linux.call(SystemCall.CLOSE, ping, 0);
        linux.call(SystemCall.CLOSE, pong, 0);
        arena.close();
    }
}
