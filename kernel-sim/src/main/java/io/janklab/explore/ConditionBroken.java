package io.janklab.explore;

/// A program's own condition does not hold.
public final class ConditionBroken extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConditionBroken(String sentence) {
        super(sentence);
    }
}
