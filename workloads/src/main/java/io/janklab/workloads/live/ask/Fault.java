package io.janklab.workloads.live.ask;

import io.janklab.workloads.input.BadInput;
import org.jspecify.annotations.Nullable;

/// Why a question cannot be answered.
///
/// @param field at which the page shows it; empty if no single field is at fault
/// @param sentence of the command line
public record Fault(String field, String sentence) {
    /// A field is at fault if it is refused with that sentence by itself; or else the last one without which the sentence does not occur.
    ///
    /// @param refused the planner's exception for the question
    public static Fault of(Question question, Planner planner, BadInput refused) {
        String sentence = refused.getMessage();
        for (String field : question.fields().keySet()) {
            if (sentence.equals(refusal(question.only(field), planner))) {
                return new Fault(field, sentence);
            }
        }
        for (String field : question.fields().sequencedKeySet().reversed()) {
            if (!sentence.equals(refusal(question.without(field), planner))) {
                return new Fault(field, sentence);
            }
        }
        return new Fault("", sentence);
    }

    /// Null if it is accepted.
    private static @Nullable String refusal(Question question, Planner planner) {
        try {
            planner.plan(question);
            return null;
        } catch (BadInput e) {
            return e.getMessage();
        }
    }
}
