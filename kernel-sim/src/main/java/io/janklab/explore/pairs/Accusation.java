package io.janklab.explore.pairs;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A crossing that breaks a rule on some kernel.
///
/// @param spec    of its litmus, on that kernel
/// @param finding the shortest schedule found
public record Accusation(Crossing crossing, ExploreSpec spec, Finding finding) {
    /// The heading of what a validator has found.
    private static final String VALIDATOR = "kernel bug:";
    private static final List<String> KNOWN = Table.lines("known.txt");
    private static final Pattern NUMBER = Pattern.compile("\\b(0x)?[0-9a-f]*[0-9][0-9a-f]*\\b");

    /// The broken rule, without the details of a crossing: equal for two accusations of the same cause.
    public String cause() {
        String sentence = finding.rule().lines().filter(line -> !line.strip().equals(VALIDATOR)).findFirst().orElse("").strip();
        for (PairOperation operation : crossing.operations()) {
            sentence = sentence.replace(operation.name(), "task");
        }
        return NUMBER.matcher(sentence).replaceAll("N") + (finding.where().isEmpty() ? "" : " (in " + finding.where() + ")");
    }

    /// Why the accusation is expected (`known.txt`); null if it is new.
    public @Nullable String known() {
        for (String line : KNOWN) {
            String[] columns = line.split(" \\| ");
            if (String.join(" × ", operations()).equals(columns[0]) && cause().contains(columns[1])) {
                return columns[2];
            }
        }
        return null;
    }

    /// The operations accused, in any order.
    public List<String> operations() {
        return crossing.operations().stream().map(PairOperation::name).sorted().toList();
    }
}
