package io.janklab.workloads.sweep;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.PolicyMistake;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.workloads.input.BadInput;
import java.io.Serializable;
import java.util.Objects;

/// Why a run of a sweep has no result.
///
/// @param reason a sentence
public record Failure(Kind kind, String reason) implements Serializable {
    /// The kinds of failure.
    public enum Kind {
        /// The simulated kernel broke a rule of its own.
        RULE,
        /// The scenario's demands cannot be met.
        INPUT,
        /// The host's memory did not suffice.
        MEMORY,
        /// It took longer than a run may.
        TIME,
        /// Its executor was lost, repeatedly.
        LOST,
        /// A mistake of ours.
        INTERNAL
    }

    private static final int MIB = 1 << 20;

    public Failure {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(reason);
    }

    /// Of a run that threw this.
    static Failure of(Throwable thrown) {
        Throwable cause = thrown instanceof TaskFailure && thrown.getCause() != null ? thrown.getCause() : thrown;
        return switch (cause) {
            case PolicyMistake mistake -> new Failure(Kind.INPUT, sentence(thrown));
            case KernelRuleBroken broken -> new Failure(Kind.RULE, sentence(thrown));
            case BadInput input -> new Failure(Kind.INPUT, input.getMessage());
            case Deadline.Passed passed -> new Failure(Kind.TIME, passed.getMessage());
            case OutOfMemoryError error -> new Failure(Kind.MEMORY,
                    "The host's heap of " + Runtime.getRuntime().maxMemory() / MIB + " MiB was used up.");
            default -> new Failure(Kind.INTERNAL, sentence(thrown));
        };
    }

    private static String sentence(Throwable thrown) {
        return thrown.getClass().getSimpleName() + ": " + Objects.requireNonNullElse(thrown.getMessage(), "no message").lines().findFirst()
                .orElse("");
    }
}
