package io.janklab.explore.text;

/// A litmus file cannot be used. The message is one plain sentence.
public final class LitmusSyntax extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;

    LitmusSyntax(int line, String sentence) {
        super(sentence);
        this.line = line;
    }

    /// Which line of the file, from 1.
    public int line() {
        return line;
    }
}
