package io.janklab.dashboards.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The report's scripts and styles. They are ES modules, which any page that shows the same parts may load; the report, which must be one
/// file, contains them joined into one script.
public final class FrontEnd {
    /// Defines `uPlot`, and comes before the modules.
    public static final String UPLOT = "uplot/uPlot.iife.min.js";
    /// Each comes after those it needs.
    static final List<String> MODULES = List.of("theme.js", "tables.js", "bars.js", "charts.js", "timeline.js");
    static final List<String> STYLES = List.of("uplot/uPlot.min.css", "report.css", "timeline.css");

    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;\n");
    private static final Pattern EXPORT = Pattern.compile("(?m)^export ");

    private FrontEnd() {}

    /// Every file, under the name by which the others know it.
    public static List<String> files() {
        return Stream.of(List.of(UPLOT), MODULES, STYLES).flatMap(List::stream).toList();
    }

    /// The text of one of [#files].
    public static String text(String file) {
        try (InputStream in = FrontEnd.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The modules as one, and `main` at its end: their imports from each other are dropped, since no two top-level names are alike.
    static String joined(String main) {
        String all = MODULES.stream().map(FrontEnd::text).collect(Collectors.joining("\n", "", "\n")) + text(main);
        return EXPORT.matcher(IMPORT.matcher(all).replaceAll("")).replaceAll("");
    }
}
