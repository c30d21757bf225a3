package io.janklab.workloads.cli.common;

import java.util.List;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What is said of options that cannot be used.
public final class Misuse {
    private Misuse() {
    }

    /// The message of the exception, in one sentence.
    public static String sentence(ParameterException e) {
        String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("the command line cannot be understood");
        List<String> suggestions = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String hint = suggestions.isEmpty() ? "" : " (did you mean '" + suggestions.getFirst() + "'?)";
        return (text.endsWith(".") ? text.substring(0, text.length() - 1) : text) + hint + ".";
    }
}
