package io.janklab.workloads.recording.read;

import io.janklab.kernel.uapi.Errno;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The end of a call's line: `") = " result [what it means] ["<" seconds ">"]`. A result is a number, `-1 ENAME`, or `?` where the call did
/// not return: a signal came, or its thread ended.
///
/// @param value −errno if it failed, −EINTR for `?`
/// @param tookNs 0 if it does not say
record StraceResult(long value, long tookNs) {
    private static final Map<String, Long> ERRORS = StraceLog.constants(Errno.class);

    /// Null if there is none.
    static @Nullable StraceResult of(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == ' ') {
            end--;
        }
        long took = 0;
        int open = end > 0 && line.charAt(end - 1) == '>' ? line.lastIndexOf('<', end - 1) : -1;
        int dot = open < 0 ? -1 : line.indexOf('.', open);
        boolean isTime = dot > 0 && LineHead.number(line, open + 1, dot) >= 0 && LineHead.number(line, dot + 1, end - 1) >= 0
                && end - dot <= 11;
        if (isTime) {
            took = StraceLog.ns(line.substring(open + 1, dot), line.substring(dot + 1, end - 1));
        }
        int equals = equalsSign(line, isTime ? open : end);
        if (equals < 0) {
            return null;
        }
        int from = equals + 2;
        if (line.startsWith("?", from)) {
            return new StraceResult(-Errno.EINTR, took);
        }
        return line.startsWith("-1 E", from) ? new StraceResult(-ERRORS.getOrDefault(word(line, from + 3), 1L), took)
                : valued(FieldText.numberAt(line, from, Long.MIN_VALUE), took);
    }

    private static @Nullable StraceResult valued(long value, long took) {
        return value == Long.MIN_VALUE ? null : new StraceResult(value, took);
    }

    private static String word(String line, int from) {
        int to = from;
        while (to < line.length() && (Character.isUpperCase(line.charAt(to)) || Character.isDigit(line.charAt(to)))) {
            to++;
        }
        return line.substring(from, to);
    }

    /// The last `=` between a closing bracket, blanks, and a blank; −1 if there is none.
    private static int equalsSign(String line, int end) {
        for (int at = line.lastIndexOf("= ", end); at > 0; at = line.lastIndexOf("= ", at - 1)) {
            int before = at - 1;
            while (before > 0 && line.charAt(before) == ' ') {
                before--;
            }
            if (before < at - 1 && line.charAt(before) == ')') {
                return at;
            }
        }
        return -1;
    }
}
