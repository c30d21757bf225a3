package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.KernelRanking;
import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.compare.Resource;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.regex.Pattern;

/// Numbers and findings in readable form, the same in every report.
public final class Words {
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;
    private static final double BYTES_PER_MIB = 1 << 20;

    private static final Pattern ZERO = Pattern.compile("0(\\.0+)?");

    private Words() {}

    /// `12.34`; an en dash where there is no value.
    static String ms(double ms) {
        return Double.isNaN(ms) ? "–" : String.format(Locale.ROOT, "%.2f", zeroIfShownAsZero(ms));
    }

    /// `1.25 ms`; `3.4 µs` or `12.3 s` where milliseconds would be hard to read.
    public static String duration(long ns) {
        if (ns >= NS_PER_S) {
            return seconds(ns);
        }
        if (ns == 0) {
            return "0 ms";
        }
        return ns < NS_PER_MS / 10 ? String.format(Locale.ROOT, "%.1f µs", ns / NS_PER_US) : nsAsMs(ns) + " ms";
    }

    public static String nsAsMs(double ns) {
        return ms(ns / NS_PER_MS);
    }

    /// `1,234`.
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// `1 wait`, `2 waits`.
    static String waits(long waits) {
        return count(waits) + (waits == 1 ? " wait" : " waits");
    }

    /// `12.3 %` of a whole.
    public static String share(long part, long whole) {
        return whole == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    public static String mib(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MiB", bytes / BYTES_PER_MIB);
    }

    public static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.1f s", ns / NS_PER_S);
    }

    /// `102,640`; smaller values with the decimals they need: `12.3`, `0.87`.
    static String quantity(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        int decimals = size >= 100 || size == Math.rint(size) ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    static String signedQuantity(double value) {
        return (value > 0 ? "+" : "") + quantity(value);
    }

    static String signed(double value) {
        return (zeroIfShownAsZero(value) > 0 ? "+" : "") + ms(value);
    }

    private static double zeroIfShownAsZero(double value) {
        return Math.abs(value) < 0.005 ? 0 : value;
    }

    /// `+1,234`.
    static String signedCount(double count) {
        long whole = Math.round(count);
        return (whole > 0 ? "+" : "") + count(whole);
    }

    /// `-1.20 … +0.30`, each end as `change` shows a difference; an en dash where there is no interval. An end that only rounding makes
    /// zero keeps its sign where the interval is without zero: `-0.04 … -0.00`.
    static String interval(Comparison comparison, DoubleFunction<String> change) {
        if (!comparison.hasInterval()) {
            return "–";
        }
        String sign = comparison.low() > 0 ? "+" : comparison.high() < 0 ? "-" : "";
        return end(change.apply(comparison.low()), sign) + " … " + end(change.apply(comparison.high()), sign);
    }

    private static String end(String text, String sign) {
        return ZERO.matcher(text).matches() ? sign + text : text;
    }

    /// `71 %` of the bound; an en dash where there is none.
    static String shareOfBound(double share) {
        return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.0f %%", 100 * share + 0.0);
    }

    /// `0.063`; an en dash with one seed.
    static String p(double p) {
        if (Double.isNaN(p)) {
            return "–";
        }
        return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    /// A metric's readable name: `frameOverrunMs P99`.
    public static String metric(String name) {
        return switch (name) {
            case PairedComparison.JANKY -> "janky frames";
            case PairedComparison.UI_INVERSION -> "UI inversion";
            case Resource.RSS_MEAN -> "RSS, mean";
            case Resource.RSS_PEAK -> "RSS, highest";
            case Resource.PAGE_TABLES -> "page tables, highest";
            case Resource.APP_CPU -> "CPU of the app";
            case Resource.OTHER_CPU -> "CPU of all others";
            default -> name.startsWith(Resource.THREAD_CPU)
                    ? "CPU of " + name.substring(Resource.THREAD_CPU.length())
                    : name.startsWith(Quantity.METRIC_PREFIX) ? name.substring(Quantity.METRIC_PREFIX.length()) : name.replace('.', ' ');
        };
    }

    /// With a capital letter.
    static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /// `1`, or `1=` for a shared rank.
    public static String rank(KernelRanking.Place place) {
        return place.rank() + (place.tied() ? "=" : "");
    }

    public static String verdict(Comparison comparison) {
        return switch (comparison.verdict()) {
            case LOWER -> "lower";
            case HIGHER -> "higher";
            case LOWER_BY_ITSELF -> "(lower)";
            case HIGHER_BY_ITSELF -> "(higher)";
            case NO_DIFFERENCE -> "no difference";
            case TOO_FEW_SEEDS -> "too few seeds";
            case UNTESTED -> isMaximum(comparison.metric()) ? "one frame" : "not measured";
        };
    }

    private static boolean isMaximum(String metric) {
        return metric.endsWith("." + PairedComparison.PERCENTILES.getLast());
    }

    /// A metric within a sentence: `the 99th percentile of frame overrun`.
    static String phrase(String metric) {
        int dot = metric.indexOf('.');
        return switch (dot < 0 ? metric : metric.substring(0, dot)) {
            case PairedComparison.DURATION -> percentile(metric.substring(dot + 1)) + "frame duration";
            case PairedComparison.OVERRUN -> percentile(metric.substring(dot + 1)) + "frame overrun";
            default -> switch (metric) {
                case PairedComparison.JANKY -> "the number of late frames";
                case PairedComparison.UI_INVERSION -> "the UI thread's inversion";
                default -> metric(metric);
            };
        };
    }

    private static String percentile(String name) {
        return switch (name) {
            case "P50" -> "the median of ";
            case "max" -> "the longest ";
            default -> "the " + name.substring(1) + "th percentile of ";
        };
    }
}
