package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One of several equal parts of a sweep: of its runs, counted point by point and seed by seed, every n-th.
///
/// @param index from 0 to `count` − 1
public record Shard(int index, int count) {
    /// The whole.
    public static final Shard ALL = new Shard(0, 1);
    /// Where Kubernetes says which pod of an Indexed Job this is.
    static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

    private static final Pattern FORM = Pattern.compile("(?:(\\d{1,7})?/)?(\\d{1,7})");

    public Shard {
        if (count < 1 || index < 0 || index >= count) {
            throw new BadInput("--shard i/n takes an i from 0 to n-1, not " + index + "/" + count + ".");
        }
    }

    /// Reads `i/n`, or `n` alone, whose i is in the environment.
    ///
    /// @throws BadInput if it is neither
    public static Shard parse(String text, Map<String, String> environment) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new BadInput("--shard takes i/n, such as 0/8, or n alone where " + INDEX_VARIABLE + " is set, not '" + text + "'.");
        }
        int count = Integer.parseInt(matcher.group(2));
        return new Shard(matcher.group(1) == null ? indexFrom(environment, text) : Integer.parseInt(matcher.group(1)), count);
    }

    private static int indexFrom(Map<String, String> environment, String text) {
        String index = environment.get(INDEX_VARIABLE);
        if (index == null || !index.matches("\\d{1,7}")) {
            throw new BadInput("--shard " + text + " takes its index from " + INDEX_VARIABLE + ", which is "
                    + (index == null ? "not set" : "'" + index + "'")
                    + "; give --shard i/n.");
        }
        return Integer.parseInt(index);
    }

    /// @param run its place among all runs of the sweep
    boolean has(int run) {
        return run % count == index;
    }

    /// The name of the journal that the shard writes: shards may share a folder.
    public String journalName() {
        return count == 1 ? Journal.NAME : "journal-" + index + "-of-" + count + ".jsonl";
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
