package io.janklab.workloads.cli.common;

import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.Runner;
import java.io.Console;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Shows how many steps of a long task have ended: as a bar on a terminal; elsewhere not at all, or as a line now and then for tasks of
/// minutes.
public final class ProgressLine implements Runner.Progress, AutoCloseable {
    private static final long EVERY_MS = 10_000;

    private final @Nullable ProgressBar bar;
    private final @Nullable Thread teller;
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong known = new AtomicLong();
    private volatile long total;

    /// @param task what is counted: `runs`
    public ProgressLine(String task, long total, boolean silent) {
        this(task, total, silent, null);
    }

    /// Used despite the checks' warning: a JDK without jline has no console where standard input is none.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isOnTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// @param lines where a line goes every ten seconds if there is no terminal; null for nowhere
    public ProgressLine(String task, long total, boolean silent, @Nullable PrintWriter lines) {
        this.total = total;
        boolean terminal = isOnTerminal();
        bar = silent || !terminal
                ? null
                : new ProgressBarBuilder().setTaskName(task).setInitialMax(total).setStyle(style()).clearDisplayOnFinish().build();
        teller = silent || terminal || lines == null ? null : Thread.ofPlatform().daemon().name("progress")
                .start(() -> tell(task, lines));
    }

    private void tell(String task, PrintWriter lines) {
        long began = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(EVERY_MS);
                lines.println("janklab: " + steps.get() + " of " + total + " " + task + " after "
                        + (System.nanoTime() - began) / 1_000_000_000 + " s");
                lines.flush();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// Without colours where `NO_COLOR` asks for none (no-color.org).
    private static ProgressBarStyle style() {
        String noColour = System.getenv("NO_COLOR");
        return noColour == null || noColour.isEmpty() ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK : ProgressBarStyle.UNICODE_BLOCK;
    }

    @Override
    public void runEnded(RunResult result) {
        step();
    }

    @Override
    public void runsFollow(long more) {
        total = Math.max(total, known.addAndGet(more));
        if (bar != null) {
            bar.maxHint(total);
        }
    }

    public void step() {
        step(1);
    }

    /// `steps` steps have ended; called by any thread.
    public void step(long count) {
        steps.addAndGet(count);
        if (bar != null) {
            bar.stepBy(count);
        }
    }

    /// How many steps have ended.
    public long steps() {
        return steps.get();
    }

    /// Shown after the rest.
    public void remark(String text) {
        if (bar != null) {
            bar.setExtraMessage(" " + text);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
        if (teller != null) {
            teller.interrupt();
        }
    }
}
