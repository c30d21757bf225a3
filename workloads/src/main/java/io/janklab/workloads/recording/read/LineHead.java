package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent.Context;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
///
/// With the option latency-format, and in the traces of irqsoff, preemptoff and wakeup, it is another ([#parseLatency]), and in those of
/// function_graph a third ([#parseGraph]):
///
/// ```
/// line   = comm "-" tid cpu flags time "us" mark ":" event ":" details          time since the buffer's first event
/// line   = time "|" cpu ")" [comm "-" tid "|"] … "/*" event ":" details "*/"
/// ```
final class LineHead {
    private static final long NS_PER_S = 1_000_000_000;
    private static final long NS_PER_US = 1_000;
    private static final int NS_DIGITS = 9;
    private static final String PERF_RECORD = "PERF_RECORD_";
    private static final Pattern LATENCY = Pattern.compile(
            " *(.+)-(\\d{1,9}) +(\\d{1,4})([.dDXbB]\\S{2,5}) +(?:(\\d{1,15})us[ !+#*@$]|(\\d{1,10}\\.\\d{1,9})): +(?=\\S)");
    private static final Pattern GRAPH = Pattern.compile(
            " *(\\d{1,10}\\.\\d{1,9}) \\| +(\\d{1,4})\\) +(?:(\\S.*?)-(\\d{1,9}) +\\| )?.*?/\\* (.*) \\*/ *");

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
    Context context = Context.UNKNOWN;
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

    /// The same of a line in latency format.
    boolean parseLatency(String text) {
        Matcher parts = LATENCY.matcher(text);
        if (!parts.lookingAt()) {
            return false;
        }
        line = text;
        nameFrom = parts.start(1);
        nameTo = parts.end(1);
        tid = (int) number(text, parts.start(2), parts.end(2));
        tgid = -1;
        cpu = (int) number(text, parts.start(3), parts.end(3));
        context = context(text, parts.start(4), parts.end(4));
        boolean isTime = parts.group(5) != null ? parseMicroseconds(parts.group(5)) : parseTime(parts.group(6) + ":", 0, parts.end(6)
                - parts.start(6));
        return isTime && parseEvent(text, parts.end());
    }

    private boolean parseMicroseconds(String us) {
        isTicks = false;
        time = number(us, 0, us.length()) * NS_PER_US;
        return true;
    }

    /// The same of an event between the functions of function_graph. Which task runs there is known only with the option funcgraph-proc.
    boolean parseGraph(String text) {
        Matcher parts = GRAPH.matcher(text);
        if (!parts.matches()) {
            return false;
        }
        line = parts.group(5);
        nameFrom = 0;
        nameTo = 0;
        tid = parts.group(4) == null ? -1 : (int) number(text, parts.start(4), parts.end(4));
        tgid = -1;
        cpu = (int) number(text, parts.start(2), parts.end(2));
        context = Context.UNKNOWN;
        String moment = parts.group(1);
        return parseTime(moment + ":", 0, moment.length()) && parseEvent(line, 0);
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
        if (digits == end) {
            return false;
        }
        tid = (int) number(line, digits, end);
        if (digits == 0) {
            nameFrom = 0;
            nameTo = 0;
            return tid >= 0;
        }
        if (isUnknownTask(line, digits)) {
            tid = -1;
            nameFrom = 0;
            nameTo = 0;
            return true;
        }
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

    /// perf's `:-1 -1` of a task that has gone.
    private static boolean isUnknownTask(String line, int digits) {
        return digits > 1 && line.charAt(digits - 1) == '-' && line.stripLeading().startsWith(":-1 ");
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
        if (line.startsWith(PERF_RECORD, from)) {
            int end = from;
            while (end < line.length()
                    && (line.charAt(end) == '_' || Character.isUpperCase(line.charAt(end)) || isDigit(line.charAt(end)))) {
                end++;
            }
            event = names.of(line, from, end);
            details = end;
            return true;
        }
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
