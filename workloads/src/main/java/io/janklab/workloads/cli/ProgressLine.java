package io.janklab.workloads.cli;

import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.Runner;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Shows how many steps of a long task have ended, on a terminal; silent in a pipe.
final class ProgressLine implements Runner.Progress, AutoCloseable {
    private final ProgressBar bar;

    /// @param task what is counted: `runs`
    ProgressLine(String task, long total, boolean silent) {
        boolean terminal = System.console() != null && System.console().isTerminal();
        bar = silent || !terminal
                ? null
                : new ProgressBarBuilder().setTaskName(task).setInitialMax(total).setStyle(style()).clearDisplayOnFinish().build();
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

    void step() {
        step(1);
    }

    /// So many steps have ended, told by any thread.
    void step(long count) {
        if (bar != null) {
            bar.stepBy(count);
        }
    }

    /// Shown behind the rest.
    void remark(String text) {
        if (bar != null) {
            bar.setExtraMessage(" " + text);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
