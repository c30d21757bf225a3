package io.janklab.explore.pairs;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import java.util.List;
import java.util.regex.Pattern;

/// A crossing that breaks a rule on some kernel.
///
/// @param spec    of its litmus, on that kernel
/// @param finding the shortest schedule found
public record Accusation(Crossing crossing, ExploreSpec spec, Finding finding) {
    /// The heading of what a validator has found.
    private static final String VALIDATOR = "kernel bug:";
    private static final List<String> KNOWN = Table.lines("known.txt");
    private static final Pattern NUMBER = Pattern.compile("\\b(0x)?[0-9a-f]*[0-9][0-9a-f]*\\b");

    /// What is broken, without what differs from crossing to crossing: two accusations of the same cause differ in nothing else.
    public String cause() {
        String sentence = finding.rule().lines().filter(line -> !line.strip().equals(VALIDATOR)).findFirst().orElse("").strip();
        for (PairOperation operation : crossing.operations()) {
            sentence = sentence.replace(operation.name(), "task");
        }
        return NUMBER.matcher(sentence).replaceAll("N") + (finding.where().isEmpty() ? "" : " (in " + finding.where() + ")");
    }

    /// Why the accusation stands (`known.txt`); null if it is news.
    public String known() {
        for (String line : KNOWN) {
            String[] columns = line.split(" \\| ");
            if (String.join(" × ", operations()).equals(columns[0]) && cause().contains(columns[1])) {
                return columns[2];
            }
        }
        return null;
    }

    /// What is accused: the operations, in whatever order.
    public List<String> operations() {
        return crossing.operations().stream().map(PairOperation::name).sorted().toList();
    }
}
