package io.janklab.workloads.host.sys;

/// A thread of this process that repeats one action on a core of its own, until it is closed.
public final class OtherCore implements AutoCloseable {
    private final Thread thread;
    private volatile boolean running = true;

    public OtherCore(int core, Runnable step) {
        thread = Thread.ofPlatform().daemon().start(() -> repeat(core, step));
    }

    private void repeat(int core, Runnable step) {
        new HostSyscalls().pinThread(core);
        while (running) {
            step.run();
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
