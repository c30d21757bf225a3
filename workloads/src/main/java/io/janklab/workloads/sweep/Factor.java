package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One thing that a sweep varies: `cost.tlbi=0.5..4` is a range, `heap.decayMs=0,100,1000` a list.
///
/// @param key what is varied
/// @param levels the values of a list, or the ends of a range
/// @param steps how many values a grid takes from a range; 0 for a list
public record Factor(String key, List<String> levels, int steps) {
    private static final int DEFAULT_STEPS = 5;
    private static final Pattern RANGE = Pattern.compile("(-?\\d+(?:\\.\\d+)?)\\.\\.(-?\\d+(?:\\.\\d+)?)(?::(\\d{1,4}))?");
    private static final MathContext SIX_DIGITS = new MathContext(6);

    /// @throws BadInput if the text is neither `KEY=FROM..TO`, `KEY=FROM..TO:STEPS` nor `KEY=A,B,C`
    public static Factor parse(String text) {
        return parse("--vary", text);
    }

    /// @param option the option that contains it, for messages
    /// @throws BadInput as above
    public static Factor parse(String option, String text) {
        int equals = text.indexOf('=');
        if (equals <= 0 || equals == text.length() - 1) {
            throw new BadInput(option + " takes KEY=FROM..TO, KEY=FROM..TO:STEPS or KEY=A,B,C, unlike '" + text + "'.");
        }
        String key = text.substring(0, equals);
        String values = text.substring(equals + 1);
        Matcher range = RANGE.matcher(values);
        return range.matches() ? range(option, key, range) : new Factor(key, List.of(values.split(",")), 0);
    }

    private static Factor range(String option, String key, Matcher range) {
        int steps = range.group(3) == null ? DEFAULT_STEPS : Integer.parseInt(range.group(3));
        if (steps < 2 || new BigDecimal(range.group(1)).compareTo(new BigDecimal(range.group(2))) >= 0) {
            throw new BadInput(option + " " + key + ": a range goes from a smaller number to a larger one, in 2 steps at least.");
        }
        return new Factor(key, List.of(range.group(1), range.group(2)), steps);
    }

    private boolean isRange() {
        return steps > 0;
    }

    /// The values a grid gives it.
    public List<String> gridValues() {
        if (!isRange()) {
            return levels;
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            values.add(at(i / (steps - 1.0)));
        }
        return values;
    }

    /// The value at `share` of the way, 0 to 1: within a range, or of the list's values laid side by side.
    String at(double share) {
        if (!isRange()) {
            return levels.get((int) Math.min(levels.size() - 1, share * levels.size()));
        }
        BigDecimal from = new BigDecimal(levels.get(0));
        BigDecimal to = new BigDecimal(levels.get(1));
        BigDecimal value = from.add(to.subtract(from).multiply(BigDecimal.valueOf(share)));
        boolean whole = from.scale() <= 0 && to.scale() <= 0;
        return whole ? Long.toString(Math.round(value.doubleValue())) : value.round(SIX_DIGITS).stripTrailingZeros().toPlainString();
    }
}
