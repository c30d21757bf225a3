package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.Event.Context;

/// The part of a line of ftrace or perf script before an event's own text, and where that text begins:
///
/// ```
/// line   = task " [" cpu "] " [flags] time ":" event ":" details
/// task   = comm "-" tid ["(" tgid ")"]        ftrace; tgid may be dashes
///        | comm tid | comm tgid "/" tid       perf script
/// flags  = irqs resched context …             ftrace; the third letter is the context
/// time   = seconds "." fraction | ticks
/// event  = name | group ":" name              ftrace | perf script
/// ```
final class LineHead {
    private static final long NS_PER_S = 1_000_000_000;
    private static final int NS_DIGITS = 9;

    /// For parts of lines.
    final Names names = new Names();

    /// The line that was parsed last.
    String line = "";
    private int nameFrom;
    private int nameTo;
    int tid;
    /// −1 if the line does not say.
    int tgid;
    int cpu;
    Context context;
    /// In ns, or in ticks if [#isTicks].
    long time;
    boolean isTicks;
    String event = "";
    /// Where the event's own text begins.
    int details;

    /// Whether `text` has that form; if not, the fields must not be used. A task's name may look like any part of a line.
    boolean parse(String text) {
        line = text;
        for (int bracket = findCpu(text, 0); bracket >= 0; bracket = findCpu(text, bracket + 1)) {
            if (parseTask(text, bracket) && parseRest(text, bracket)) {
                return true;
            }
        }
        return false;
    }

    /// The task's, without the blanks around it.
    String name() {
        return names.of(line, nameFrom, nameTo);
    }

    /// The event's own text.
    String details() {
        return line.substring(details);
    }

    private boolean parseRest(String line, int bracket) {
        int at = skipSpaces(line, line.indexOf(']', bracket) + 1);
        int word = wordEnd(line, at);
        context = Context.UNKNOWN;
        if (word > at && line.charAt(word - 1) != ':') {
            context = context(line, at, word);
            at = skipSpaces(line, word);
            word = wordEnd(line, at);
        }
        return word > at + 1 && parseTime(line, at, word - 1) && parseEvent(line, skipSpaces(line, word));
    }

    /// The first bracket from there on of a number in brackets after a blank; −1 if there is none.
    private static int findCpu(String line, int from) {
        int bracket = line.indexOf('[', from);
        while (bracket > 0) {
            int at = bracket + 1;
            while (at < line.length() && isDigit(line.charAt(at))) {
                at++;
            }
            if (at > bracket + 1 && at < bracket + 7 && at < line.length() && line.charAt(at) == ']' && line.charAt(bracket - 1) == ' ') {
                return bracket;
            }
            bracket = line.indexOf('[', bracket + 1);
        }
        return -1;
    }

    private boolean parseTask(String line, int bracket) {
        cpu = (int) number(line, bracket + 1, line.indexOf(']', bracket));
        int end = trimEnd(line, bracket);
        tgid = -1;
        if (end > 0 && line.charAt(end - 1) == ')') {
            int open = line.lastIndexOf('(', end - 1);
            if (open < 0) {
                return false;
            }
            tgid = (int) number(line, skipSpaces(line, open + 1), end - 1);
            end = trimEnd(line, open);
        }
        int digits = end;
        while (digits > 0 && isDigit(line.charAt(digits - 1))) {
            digits--;
        }
        if (digits == end || digits == 0) {
            return false;
        }
        tid = (int) number(line, digits, end);
        char before = line.charAt(digits - 1);
        int nameEnd = digits - 1;
        if (before == '/') {
            int slash = nameEnd;
            while (nameEnd > 0 && isDigit(line.charAt(nameEnd - 1))) {
                nameEnd--;
            }
            tgid = (int) number(line, nameEnd, slash);
        } else if (before != '-' && before != ' ') {
            return false;
        }
        nameFrom = skipSpaces(line, 0);
        nameTo = trimEnd(line, nameEnd);
        return tid >= 0;
    }

    private static Context context(String line, int from, int to) {
        if (to - from < 3) {
            return Context.UNKNOWN;
        }
        return switch (line.charAt(from + 2)) {
            case 'h', 'H', 'z', 'Z' -> Context.HARDIRQ;
            case 's' -> Context.SOFTIRQ;
            case '.' -> Context.TASK;
            default -> Context.UNKNOWN;
        };
    }

    private boolean parseTime(String line, int from, int to) {
        if (line.charAt(to) != ':') {
            return false;
        }
        int dot = from;
        while (dot < to && line.charAt(dot) != '.') {
            dot++;
        }
        long whole = number(line, from, dot);
        isTicks = dot == to;
        if (isTicks) {
            time = whole;
            return whole >= 0;
        }
        int digits = Math.min(NS_DIGITS, to - dot - 1);
        long fraction = number(line, dot + 1, dot + 1 + digits);
        for (int i = digits; i < NS_DIGITS; i++) {
            fraction *= 10;
        }
        time = whole * NS_PER_S + fraction;
        return whole >= 0 && whole < Long.MAX_VALUE / NS_PER_S - 1 && fraction >= 0 && digits > 0;
    }

    private boolean parseEvent(String line, int start) {
        int from = skipCount(line, start);
        int colon = line.indexOf(':', from);
        int space = line.indexOf(' ', from);
        if (colon > 0 && colon + 1 < line.length() && line.charAt(colon + 1) != ' ' && (space < 0 || colon < space)) {
            int second = line.indexOf(':', colon + 1);
            if (second > 0 && (space < 0 || second < space)) {
                boolean modifiers = isModifiers(line, colon + 1, second);
                event = modifiers ? names.of(line, from, colon) : names.of(line, colon + 1, second);
                details = skipSpaces(line, second + 1);
                return true;
            }
        }
        // Only system calls have no colon after their name: `sys_mmap(addr: …)`, `sys_mmap -> 0x…`.
        if (line.startsWith("sys_", from)) {
            int end = from;
            while (end < line.length() && (Character.isLetterOrDigit(line.charAt(end)) || line.charAt(end) == '_')) {
                end++;
            }
            if (end < line.length() && line.charAt(end) != ':') {
                event = names.of(line, from, end);
                details = end;
                return true;
            }
        }
        if (colon < 0 || colon == from || (space >= 0 && space < colon)) {
            return false;
        }
        event = names.of(line, from, colon);
        details = skipSpaces(line, colon + 1);
        return true;
    }

    /// perf's, of a hardware or software event: `page-faults:u:`.
    private static boolean isModifiers(String line, int from, int to) {
        for (int i = from; i < to; i++) {
            if ("ukhGHpPSDWeIb".indexOf(line.charAt(i)) < 0) {
                return false;
            }
        }
        return to > from;
    }

    /// perf prefixes a sample's count: `1 page-faults: …`.
    private static int skipCount(String line, int from) {
        int at = from;
        while (at < line.length() && isDigit(line.charAt(at))) {
            at++;
        }
        return at > from && at < line.length() && line.charAt(at) == ' ' ? skipSpaces(line, at) : from;
    }

    /// A whole number of at most 18 digits; −1 if it is none.
    static long number(String text, int from, int to) {
        if (from >= to || to - from > 18) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int skipSpaces(String line, int from) {
        int at = from;
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private static int trimEnd(String line, int end) {
        int at = end;
        while (at > 0 && line.charAt(at - 1) == ' ') {
            at--;
        }
        return at;
    }

    private static int wordEnd(String line, int from) {
        int at = from;
        while (at < line.length() && line.charAt(at) != ' ') {
            at++;
        }
        return at;
    }
}
