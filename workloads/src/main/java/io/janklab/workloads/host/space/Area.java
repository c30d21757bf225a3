package io.janklab.workloads.host.space;

import io.janklab.program.Argument;
import io.janklab.program.Region;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One VMA as `/proc/PID/smaps` shows it: bounds, `rw-p`, name, sizes in KiB, and the two-letter flags both sides know.
public record Area(long start, long end, String permissions, String name, long rss, long anonymous, long anonHugePages, long lazyFree,
        long swap, long locked, String flags) {
    /// The name of a mapping of the program's file.
    static final String FILE = "file";
    /// The name of shared anonymous memory.
    static final String SHMEM = "shmem";

    private static final Pattern TEXT =
            Pattern.compile(
            "(\\S+)-(\\S+) (\\S{4})(?: (\\S+))? rss=(\\d+) anon=(\\d+) huge=(\\d+) lazyfree=(\\d+) swap=(\\d+) locked=(\\d+) \\[(.*)]");

    /// Parses the text of [#toString].
    ///
    /// @throws IllegalArgumentException if it cannot be read
    public static Area parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(text);
        }
        long[] numbers = new long[6];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Long.parseLong(parts.group(5 + i));
        }
        String name = parts.group(4) == null ? "" : parts.group(4);
        long start = Argument.ADDRESS.parse(parts.group(1));
        long end = Argument.ADDRESS.parse(parts.group(2));
        return new Area(start, end, parts.group(3), name, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5],
                parts.group(11));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s-%s %s%s rss=%d anon=%d huge=%d lazyfree=%d swap=%d locked=%d [%s]",
                Region.describe(start), Region.describe(end), permissions, name.isEmpty() ? "" : " " + name,
                rss, anonymous, anonHugePages, lazyFree, swap, locked, flags);
    }
}
