package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whether a line that has the form of an event's is only a part of one, or of two: cut off, or joined with the next, as a full disk, a
/// lost connection or a copy from a terminal leave it. What such a line says is not believed.
final class Damage {
    /// `TASK_COMM_LEN` less its end.
    private static final int LONGEST_COMM = 15;
    /// A second line's core and time. A task's name in front of them is only found where it is too long for one.
    private static final Pattern SECOND_HEAD = Pattern.compile("\\[\\d{1,5}\\] +(?:\\S{1,8} +)?(?:\\d{1,10}\\.\\d{3,9}|\\d{7,18}): ");
    private static final Pattern SECOND_TASK = Pattern.compile(".*\\S-\\d+ .*");
    private static final Pattern SECOND_CALL = Pattern.compile("\\d\\.\\d{3,9} [a-z_]\\w*\\(");
    private static final Set<String> ALWAYS_EVENTS = Set.of("sched_switch", "sched_waking", "sched_wakeup", "sched_wakeup_new");
    private static final Map<String, Integer> ARGUMENTS = Map.of(
            "mmap", 6, "munmap", 2, "mprotect", 3, "madvise", 3, "mremap", 4, "brk", 1, "mlock", 2, "munlock", 2);

    private Damage() {}

    /// @param event what was made of the line; null for nothing
    static boolean isIn(LineHead head, @Nullable RecordedEvent event) {
        return isJoined(head) || (event == null ? head.tid >= 0 && ALWAYS_EVENTS.contains(head.event) : !isWhole(head, event));
    }

    private static boolean isJoined(LineHead head) {
        String name = head.name();
        if (name.length() > LONGEST_COMM && SECOND_TASK.matcher(name).matches()) {
            return true;
        }
        int bracket = head.line.indexOf(" [", head.details);
        return bracket >= 0 && SECOND_HEAD.matcher(head.line).region(bracket, head.line.length()).find();
    }

    private static boolean isWhole(LineHead head, RecordedEvent event) {
        return switch (event) {
            case RecordedEvent.Switch e -> e.prev() >= 0 && e.next() >= 0 && e.nextPrio() >= 0;
            case RecordedEvent.Waking e -> e.tid() >= 0 && e.prio() >= 0;
            case RecordedEvent.NewTask e -> e.tid() >= 0;
            case RecordedEvent.Blocked e -> e.tid() >= 0;
            case RecordedEvent.Fault e -> !head.event.startsWith("page_fault") || (e.address() != -1 && has(head, "ip="));
            case RecordedEvent.MmapLock _ -> has(head, "mm=") && has(head, "write=");
            case RecordedEvent.Contention e -> e.lock() != -1;
            case RecordedEvent.Rss _ -> has(head, "size=");
            case RecordedEvent.CallEnter e -> isWhole(head, e);
            case RecordedEvent.CallExit _ -> Character.isLetterOrDigit(lastVisible(head.line)) && !head.line.endsWith("0x");
            default -> true;
        };
    }

    private static boolean isWhole(LineHead head, RecordedEvent.CallEnter call) {
        int open = head.line.indexOf('(', head.details);
        boolean isClosed = open < 0 || head.event.startsWith("sys_enter_") || lastVisible(head.line) == ')';
        return isClosed && call.arguments().length >= ARGUMENTS.getOrDefault(call.call(), 0);
    }

    private static boolean has(LineHead head, String field) {
        return head.line.indexOf(field, head.details) >= 0;
    }

    private static char lastVisible(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == ' ') {
            end--;
        }
        return end == 0 ? ' ' : line.charAt(end - 1);
    }

    /// Whether a line of strace has a second one in it, outside of strings.
    static boolean isJoined(String line, int from) {
        Matcher second = SECOND_CALL.matcher(line).region(from, line.length());
        while (second.find()) {
            boolean quoted = false;
            for (int at = from; at < second.start(); at++) {
                char c = line.charAt(at);
                at += quoted && c == '\\' ? 1 : 0;
                quoted ^= c == '"';
            }
            if (!quoted) {
                return true;
            }
        }
        return false;
    }
}
