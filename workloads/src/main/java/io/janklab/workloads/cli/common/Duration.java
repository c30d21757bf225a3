package io.janklab.workloads.cli.common;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A span of virtual time as users write it: `20s`, `500ms`, `2min`.
public record Duration(long ns) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|min|h)");
    private static final Map<String, Double> UNITS = Map.of("ms", 1e6, "s", 1e9, "min", 60e9, "h", 3600e9);
    private static final long LONGEST_NS = 24 * 3600 * 1_000_000_000L;

    public static final class Converter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher matcher = FORM.matcher(text);
            double ns = matcher.matches() ? Double.parseDouble(matcher.group(1)) * Objects.requireNonNull(UNITS.get(matcher.group(2))) : 0;
            if (ns < 1e6 || ns > LONGEST_NS) {
                throw new TypeConversionException("a duration looks like 20s, 500ms or 2min and lies between 1ms and 24h, unlike '"
                        + text + "'");
            }
            return new Duration((long) ns);
        }
    }
}
