package io.janklab.dashboards.report.text;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// How many columns what is printed may take: those of the terminal, as `COLUMNS` says, but neither fewer than [#LEAST] nor more than
/// [#MOST], which is also the default.
public final class TerminalWidth {
    public static final int LEAST = 60;
    public static final int MOST = 100;

    private static final ScopedValue<Integer> COLUMNS = ScopedValue.newInstance();

    private TerminalWidth() {}

    /// Does `printing` on a terminal of that width.
    ///
    /// @param columns as in the environment: a number of columns; whatever else it is says nothing
    public static <T> T of(@Nullable String columns, Callable<T> printing) throws Exception {
        if (columns == null || !columns.matches("[1-9]\\d{0,5}")) {
            return printing.call();
        }
        return ScopedValue.where(COLUMNS, Math.clamp(Integer.parseInt(columns), LEAST, MOST)).call(printing::call);
    }

    /// Columns of the page.
    public static int columns() {
        return COLUMNS.orElse(MOST);
    }

    /// Whether it has been set.
    static boolean isKnown() {
        return COLUMNS.isBound();
    }
}
