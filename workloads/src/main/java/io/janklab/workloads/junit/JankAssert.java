package io.janklab.workloads.junit;

import io.janklab.workloads.api.Jank;
import java.util.Locale;
import org.assertj.core.api.AbstractAssert;

/// Assertions about a run's jank. Percentiles are 0 to 100, by Macrobenchmark's rule; 100 is the worst frame.
public final class JankAssert extends AbstractAssert<JankAssert, Jank> {
    JankAssert(Jank jank) {
        super(jank, JankAssert.class);
    }

    /// Frames end at most `ms` later than allowed; negative: that much earlier.
    public JankAssert hasOverrunAtMost(double percentile, double ms) {
        return atMost(name(percentile, "frame overrun"), actual.overrunMs(percentile), ms, "ms");
    }

    /// Frames take at most `ms`.
    public JankAssert hasDurationAtMost(double percentile, double ms) {
        return atMost(name(percentile, "frame duration"), actual.durationMs(percentile), ms, "ms");
    }

    public JankAssert hasJankyFramesAtMost(double percent) {
        return atMost("janky frames", actual.jankyPercent(), percent, "%");
    }

    /// The UI thread is inverted for at most `ms`, all seeds together.
    public JankAssert hasUiInversionAtMost(double ms) {
        return atMost("the UI thread's inversion", actual.uiInversionMs(), ms, "ms");
    }

    /// A figure that the scenario measures itself is at most `most`.
    public JankAssert hasQuantityAtMost(String name, double most) {
        return atMost(name, actual.quantity(name), most, "");
    }

    private static String name(double percentile, String what) {
        return String.format(Locale.ROOT, "percentile %s of %s", percentile, what);
    }

    private JankAssert atMost(String what, double value, double most, String unit) {
        isNotNull();
        if (!(value <= most)) {
            failWithMessage(
                    "%nExpected %s on %s to be at most %s %s, but it was %.3f %s.%nThe UI thread waited longest for:%n  %s",
                    what, actual.result().name(), most, unit, value, unit, String.join("\n  ", actual.worstChains()));
        }
        return this;
    }
}
