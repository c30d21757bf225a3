package io.janklab.workloads.input;

/// Something the user gave us cannot be used. The message is one plain sentence for the user, without a stack trace, on one line, whatever
/// it quotes ([OneLine]).
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadInput(String sentence) {
        super(OneLine.sentence(sentence));
    }

    /// The same, placed: `scroll.yaml:12: …`.
    public static BadInput at(String file, long line, String sentence) {
        return new BadInput(file + ":" + line + ": " + sentence);
    }
}
