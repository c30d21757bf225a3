package io.janklab.workloads.recording.read;

/// Parts of lines as strings. The same few names come again and again: a recently used one is the same string, not a copy. Bounded: a name
/// that falls on the place of another takes it.
final class Names {
    private static final int PLACES = 1 << 12;
    private static final int LONGEST = 64;
    private static final int PRIME = 31;

    private final String[] recent = new String[PLACES];

    /// `text.substring(from, to)`.
    String of(String text, int from, int to) {
        int length = to - from;
        if (length <= 0) {
            return "";
        }
        if (length > LONGEST) {
            return text.substring(from, to);
        }
        int hash = length;
        for (int i = from; i < to; i++) {
            hash = hash * PRIME + text.charAt(i);
        }
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        String known = recent[place];
        if (known == null || known.length() != length || !text.startsWith(known, from)) {
            known = text.substring(from, to);
            recent[place] = known;
        }
        return known;
    }
}
