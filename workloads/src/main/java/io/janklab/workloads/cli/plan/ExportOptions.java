package io.janklab.workloads.cli.plan;

import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.input.BadInput;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options for files beside the usual ones and for receivers of the meters.
final class ExportOptions {
    private static final long NS_PER_MS = 1_000_000;
    private static final int MAX_PORT = 65_535;
    /// The port that other exporters use too (OpenTelemetry's for Prometheus).
    private static final String DEFAULT_PORT = "9464";

    @Option(names = "--perfetto", description = "Also write a .perfetto-trace of each kernel.")
    private boolean perfetto;

    @Option(
            names = "--trace-window",
            paramLabel = "MS",
            description = "A .perfetto-trace of the worst frames only, with MS milliseconds before and after each.")
    private @Nullable Integer traceWindowMs;

    @Option(names = "--off-cpu", description = "Also write where threads waited as folded stacks, for flame graphs.")
    private boolean offCpu;

    @Option(names = "--openmetrics", description = "Also write openmetrics.txt: the meters over virtual time, for promtool.")
    private boolean openMetrics;

    @Option(names = "--lock-stat",
            description = "Also print what /proc/lock_stat would show of each kernel, by class of lock and call site.")
    private boolean lockStat;

    @Option(
            names = "--otlp",
            paramLabel = "URL",
            converter = Receiver.class,
            description =
                    "Push the meters of every run, when all have ended, to this OTLP receiver, such as http://127.0.0.1:4318/v1/metrics.")
    private @Nullable URI otlp;

    @Option(
            names = "--epoch",
            paramLabel = "INSTANT",
            converter = Epoch.class,
            defaultValue = "1970-01-01T00:00:00Z",
            description =
                    "When virtual time began, for openmetrics.txt and --otlp: an instant such as 2026-01-31T12:00:00Z, or now (default: "
                    + "${DEFAULT-VALUE}).")
    private Instant epoch = Instant.EPOCH;

    @Option(
            names = "--serve",
            paramLabel = "PORT",
            arity = "0..1",
            fallbackValue = DEFAULT_PORT,
            description = "Serve the meters of the runs under way at http://127.0.0.1:PORT/metrics (default port: " + DEFAULT_PORT + ").")
    private @Nullable Integer port;

    @Option(
            names = "--pace",
            paramLabel = "PACE",
            converter = Pace.Converter.class,
            completionCandidates = Choices.Paces.class,
            description = "How fast virtual time may pass: 1x, 10x or max (default: 1x with --serve, or else max).")
    private @Nullable Pace pace;

    /// An instant, or `now`.
    static final class Epoch implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return text.equals("now") ? Instant.now() : Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("an instant looks like 2026-01-31T12:00:00Z, not '" + text + "'");
            }
        }
    }

    /// An address that can be posted to.
    static final class Receiver implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            try {
                URI uri = URI.create(text);
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                // Reported below.
            }
            throw new TypeConversionException("a receiver looks like http://127.0.0.1:4318/v1/metrics, not '" + text + "'");
        }
    }

    /// The options that are given, `--perfetto, --off-cpu`; empty for none.
    String asked() {
        Map<String, Boolean> given = new LinkedHashMap<>();
        given.put("--perfetto", perfetto);
        given.put("--trace-window", traceWindowMs != null);
        given.put("--off-cpu", offCpu);
        given.put("--openmetrics", openMetrics);
        given.put("--lock-stat", lockStat);
        given.put("--otlp", otlp != null);
        given.put("--serve", port != null);
        given.put("--pace", pace != null);
        return given.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).collect(Collectors.joining(", "));
    }

    /// @throws BadInput if any option cannot be used
    Exports checked() {
        if (traceWindowMs != null && traceWindowMs < 0) {
            throw new BadInput("--trace-window takes milliseconds, 0 or more, not " + traceWindowMs + ".");
        }
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw new BadInput("--serve takes a port from 0 to " + MAX_PORT + ", not " + port + ".");
        }
        Long traceWindowNs = traceWindowMs == null ? null : traceWindowMs * NS_PER_MS;
        return new Exports(perfetto || traceWindowMs != null, traceWindowNs, offCpu, openMetrics, lockStat, otlp, epoch, port,
                effectivePace());
    }

    private @Nullable Pace effectivePace() {
        if (pace != null) {
            return pace;
        }
        return port == null ? null : Pace.REAL_TIME;
    }
}
