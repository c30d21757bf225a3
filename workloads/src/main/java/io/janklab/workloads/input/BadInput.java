package io.janklab.workloads.input;

/// Something the user gave us cannot be used. The message is one plain sentence for the user, without a stack trace.
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadInput(String sentence) {
        super(sentence);
    }

    /// The same, placed: `scroll.yaml:12: …`.
    public static BadInput at(String file, long line, String sentence) {
        return new BadInput(file + ":" + line + ": " + sentence);
    }
}
