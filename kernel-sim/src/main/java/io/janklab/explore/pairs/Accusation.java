package io.janklab.explore.pairs;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A crossing that breaks a rule on some kernel.
///
/// @param spec    of its litmus, on that kernel
/// @param finding the shortest schedule found; with its steps, if it is the first of its cause
public record Accusation(Crossing crossing, ExploreSpec spec, Finding finding) {
    /// The heading of what a validator has found.
    private static final String VALIDATOR = "kernel bug:";
    private static final String STARVATION = "starvation:";
    private static final Pattern NUMBER = Pattern.compile("\\b(0x)?[0-9a-f]*[0-9][0-9a-f]*\\b");

    /// To be counted.
    Accusation withoutSteps() {
        return new Accusation(crossing, spec, finding.withoutSteps());
    }

    /// The broken rule, without the details of a crossing: equal for two accusations of the same cause.
    public String cause() {
        String sentence = finding.rule().lines().filter(line -> !line.strip().equals(VALIDATOR)).findFirst().orElse("").strip();
        for (PairOperation operation : crossing.operations()) {
            sentence = sentence.replace(operation.name(), "task");
        }
        // A run is given up somewhere.
        boolean somewhere = finding.where().isEmpty() || sentence.startsWith(STARVATION);
        return NUMBER.matcher(sentence).replaceAll("N") + (somewhere ? "" : " (in " + finding.where() + ")");
    }

    /// Why the accusation is expected (`known.txt`); null if it is new.
    public @Nullable String known() {
        return KnownAccusation.ALL.stream().filter(known -> known.covers(this)).map(KnownAccusation::why).findFirst().orElse(null);
    }

    /// [#known], of one that is.
    public String whyKnown() {
        return Objects.requireNonNull(known(), "a new accusation");
    }

    /// The operations accused, in any order.
    public List<String> operations() {
        return crossing.operations().stream().map(PairOperation::name).sorted().toList();
    }
}
