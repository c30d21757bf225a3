package io.janklab.workloads.recording.read;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.event.UffdCalls;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The log of `strace -f -ttt -T` (`-o FILE` or not), or with the time of day (`-tt`) or the time since the line before (`-r`):
///
/// ```
/// line   = head what                                      [StraceHead]
/// what   = call "(" arguments ")" "=" result ["<" seconds ">"]
///        | call "(" arguments "<unfinished ...>"  |  "<... " call " resumed>" … "=" result ["<" seconds ">"]
///        | "+++ exited with " … "+++"  |  "+++ killed by " … "+++"  |  "--- SIG" … "---"
///        | "+++ superseded by execve in pid " tid " +++"           that thread has taken this one's number
/// ```
///
/// Before `what` may stand the code's address or the call's number in brackets (`-i`, `-n`), after a descriptor its file in `<>` (`-y`);
/// lines of a call's stack (`-k`) and of strace itself are passed over.
///
/// A whole call is two events, `-T`'s seconds apart; without them the call took no time. Durations are those under strace: useless, as the
/// order and the arguments are not.
final class StraceLog implements Source {
    /// Times of the first line below it are none of a clock: they are those since the line before.
    private static final long LEAST_EPOCH_NS = 1_000_000_000L;
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final long DAY_NS = 86_400_000_000_000L;
    private static final Pattern SUPERSEDED = Pattern.compile("\\+\\+\\+ superseded by execve in pid (\\d{1,9}) \\+\\+\\+.*");
    private static final Pattern ASIDE = Pattern.compile(
            "strace: .*|(?:\\[ )?Process .*|\\[(?:pid +\\d+|\\?)].*attached|\\s*> .*|\\s*\\[?0x[0-9a-f]+.*|% time .*");
    private static final String RESUMED = "<... ";
    private static final String RESUMED_END = " resumed>";
    private static final String UNFINISHED = "<unfinished ...>";
    private static final String DETACHED = "<detached ...>";
    private static final int FIRST_TID = 1;
    private static final Map<String, Long> WORDS = words();

    /// What was added at midnights.
    private long days;
    private long latest = -1;
    /// The time of the line before, if that was too far from those before; else −1.
    private long far = -1;
    private boolean isRelative;
    private final StraceHead head = new StraceHead();
    private final Names names = new Names();
    private final Set<Integer> known = new HashSet<>();
    private final Map<Integer, Integer> tgids = new HashMap<>();
    private final Map<Integer, String> cloneArguments = new HashMap<>();

    @Override
    public void read(InputStream in, Output output) throws IOException {
        Reorder reorder = new Reorder(output);
        Lines lines = new Lines(in);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (head.parse(line)) {
                if (readLine(line, reorder)) {
                    output.report().understand();
                } else {
                    output.report().misunderstand(lines.number());
                }
                reorder.handOver();
            } else if (!line.isBlank() && !ASIDE.matcher(line).matches()) {
                output.report().misunderstand(lines.number());
            }
        }
        reorder.flush();
    }

    /// @return false if it is only a part of one, or of two
    private boolean readLine(String line, Output output) {
        if (Damage.isJoined(line, head.what)) {
            return false;
        }
        if (isFar()) {
            return false;
        }
        int tid = head.tid < 0 ? FIRST_TID : head.tid;
        long ns = time();
        if (known.add(tid) && !tgids.containsKey(tid)) {
            tgids.put(tid, tid);
            output.accept(new RecordedEvent.ThreadOf(tid, tid, null));
        }
        int from = head.what;
        int end = nameEnd(line, from);
        if (end > from && line.startsWith("(", end)) {
            if (!isWhole(line, end + 1)) {
                return false;
            }
            enter(tid, ns, names.of(line, from, end), line.substring(end + 1), output);
        } else if (line.startsWith(RESUMED, from)) {
            int name = from + RESUMED.length();
            int nameTo = nameEnd(line, name);
            if (!line.startsWith(RESUMED_END, nameTo)) {
                return false;
            }
            if (!line.endsWith(UNFINISHED)) {
                exit(tid, ns, names.of(line, name, nameTo), line.substring(nameTo + RESUMED_END.length()), false, output);
            }
        } else if (line.startsWith("+++", from)) {
            ended(tid, ns, line.substring(from), output);
        } else {
            return line.startsWith("---", from);
        }
        return true;
    }

    /// Whether a call's line says how it ended, or that it had not.
    private static boolean isWhole(String line, int arguments) {
        return line.endsWith(UNFINISHED) || line.endsWith(DETACHED) || StraceResult.of(line.substring(arguments)) != null;
    }

    /// Where the name of a call ends that begins there.
    private static int nameEnd(String line, int from) {
        int at = from;
        while (at < line.length() && (line.charAt(at) == '_' || (line.charAt(at) >= 'a' && line.charAt(at) <= 'z')
                || (at > from && Character.isDigit(line.charAt(at))))) {
            at++;
        }
        return at;
    }

    private static void ended(int tid, long ns, String what, Output output) {
        Matcher superseded = SUPERSEDED.matcher(what);
        // That thread goes on under this one's number.
        output.accept(new RecordedEvent.Exit(ns, superseded.matches() ? Integer.parseInt(superseded.group(1)) : tid));
    }

    /// Whether its time has lost or gained a digit: it is hours from that of the line before, and from that of one before that was as far.
    private boolean isFar() {
        if (head.isTimeOfDay || isRelative || latest < 0) {
            return false;
        }
        long before = far;
        far = Math.abs(head.ns - latest) > HOUR_NS ? head.ns : -1;
        return far >= 0 && (before < 0 || Math.abs(far - before) > HOUR_NS);
    }

    /// On one clock that never goes back by a day.
    private long time() {
        long ns = head.ns;
        if (head.isTimeOfDay) {
            ns += days;
            if (ns < latest - DAY_NS / 2) {
                days += DAY_NS;
                ns += DAY_NS;
            }
            latest = ns;
            return ns;
        }
        isRelative |= latest < 0 && ns < LEAST_EPOCH_NS;
        latest = isRelative ? Math.max(0, latest) + ns : ns;
        return latest;
    }

    private void enter(int tid, long ns, String call, String rest, Output output) {
        output.accept(new RecordedEvent.CallEnter(ns, tid, call, arguments(rest)));
        if (call.startsWith("clone")) {
            cloneArguments.put(tid, rest);
        }
        if (!rest.contains(UNFINISHED)) {
            exit(tid, ns, call, rest, true, output);
        }
    }

    /// @param ns when it returned; if it is a `whole` call's line, when that began
    private void exit(int tid, long ns, String call, String rest, boolean whole, Output output) {
        StraceResult result = StraceResult.of(rest);
        if (result == null) {
            return;
        }
        long end = whole ? ns + result.tookNs() : ns;
        long value = result.value();
        if (value > 0 && (call.startsWith("clone") || call.endsWith("fork"))) {
            child(tid, (int) value, ns, cloneArguments.getOrDefault(tid, ""), output);
        }
        if (call.equals("execve") && value == 0) {
            output.accept(new RecordedEvent.Exec(end, tid, ""));
        }
        output.accept(new RecordedEvent.CallExit(end, tid, call, value));
    }

    private void child(int parent, int tid, long ns, String arguments, Output output) {
        boolean thread = arguments.contains("CLONE_THREAD");
        int tgid = thread ? tgids.getOrDefault(parent, parent) : tid;
        tgids.put(tid, tgid);
        output.accept(new RecordedEvent.NewTask(ns, parent, tid, "", thread ? 0x10100 : 0));
        output.accept(new RecordedEvent.ThreadOf(tid, tgid, null));
    }

    static long ns(String seconds, String fraction) {
        long ns = fraction.isEmpty() ? 0 : LineHead.number(fraction, 0, fraction.length());
        for (int i = fraction.length(); i < 9; i++) {
            ns *= 10;
        }
        return LineHead.number(seconds, 0, seconds.length()) * 1_000_000_000 + ns;
    }

    /// The values of the arguments up to the closing bracket; words are looked up, `A|B` is their union, what is neither is 0.
    static long[] arguments(String text) {
        List<Long> values = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int at = 0; at <= text.length() && values.size() < 6; at++) {
            char c = at == text.length() ? ')' : text.charAt(at);
            if (c == '"') {
                at = endOfString(text, at);
            } else if (c == '{' || c == '[' || c == '(') {
                depth++;
            } else if (depth > 0 && (c == '}' || c == ']' || c == ')')) {
                depth--;
            } else if (depth == 0 && c == '<' && !text.startsWith(UNFINISHED, at)) {
                at = endOfFile(text, at);
            } else if (depth == 0 && (c == ',' || c == ')' || c == '<')) {
                values.add(value(text.substring(from, at).strip()));
                from = at + 1;
                if (c != ',') {
                    break;
                }
            }
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static int endOfString(String text, int quote) {
        int at = quote + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, text.length() - 1);
    }

    /// The end of what `-y` tells of a descriptor: `3</a/file>`, `4<TCP:[1.2.3.4:5->6.7.8.9:10]>`.
    private static int endOfFile(String text, int from) {
        for (int at = text.indexOf('>', from); at >= 0; at = text.indexOf('>', at + 1)) {
            if (at + 1 == text.length() || " ,)}]".indexOf(text.charAt(at + 1)) >= 0) {
                return at;
            }
        }
        return from;
    }

    private static long value(String word) {
        long number = FieldText.numberAt(word, 0, Long.MIN_VALUE);
        if (number != Long.MIN_VALUE) {
            return number;
        }
        long union = 0;
        for (int from = 0; from <= word.length();) {
            int bar = word.indexOf('|', from);
            int to = bar < 0 ? word.length() : bar;
            union |= word.startsWith("0x", from) ? FieldText.numberAt(word, from, 0) : WORDS.getOrDefault(word.substring(from, to), 0L);
            from = to + 1;
        }
        return union;
    }

    static Map<String, Long> constants(Class<?> header) {
        Map<String, Long> constants = new HashMap<>();
        for (java.lang.reflect.Field field : header.getFields()) {
            try {
                constants.put(field.getName(), ((Number) field.get(null)).longValue());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        return constants;
    }

    private static Map<String, Long> words() {
        Map<String, Long> words = constants(Mman.class);
        words.putAll(UffdCalls.commands());
        words.put("FUTEX_WAIT", 0L);
        words.put("FUTEX_WAKE", 1L);
        words.put("FUTEX_PRIVATE_FLAG", 128L);
        words.put("FUTEX_WAIT_PRIVATE", 128L);
        words.put("FUTEX_WAKE_PRIVATE", 129L);
        words.put("FUTEX_WAIT_BITSET_PRIVATE", 137L);
        words.put("TIMER_ABSTIME", 1L);
        words.put("CLOCK_MONOTONIC", 1L);
        return Map.copyOf(words);
    }
}
