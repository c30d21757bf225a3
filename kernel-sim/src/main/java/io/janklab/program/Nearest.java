package io.janklab.program;

import java.util.Collection;

/// Finds the name that a mistyped one may stand for.
public final class Nearest {
    /// Characters of a list that a complaint has room for.
    private static final int SHORT = 40;

    private Nearest() {}

    /// ` (did you mean 'x'?)` for the known name nearest to `name`, or nothing if none comes near.
    public static String hint(String name, Collection<String> known) {
        String best = null;
        int bestDistance = Math.max(2, name.length() / 2) + 1;
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best == null ? "" : " (did you mean '" + best + "'?)";
    }

    /// What there is in place of `name`: ` (did you mean 'x'?); there is x, y` where that is short, else the nearest and what lists the
    /// others.
    ///
    /// @param lister such as `janklab list`
    public static String instead(String name, Collection<String> known, String lister) {
        String all = String.join(", ", known);
        return hint(name, known) + "; " + (all.length() <= SHORT ? "there is " + all : "see " + lister);
    }

    /// Levenshtein's edit distance.
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
