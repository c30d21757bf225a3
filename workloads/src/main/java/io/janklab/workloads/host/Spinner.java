package io.janklab.workloads.host;

/// A thread of this process that keeps a core busy in user mode, so that TLB flushes must interrupt it.
final class Spinner implements AutoCloseable {
    private final Thread thread;
    private volatile boolean running = true;

    Spinner(int core) {
        thread = Thread.ofPlatform().daemon().start(() -> spin(core));
    }

    private void spin(int core) {
        new HostSyscalls().pinThread(core);
        while (running) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        running = false;
    }
}
