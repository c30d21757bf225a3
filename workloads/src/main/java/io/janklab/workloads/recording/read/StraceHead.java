package io.janklab.workloads.recording.read;

/// The part of a line of strace before what happened:
///
/// ```
/// head   = ["[pid" tid "]" | tid] time ("[" address | number "]")…      the tid is missing before the first clone
/// time   = seconds ["." fraction] | hours ":" minutes ":" seconds ["." fraction]
/// ```
final class StraceHead {
    private static final int NS_DIGITS = 9;
    private static final int LONGEST_TID = 9;
    private static final int LONGEST_SECONDS = 11;
    private static final long S_PER_MINUTE = 60;
    private static final long NS_PER_S = 1_000_000_000;
    private static final String PID = "[pid";

    private String line = "";
    private int at;
    /// −1 if the line does not say.
    int tid;
    /// Since that clock's zero, or since the line before; since midnight if [#isTimeOfDay].
    long ns;
    boolean isTimeOfDay;
    /// Where what happened begins.
    int what;

    /// Whether `text` has that form; if not, the fields must not be used.
    boolean parse(String text) {
        line = text;
        at = 0;
        tid = -1;
        return parseTid() && parseTime() && parseBrackets();
    }

    private boolean parseTid() {
        if (line.startsWith(PID)) {
            at = PID.length();
            skipBlanks();
            tid = (int) number(LONGEST_TID);
            return tid >= 0 && take(']') && skipBlanks();
        }
        int from = at;
        long first = number(LONGEST_TID);
        if (first >= 0 && at < line.length() && line.charAt(at) == ' ' && skipBlanks() && at < line.length()
                && isDigit(line.charAt(at))) {
            tid = (int) first;
        } else {
            at = from;
            skipBlanks();
        }
        return true;
    }

    private boolean parseTime() {
        long seconds = number(LONGEST_SECONDS);
        isTimeOfDay = seconds >= 0 && at < line.length() && line.charAt(at) == ':';
        if (isTimeOfDay) {
            at++;
            long minutes = number(2);
            if (minutes < 0 || !take(':')) {
                return false;
            }
            long rest = number(2);
            seconds = rest < 0 ? -1 : (seconds * S_PER_MINUTE + minutes) * S_PER_MINUTE + rest;
        }
        if (seconds < 0) {
            return false;
        }
        ns = seconds * NS_PER_S;
        if (at < line.length() && line.charAt(at) == '.') {
            at++;
            int from = at;
            long fraction = number(NS_DIGITS);
            if (fraction < 0) {
                return false;
            }
            for (int digits = at - from; digits < NS_DIGITS; digits++) {
                fraction *= 10;
            }
            ns += fraction;
        }
        return take(' ');
    }

    /// What `-i` and `-n` put before a call.
    private boolean parseBrackets() {
        while (at < line.length() && line.charAt(at) == '[') {
            int close = line.indexOf("] ", at);
            if (close < 0) {
                break;
            }
            at = close + 2;
        }
        what = at;
        return true;
    }

    private boolean take(char c) {
        boolean is = at < line.length() && line.charAt(at) == c;
        at += is ? 1 : 0;
        return is;
    }

    private boolean skipBlanks() {
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return true;
    }

    /// Of at most so many digits; −1 if there is none or more.
    private long number(int most) {
        long value = 0;
        int from = at;
        while (at < line.length() && isDigit(line.charAt(at))) {
            value = value * 10 + line.charAt(at) - '0';
            at++;
            if (at - from > most) {
                return -1;
            }
        }
        return at == from ? -1 : value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
