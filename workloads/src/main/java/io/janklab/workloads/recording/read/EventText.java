package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.MmCalls;
import io.janklab.workloads.recording.event.RecordedEvent;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The text of one event of ftrace, as the kernel, `trace-cmd report` and `perf script` print it:
///
/// | event | text |
/// |---|---|
/// | `sched_switch` | `prev_comm=C prev_pid=N prev_prio=N prev_state=S ==> next_comm=C next_pid=N …`, or `C:N [N] S ==> C:N [N]` |
/// | `sched_waking`, `sched_wakeup`, `sched_wakeup_new` | `comm=C pid=N prio=N target_cpu=N`, or `C:N [N] CPU:N` |
/// | `sys_X`, `sys_enter_X`, `sys_exit_X` | `(name: value, …)` or `-> value`; `name: value, …`; `value` |
/// | `sys_enter`, `sys_exit` | `NR N (hex, …)`; `NR N = value` |
/// | `page_fault_user`, `page_fault_kernel` | `address=A ip=A error_code=N` (bit 1 write, bit 4 instruction fetch) |
/// | `mmap_lock_start_locking`, `_acquire_returned`, `_released` | `mm=A … write=B success=B` |
/// | `contention_begin`, `contention_end` | `A (flags=F\|…)`, `A (ret=N)` |
/// | `task_newtask`, `sched_process_fork`, `_exec`, `_exit`, `task_rename` | fields by name |
/// | `PERF_RECORD_LOST`, `_FORK`, `_EXIT`, `_COMM` | perf's own: `lost N`, `(N:N):(N:N)`, `: name:N/N` |
/// | `sched_blocked_reason`, `cpu_frequency`, `rss_stat` | fields by name |
/// | `tracing_mark_write`, `print`, `0` | `B\|TGID\|name`, `E\|TGID`, `E` |
/// | any other, a uprobe or kprobe | `(A) …`, at a function's return `(A <- A) …`, where A is an address or a kernel symbol |
final class EventText {
    private static final int WRITE = 1 << 1;
    private static final int INSTRUCTION = 1 << 4;

    private static final long CLONE_VM = 0x100;
    private static final long CLONE_THREAD = 0x10000;
    private static final Pattern IDS = Pattern.compile("\\((\\d{1,9}):(\\d{1,9})\\):\\((\\d{1,9}):(\\d{1,9})\\)");
    /// Of a kernel's function its symbol, whose offset is left away.
    private static final Pattern PROBE = Pattern.compile("\\(([\\w.]+)(?:\\+0x[\\da-f/x]+)?(?: <- ([\\w.]+)(?:\\+0x[\\da-f/x]+)?)?\\)");
    private static final String NEXT = " ==> next_comm=";

    private EventText() {}

    /// The event of that line at time `ns`; null if it is irrelevant here, or its text is malformed.
    ///
    /// @param isArm whether numbers of system calls are arm64's, not x86-64's
    static @Nullable RecordedEvent parse(LineHead head, long ns, boolean isArm) {
        if (head.tid < 0 && !head.event.startsWith("sched_") && !head.event.startsWith("PERF_RECORD_")) {
            return null;
        }
        FieldText fields = new FieldText(head);
        return switch (head.event) {
            case "sched_switch" -> schedSwitch(head, ns, fields);
            case "sched_waking", "sched_wakeup" -> waking(head, ns, fields, false);
            case "sched_wakeup_new" -> waking(head, ns, fields, true);
            case "task_newtask" -> new RecordedEvent.NewTask(ns, head.tid, (int) fields.number("pid", -1),
                    fields.until("comm", "clone_flags"),
                    fields.hex("clone_flags"));
            case "sched_process_fork" -> new RecordedEvent.NewTask(ns, (int) fields.number("pid", head.tid),
                    (int) fields.number("child_pid", -1),
                    fields.until("child_comm", "child_pid"), -1);
            case "sched_process_exec" -> new RecordedEvent.Exec(ns, (int) fields.number("pid", head.tid), fields.word("filename"));
            case "sched_process_exit" -> new RecordedEvent.Exit(ns, (int) fields.number("pid", head.tid));
            case "task_rename" -> new RecordedEvent.Rename(ns, (int) fields.number("pid", head.tid),
                    fields.until("newcomm", "oom_score_adj"));
            case "sched_blocked_reason" -> new RecordedEvent.Blocked(ns, (int) fields.number("pid", -1), fields.number("iowait", 0) != 0,
                    fields.word("caller"));
            case "cpu_frequency" -> new RecordedEvent.Frequency(ns, (int) fields.number("cpu_id", head.cpu), fields.number("state", 0));
            case "page_fault_user" -> fault(head, ns, fields, true);
            case "page_fault_kernel" -> fault(head, ns, fields, false);
            case "page-faults", "minor-faults", "major-faults" -> new RecordedEvent.Fault(ns, head.tid, sampledAddress(head),
                    RecordedEvent.Access.UNKNOWN, true);
            case "mmap_lock_start_locking" -> mmapLock(head, ns, fields, RecordedEvent.LockStep.START);
            case "mmap_lock_acquire_returned" ->
                mmapLock(head, ns, fields, fields.word("success").equals("false") ? RecordedEvent.LockStep.REFUSED
                        : RecordedEvent.LockStep.ACQUIRED);
            case "mmap_lock_released" -> mmapLock(head, ns, fields, RecordedEvent.LockStep.RELEASED);
            case "contention_begin" ->
                new RecordedEvent.Contention(ns, head.tid, addressFirst(head), true, head.line.indexOf("SPIN", head.details) >= 0);
            case "contention_end" -> new RecordedEvent.Contention(ns, head.tid, addressFirst(head), false, false);
            case "rss_stat" -> rss(head, ns, fields);
            case "tracing_mark_write", "print", "0", "bprint" -> mark(head, ns, head.details());
            case "PERF_RECORD_LOST", "PERF_RECORD_LOST_SAMPLES" -> new RecordedEvent.Lost(ns, head.cpu,
                    Math.max(1, lastNumber(head.details())));
            case "PERF_RECORD_FORK", "PERF_RECORD_EXIT", "PERF_RECORD_COMM" -> task(head, ns, head.details());
            case "sys_enter" -> rawEnter(head, ns, head.details(), isArm);
            case "sys_exit" -> head.line.startsWith("NR ", head.details) ? rawExit(head, ns, head.details(), isArm) : call(head, ns);
            default -> head.event.startsWith("sys_") ? call(head, ns) : probe(head, ns);
        };
    }

    /// perf's own records: `(TGID:TID):(parent's TGID:TID)` of a thread that begins or ends, `[ exec]: name:TGID/TID` of one that is named.
    private static @Nullable RecordedEvent task(LineHead head, long ns, String text) {
        if (head.event.endsWith("COMM")) {
            int slash = text.lastIndexOf('/');
            int colon = text.lastIndexOf(':');
            int begin = text.indexOf(": ") + 2;
            long tid = slash < 0 ? -1 : FieldText.numberAt(text, slash + 1, -1);
            return tid < 0 || colon < begin ? null : new RecordedEvent.Rename(ns, (int) tid, text.substring(begin, colon));
        }
        Matcher ids = IDS.matcher(text);
        if (!ids.lookingAt()) {
            return null;
        }
        int tid = Integer.parseInt(ids.group(2));
        return head.event.endsWith("EXIT") ? new RecordedEvent.Exit(ns, tid)
                : new RecordedEvent.NewTask(ns, Integer.parseInt(ids.group(4)), tid, "",
                        ids.group(1).equals(ids.group(3)) ? CLONE_VM | CLONE_THREAD : 0);
    }

    /// `(function)` or `(where it returns to <- function)`.
    private static @Nullable RecordedEvent probe(LineHead head, long ns) {
        Matcher places = PROBE.matcher(head.line).region(head.details, head.line.length());
        if (!places.lookingAt()) {
            return null;
        }
        String function = places.group(2) == null ? places.group(1) : places.group(2);
        long address = function.matches("(0x)?[0-9a-f]{5,}") ? FieldText.hexAt(function, 0, -1) : function.hashCode() & 0xffff_ffffL;
        return places.group(2) == null ? new RecordedEvent.FunctionEnter(ns, head.tid, head.event, address)
                : new RecordedEvent.FunctionReturn(ns, head.tid, head.event, address);
    }

    /// 0 if there is none.
    private static long lastNumber(String text) {
        int end = text.stripTrailing().length();
        int from = end;
        while (from > 0 && Character.isDigit(text.charAt(from - 1))) {
            from--;
        }
        return Math.max(0, LineHead.number(text, from, end));
    }

    private static long addressFirst(LineHead head) {
        return FieldText.hexAt(head.line, head.details, -1);
    }

    /// perf's samples have the address (`-F +addr`) before that of the code; −1 where they have the code's alone.
    private static long sampledAddress(LineHead head) {
        int blank = head.line.indexOf(' ', head.details);
        int code = blank < 0 ? head.line.length() : skip(head.line, blank);
        int end = head.line.indexOf(' ', code);
        String second = head.line.substring(code, end < 0 ? head.line.length() : end);
        boolean isCode = !second.isEmpty() && second.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        return isCode ? addressFirst(head) : -1;
    }

    private static @Nullable RecordedEvent schedSwitch(LineHead head, long ns, FieldText fields) {
        if (fields.has("prev_pid")) {
            int arrow = head.line.indexOf(NEXT, head.details);
            int middle = arrow < 0 ? head.details : arrow;
            FieldText prev = arrow < 0 ? fields : new FieldText(head, head.details, middle);
            FieldText next = new FieldText(head, middle, head.line.length());
            return new RecordedEvent.Switch(
                    ns, head.cpu,
                    (int) prev.number("prev_pid", -1), prev.until("prev_comm", "prev_pid"), (int) prev.number("prev_prio", -1),
                    leftAs(prev.word("prev_state")),
                    (int) next.number("next_pid", -1), next.until("next_comm", "next_pid"), (int) next.number("next_prio", -1));
        }
        String details = head.details();
        int arrow = details.indexOf(" ==> ");
        if (arrow < 0) {
            return null;
        }
        String left = details.substring(0, arrow);
        ShortTask prev = ShortTask.parse(left);
        ShortTask next = ShortTask.parse(details.substring(arrow + 5));
        return prev == null || next == null ? null : new RecordedEvent.Switch(
                ns, head.cpu, prev.tid, prev.name, prev.prio, leftAs(left.substring(left.lastIndexOf(' ') + 1)), next.tid,
                        next.name, next.prio);
    }

    /// `name:tid [prio]`, as trace-cmd prints tasks.
    private record ShortTask(String name, int tid, int prio) {
        static @Nullable ShortTask parse(String text) {
            int bracket = text.lastIndexOf('[');
            int close = text.indexOf(']', bracket);
            int colon = bracket < 0 ? -1 : text.lastIndexOf(':', bracket);
            if (colon < 0 || close < 0) {
                return null;
            }
            long tid = LineHead.number(text, colon + 1, text.substring(0, bracket).stripTrailing().length());
            return tid < 0 ? null : new ShortTask(text.substring(0, colon).strip(), (int) tid,
                    (int) LineHead.number(text, bracket + 1, close));
        }
    }

    /// `prev_state`: letters of `task_state_array`, `+` if preempted; or its bits, where a tool prints fields as they are.
    static RecordedEvent.LeftAs leftAs(String state) {
        if (!state.isEmpty() && Character.isDigit(state.charAt(0))) {
            return FtraceBundle.leftAs(FieldText.numberAt(state, 0, 0));
        }
        if (state.endsWith("+")) {
            return RecordedEvent.LeftAs.PREEMPTED_IN_KERNEL;
        }
        if (state.isEmpty() || state.charAt(0) == 'R') {
            return RecordedEvent.LeftAs.RUNNABLE;
        }
        return switch (state.charAt(0)) {
            case 'D' -> RecordedEvent.LeftAs.UNINTERRUPTIBLE;
            case 'X', 'Z', 'x' -> RecordedEvent.LeftAs.DEAD;
            default -> RecordedEvent.LeftAs.SLEEPING;
        };
    }

    private static @Nullable RecordedEvent waking(LineHead head, long ns, FieldText fields, boolean first) {
        if (fields.has("pid")) {
            return new RecordedEvent.Waking(ns, head.cpu, head.tid, head.context, (int) fields.number("pid", -1),
                    fields.until("comm", "pid"),
                    (int) fields.number("prio", -1), first);
        }
        ShortTask task = ShortTask.parse(head.details());
        return task == null ? null : new RecordedEvent.Waking(ns, head.cpu, head.tid, head.context, task.tid, task.name, task.prio, first);
    }

    private static RecordedEvent fault(LineHead head, long ns, FieldText fields, boolean user) {
        long code = fields.number("error_code", -1);
        RecordedEvent.Access access = code < 0 ? RecordedEvent.Access.UNKNOWN
                : (code & WRITE) != 0 ? RecordedEvent.Access.WRITE
                : (code & INSTRUCTION) != 0 ? RecordedEvent.Access.EXECUTE : RecordedEvent.Access.READ;
        return new RecordedEvent.Fault(ns, head.tid, fields.number("address", -1), access, user);
    }

    private static RecordedEvent mmapLock(LineHead head, long ns, FieldText fields, RecordedEvent.LockStep step) {
        return new RecordedEvent.MmapLock(ns, head.tid, fields.hex("mm"), step, fields.word("write").equals("true"));
    }

    private static RecordedEvent rss(LineHead head, long ns, FieldText fields) {
        String type = fields.word("type").isEmpty() ? fields.word("member") : fields.word("type");
        int member = switch (type) {
            case "MM_FILEPAGES" -> 0;
            case "MM_ANONPAGES" -> 1;
            case "MM_SWAPENTS" -> 2;
            case "MM_SHMEMPAGES" -> 3;
            default -> (int) fields.number("member", 0);
        };
        return new RecordedEvent.Rss(ns, head.tid, fields.number("mm_id", 0), fields.number("curr", 0) != 0, member,
                fields.number("size", 0));
    }

    /// atrace's markers, whatever text the kernel has put before them.
    private static @Nullable RecordedEvent mark(LineHead head, long ns, String text) {
        String mark = text;
        int colon = mark.indexOf(": ");
        if (colon > 0 && mark.indexOf('|') != 1 && colon < 40) {
            mark = mark.substring(colon + 2);
        }
        return mark(ns, head.tid, mark);
    }

    /// The event of a text in `trace_marker`; null for irrelevant ones.
    static @Nullable RecordedEvent mark(long ns, int tid, String mark) {
        if (mark.startsWith("B|")) {
            int bar = mark.indexOf('|', 2);
            return new RecordedEvent.SliceBegin(ns, tid, bar < 0 ? "" : mark.substring(bar + 1).strip());
        }
        return mark.startsWith("E|") || mark.strip().equals("E") ? new RecordedEvent.SliceEnd(ns, tid) : null;
    }

    private static @Nullable RecordedEvent rawEnter(LineHead head, long ns, String text, boolean isArm) {
        int open = text.indexOf('(');
        if (!text.startsWith("NR ") || open < 0) {
            return null;
        }
        String[] words = text.substring(open + 1).split("[ ,)]+");
        long[] arguments = new long[Math.min(6, words.length)];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = FieldText.hexAt(words[i], 0, -1);
        }
        return new RecordedEvent.CallEnter(ns, head.tid, MmCalls.name((int) FieldText.numberAt(text, 3, -1), isArm), arguments);
    }

    private static @Nullable RecordedEvent rawExit(LineHead head, long ns, String text, boolean isArm) {
        int equals = text.indexOf("= ");
        if (equals < 0) {
            return null;
        }
        String call = MmCalls.name((int) FieldText.numberAt(text, 3, -1), isArm);
        return new RecordedEvent.CallExit(ns, head.tid, call, FieldText.numberAt(text, equals + 2, 0));
    }

    private static @Nullable RecordedEvent call(LineHead head, long ns) {
        String name = head.event;
        String line = head.line;
        int at = skip(line, head.details);
        boolean bracket = line.startsWith("(", at);
        if (name.startsWith("sys_enter_")) {
            return new RecordedEvent.CallEnter(ns, head.tid, callName(head, 10), arguments(line, at));
        }
        if (name.startsWith("sys_exit_") && !bracket) {
            return new RecordedEvent.CallExit(ns, head.tid, callName(head, 9), FieldText.numberAt(line, at, 0));
        }
        if (line.startsWith("->", at)) {
            return new RecordedEvent.CallExit(ns, head.tid, callName(head, 4), FieldText.numberAt(line, skip(line, at + 2), 0));
        }
        return bracket ? new RecordedEvent.CallEnter(ns, head.tid, callName(head, 4), arguments(line, at)) : null;
    }

    /// The event's name without what is before that of the call.
    private static String callName(LineHead head, int before) {
        return head.names.of(head.event, before, head.event.length());
    }

    private static int skip(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    /// Each value after its `name: `. Without `0x` they are hexadecimal too: small ones look the same, and old kernels left it out.
    private static long[] arguments(String text, int from) {
        long[] values = new long[6];
        int count = 0;
        for (int colon = text.indexOf(':', from); colon >= 0 && count < values.length; colon = text.indexOf(':', colon + 1)) {
            values[count++] = FieldText.hexAt(text, skip(text, colon + 1), 0);
        }
        return count == values.length ? values : Arrays.copyOf(values, count);
    }
}
