package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tracepoints for which Perfetto has no message of its own, by their names and their fields' names: `mmap_lock`, `lock`, `exceptions`.
final class GenericEvent {
    private static final int PAGE_FAULT_WRITE = 1 << 1;
    private static final int PAGE_FAULT_INSTRUCTION = 1 << 4;
    /// LCB_F_SPIN.
    private static final int CONTENTION_SPIN = 1;

    private GenericEvent() {}

    /// The fields of an event that the bundle describes.
    static Map<String, Object> described(Message message, Map<Integer, String> names) throws IOException {
        Map<String, Object> fields = new HashMap<>();
        for (int field = message.next(); field != 0; field = message.next()) {
            String name = names.getOrDefault(field, "");
            fields.put(name, message.isBytes() ? message.text() : (Object) message.number());
        }
        return fields;
    }

    /// One field of `GenericFtraceEvent`: {name 1, str 3, int 4, uint 5}.
    static void readNamed(Message field, Map<String, Object> into) throws IOException {
        String name = "";
        Object value = 0L;
        for (int part = field.next(); part != 0; part = field.next()) {
            switch (part) {
                case 1 -> name = field.text();
                case 3 -> value = field.text();
                case 4, 5 -> value = field.number();
                default -> field.skip();
            }
        }
        into.put(name, value);
    }

    /// Null if it is irrelevant here.
    static @Nullable RecordedEvent parse(String name, Map<String, Object> fields, long ns, int tid) {
        return switch (name) {
            case "mmap_lock_start_locking" -> mmapLock(fields, ns, tid, RecordedEvent.LockStep.START);
            case "mmap_lock_acquire_returned" -> mmapLock(fields, ns, tid,
                    number(fields, "success", 1) != 0 ? RecordedEvent.LockStep.ACQUIRED : RecordedEvent.LockStep.REFUSED);
            case "mmap_lock_released" -> mmapLock(fields, ns, tid, RecordedEvent.LockStep.RELEASED);
            case "contention_begin" ->
                new RecordedEvent.Contention(ns, tid, number(fields, "lock_addr", 0), true,
                        (number(fields, "flags", 0) & CONTENTION_SPIN) != 0);
            case "contention_end" -> new RecordedEvent.Contention(ns, tid, number(fields, "lock_addr", 0), false, false);
            case "page_fault_user" -> fault(fields, ns, tid, true);
            case "page_fault_kernel" -> fault(fields, ns, tid, false);
            default -> probe(name, fields, ns, tid);
        };
    }

    /// A uprobe or kprobe that was defined through tracefs.
    private static @Nullable RecordedEvent probe(String name, Map<String, Object> fields, long ns, int tid) {
        if (fields.containsKey("__probe_func")) {
            return new RecordedEvent.FunctionReturn(ns, tid, name, number(fields, "__probe_func", -1));
        }
        return fields.containsKey("__probe_ip") ? new RecordedEvent.FunctionEnter(ns, tid, name, number(fields, "__probe_ip", -1)) : null;
    }

    private static RecordedEvent mmapLock(Map<String, Object> fields, long ns, int tid, RecordedEvent.LockStep step) {
        return new RecordedEvent.MmapLock(ns, tid, number(fields, "mm", 0), step, number(fields, "write", 0) != 0);
    }

    private static RecordedEvent fault(Map<String, Object> fields, long ns, int tid, boolean user) {
        long code = number(fields, "error_code", -1);
        RecordedEvent.Access access = code < 0 ? RecordedEvent.Access.UNKNOWN
                : (code & PAGE_FAULT_WRITE) != 0 ? RecordedEvent.Access.WRITE
                : (code & PAGE_FAULT_INSTRUCTION) != 0 ? RecordedEvent.Access.EXECUTE : RecordedEvent.Access.READ;
        return new RecordedEvent.Fault(ns, tid, number(fields, "address", -1), access, user);
    }

    private static long number(Map<String, Object> fields, String name, long unknown) {
        return fields.get(name) instanceof Long number ? number : unknown;
    }
}
