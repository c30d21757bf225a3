package io.janklab.workloads.input;

import java.util.List;
import java.util.Objects;

/// Something the user gave us cannot be used. The message is one plain sentence for the user, without a stack trace, on one
/// line whatever it quotes ([OneLine]); of a file with several faults, one for each.
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final List<String> sentences;

    public BadInput(String sentence) {
        this(List.of(OneLine.sentence(sentence)));
    }

    private BadInput(List<String> sentences) {
        super(String.join(" ", sentences));
        this.sentences = sentences;
    }

    /// All of these at once, in their order.
    static BadInput all(List<BadInput> faults) {
        return new BadInput(faults.stream().flatMap(fault -> fault.sentences.stream()).distinct().toList());
    }

    /// The same, each sentence placed.
    BadInput placed(String file, long line) {
        return all(sentences.stream().map(sentence -> at(file, line, sentence)).toList());
    }

    /// The same with what its sentences may begin with left out.
    public BadInput without(String beginning) {
        return new BadInput(sentences.stream()
                .map(sentence -> sentence.startsWith(beginning) ? sentence.substring(beginning.length()) : sentence).toList());
    }

    /// The sentence, or sentences.
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /// One for each fault.
    public List<String> sentences() {
        return sentences;
    }

    /// The same, placed: `scroll.yaml:12: …`.
    public static BadInput at(String file, long line, String sentence) {
        return new BadInput(file + ":" + line + ": " + sentence);
    }
}
