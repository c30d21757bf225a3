package io.janklab.workloads.cli.plan;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How fast virtual time may pass: seconds of it per second of the host's.
public record Pace(double factor) {
    static final Pace REAL_TIME = new Pace(1);
    static final Pace MAX = new Pace(Double.POSITIVE_INFINITY);

    /// Reads `1x`, `0.5x` or `max`.
    static final class Converter implements ITypeConverter<Pace> {
        @Override
        public Pace convert(String text) {
            if (text.equals("max")) {
                return MAX;
            }
            try {
                double factor = text.endsWith("x") ? Double.parseDouble(text.substring(0, text.length() - 1)) : 0;
                if (factor > 0 && factor <= 1_000_000) {
                    return new Pace(factor);
                }
            } catch (NumberFormatException e) {
                // Reported below.
            }
            throw new TypeConversionException("a pace looks like 1x, 10x or max, not '" + text + "'");
        }
    }

    /// How many ns of the host's time may pass until virtual time `ns` is reached; 0 for no limit.
    public long hostNs(long ns) {
        return (long) (ns / factor);
    }
}
