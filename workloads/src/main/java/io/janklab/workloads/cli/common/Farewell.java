package io.janklab.workloads.cli.common;

/// A sentence for a user who interrupts a long command, printed unless this is closed before.
public final class Farewell implements AutoCloseable {
    private final Thread hook;

    public Farewell(Output output, String sentence) {
        hook = new Thread(() -> output.warn(sentence));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Unless the host is shutting down, and has it print its sentence.
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            Thread.currentThread().interrupt();
        }
    }
}
