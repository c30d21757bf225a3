package io.janklab.program;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One step of a program; arguments beyond those that the operation takes are 0.
public record Call(Operation operation, long a, long b, long c, long d, long e) {
    public static Call of(Operation operation, long... arguments) {
        long[] padded = Arrays.copyOf(arguments, 5);
        return new Call(operation, padded[0], padded[1], padded[2], padded[3], padded[4]);
    }

    public long argument(int index) {
        return switch (index) {
            case 0 -> a;
            case 1 -> b;
            case 2 -> c;
            case 3 -> d;
            default -> e;
        };
    }

    /// The same call with one argument replaced.
    public Call with(int index, long value) {
        long[] arguments = {a, b, c, d, e};
        arguments[index] = value;
        return of(operation, arguments);
    }

    /// `madvise @12 3p dontneed`.
    ///
    /// @throws IllegalArgumentException with a plain sentence if it cannot be read
    public static Call parse(String text) {
        String[] words = text.trim().split("\\s+");
        Operation operation = Operation.of(words[0]);
        if (operation == null) {
            List<String> known = Arrays.stream(Operation.values()).map(Operation::word).toList();
            throw new IllegalArgumentException("there is no call '" + words[0] + "'" + Nearest.hint(words[0], known) + ".");
        }
        List<Argument> kinds = operation.arguments();
        if (words.length - 1 != kinds.size()) {
            throw new IllegalArgumentException(words[0] + " takes " + kinds.size() + " arguments, not " + (words.length - 1) + ".");
        }
        long[] arguments = new long[kinds.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = parse(kinds.get(i), words[i + 1]);
        }
        return of(operation, arguments);
    }

    private static long parse(Argument kind, String word) {
        try {
            return kind.parse(word);
        } catch (NumberFormatException unreadable) {
            String part = Arrays.stream(word.split("\\|")).filter(each -> !kind.reads(each)).findFirst().orElse(word);
            String bad = kind.all().isEmpty() ? word : part;
            throw new IllegalArgumentException("'" + bad + "' cannot be read as " + kind.name().toLowerCase(Locale.ROOT)
                    + Nearest.hint(bad, kind.all()) + ".", unreadable);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(operation.word());
        for (int i = 0; i < operation.arguments().size(); i++) {
            text.append(' ').append(operation.arguments().get(i).format(argument(i)));
        }
        return text.toString();
    }
}
