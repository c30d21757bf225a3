package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.MmCalls;
import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `FtraceEventBundle`: events of one core in the order of their times; those of the scheduler may be columns (`CompactSched`), whose times
/// are differences, whose previous task is the core's last next one, and whose waker is the task running there.
final class FtraceBundle {
    private static final int FIRST_GENERIC = 65_536;
    private static final int UNINTERRUPTIBLE = 2;
    private static final int DEAD = 0x10 | 0x20;
    private static final int REPORTED = 0xff;

    private static final class Running {
        int tid = -1;
        String name = "";
        int prio = -1;
    }

    /// Of a generic event: its name and its fields' names by number.
    private record Descriptor(String name, Map<Integer, String> fields) {}

    private final Map<Integer, Running> running = new HashMap<>();
    private final Map<Integer, Descriptor> descriptors = new HashMap<>();

    /// System calls' numbers are those of arm64, unless the machine is known to be another.
    private boolean isArm = true;

    /// The machine's architecture, as uname(2) has it.
    void numbersOf(String machine) {
        isArm = machine.isEmpty() || machine.startsWith("a") && !machine.startsWith("amd");
    }

    /// @param first the time of its first event on the bundle's clock (ns); −1 if it has none
    /// @param clock of its times: 0 CLOCK_BOOTTIME, 4 CLOCK_MONOTONIC_RAW, others ftrace's own
    /// @param read that clock at a moment; 0 if it says none
    /// @param boottime CLOCK_BOOTTIME at the same moment
    record Beginning(long first, long clock, long read, long boottime) {
        private static final int RAW = 4;

        /// How much later CLOCK_BOOTTIME is than the bundle's clock (ns).
        long laterNs(Clocks clocks) {
            if (clock == 0 || first < 0) {
                return 0;
            }
            long raw = clock == RAW ? clocks.boottime(Clocks.MONOTONIC_RAW, 0, first) : -1;
            return raw >= 0 ? raw - first : read != 0 && boottime != 0 ? boottime - read : 0;
        }
    }

    /// What has to be known of a bundle before it is read: when it begins, and descriptions of events, which later bundles rely on too.
    Beginning announce(Message bundle) throws IOException {
        long first = -1;
        long clock = 0;
        long read = 0;
        long boottime = 0;
        boolean began = false;
        for (int field = bundle.next(); field != 0; field = bundle.next()) {
            switch (field) {
                case 2 -> {
                    if (began) {
                        bundle.skip();
                    } else {
                        first = earlier(first, firstNumber(bundle.message(), 1));
                        began = true;
                    }
                }
                case 4 -> {
                    byte[] compact = bundle.bytes();
                    first = earlier(first, firstNumber(new Message(compact), 1));
                    first = earlier(first, firstNumber(new Message(compact), 7));
                }
                case 5 -> clock = bundle.number();
                case 6 -> read = bundle.number();
                case 7 -> boottime = bundle.number();
                case 11 -> describe(bundle.message());
                default -> bundle.skip();
            }
        }
        return new Beginning(first, clock, read, boottime);
    }

    /// The first value of that field; −1 if there is none.
    private static long firstNumber(Message message, int wanted) throws IOException {
        for (int field = message.next(); field != 0; field = message.next()) {
            if (field == wanted) {
                long[] numbers = message.numbers();
                return numbers.length == 0 ? -1 : numbers[0];
            }
            message.skip();
        }
        return -1;
    }

    private static long earlier(long one, long other) {
        return one < 0 || other < 0 ? Math.max(one, other) : Math.min(one, other);
    }

    /// Reads the events of a bundle that has been announced.
    ///
    /// @param symbols of its writer
    /// @param laterNs how much later CLOCK_BOOTTIME is than its times
    void read(Message bundle, Map<Long, String> symbols, long laterNs, Source.Output output) throws IOException {
        int cpu = 0;
        boolean lost = false;
        List<byte[]> events = new ArrayList<>();
        byte[] compact = null;
        for (int field = bundle.next(); field != 0; field = bundle.next()) {
            switch (field) {
                case 1 -> cpu = (int) bundle.number();
                case 2 -> events.add(bundle.bytes());
                case 3 -> lost = bundle.number() != 0;
                case 4 -> compact = bundle.bytes();
                default -> bundle.skip();
            }
        }
        if (lost) {
            output.accept(new RecordedEvent.Lost(-1, cpu, -1));
        }
        Running core = running.computeIfAbsent(cpu, id -> new Running());
        if (compact != null) {
            readCompact(new Message(compact), cpu, core, laterNs, output);
        }
        for (byte[] event : events) {
            readEvent(new Message(event), cpu, symbols, laterNs, output);
        }
    }

    private void describe(Message generic) throws IOException {
        int id = 0;
        String name = "";
        Map<Integer, String> fields = new HashMap<>();
        for (int field = generic.next(); field != 0; field = generic.next()) {
            switch (field) {
                case 1 -> id = (int) generic.number();
                case 2 -> {
                    Message descriptor = generic.message();
                    for (int part = descriptor.next(); part != 0; part = descriptor.next()) {
                        switch (part) {
                            case 1 -> name = descriptor.text();
                            case 2 -> describeField(descriptor.message(), fields);
                            default -> descriptor.skip();
                        }
                    }
                }
                default -> generic.skip();
            }
        }
        descriptors.put(id, new Descriptor(name, fields));
    }

    private static void describeField(Message descriptor, Map<Integer, String> fields) throws IOException {
        String name = "";
        int number = 0;
        for (int part = descriptor.next(); part != 0; part = descriptor.next()) {
            switch (part) {
                case 1 -> name = descriptor.text();
                case 3 -> number = (int) descriptor.number();
                default -> descriptor.skip();
            }
        }
        fields.put(number, name);
    }

    private static void readCompact(Message compact, int cpu, Running core, long laterNs, Source.Output output) throws IOException {
        long[][] columns = new long[13][0];
        List<String> names = new ArrayList<>();
        for (int field = compact.next(); field != 0; field = compact.next()) {
            if (field == 5) {
                names.add(compact.text());
            } else if (field < columns.length) {
                columns[field] = append(columns[field], compact.numbers());
            } else {
                compact.skip();
            }
        }
        // The task that runs when a thread is woken is known only in the order of time.
        int wakings = Math.min(columns[7].length, columns[8].length);
        int switches = Math.min(columns[1].length, columns[3].length);
        long wakeTime = laterNs;
        long switchTime = switches > 0 ? columns[1][0] + laterNs : Long.MAX_VALUE;
        int s = 0;
        for (int w = 0; w < wakings; w++) {
            wakeTime += columns[7][w];
            for (; s < switches && switchTime < wakeTime; switchTime += ++s < switches ? columns[1][s] : 0) {
                compactSwitch(columns, names, s, switchTime, cpu, core, output);
            }
            int tid = (int) columns[8][w];
            output.accept(new RecordedEvent.Waking(wakeTime, cpu, core.tid, context(at(columns[12], w)), tid, name(names, columns[11], w),
                    (int) at(columns[10], w), false));
        }
        for (; s < switches; switchTime += ++s < switches ? columns[1][s] : 0) {
            compactSwitch(columns, names, s, switchTime, cpu, core, output);
        }
    }

    private static long[] append(long[] some, long[] more) {
        if (some.length == 0) {
            return more;
        }
        long[] all = java.util.Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    private static long at(long[] column, int index) {
        return index < column.length ? column[index] : -1;
    }

    private static String name(List<String> names, long[] column, int index) {
        long name = at(column, index);
        return name >= 0 && name < names.size() ? names.get((int) name) : "";
    }

    private static void compactSwitch(long[][] columns, List<String> names, int s, long ns, int cpu, Running core, Source.Output output) {
        int next = (int) columns[3][s];
        String nextName = name(names, columns[6], s);
        int nextPrio = (int) at(columns[4], s);
        output.accept(new RecordedEvent.Switch(ns, cpu, core.tid, core.name, core.prio, leftAs(at(columns[2], s)), next, nextName,
                nextPrio));
        core.tid = next;
        core.name = nextName;
        core.prio = nextPrio;
    }

    /// `common_flags`: bit 3 hardware interrupt, bit 4 soft interrupt (TRACE_FLAG_…).
    private static RecordedEvent.Context context(long flags) {
        if (flags < 0) {
            return RecordedEvent.Context.UNKNOWN;
        }
        return (flags & 1 << 3) != 0 ? RecordedEvent.Context.HARDIRQ : (flags & 1 << 4) != 0 ? RecordedEvent.Context.SOFTIRQ
                : RecordedEvent.Context.TASK;
    }

    /// `prev_state` as bits (TASK_…).
    static RecordedEvent.LeftAs leftAs(long state) {
        if (state < 0 || (state & REPORTED) == 0) {
            // A bit above the states (TASK_REPORT_MAX) says that the kernel was preempted.
            return state > 0 ? RecordedEvent.LeftAs.PREEMPTED_IN_KERNEL : RecordedEvent.LeftAs.RUNNABLE;
        }
        if ((state & UNINTERRUPTIBLE) != 0) {
            return RecordedEvent.LeftAs.UNINTERRUPTIBLE;
        }
        return (state & DEAD) != 0 ? RecordedEvent.LeftAs.DEAD : RecordedEvent.LeftAs.SLEEPING;
    }

    private void readEvent(Message event, int cpu, Map<Long, String> symbols, long laterNs, Source.Output output) throws IOException {
        long ns = 0;
        int tid = 0;
        for (int field = event.next(); field != 0; field = event.next()) {
            switch (field) {
                case 1 -> ns = event.number() + laterNs;
                case 2 -> tid = (int) event.number();
                default -> {
                    if (event.isBytes()) {
                        payload(field, event.message(), ns, tid, cpu, symbols, output);
                    } else {
                        event.skip();
                    }
                }
            }
        }
    }

    private void payload(int kind, Message message, long ns, int tid, int cpu, Map<Long, String> symbols, Source.Output output)
            throws IOException {
        if (kind >= FIRST_GENERIC) {
            Descriptor descriptor = descriptors.get(kind);
            if (descriptor != null) {
                give(GenericEvent.parse(descriptor.name, GenericEvent.described(message, descriptor.fields), ns, tid), output);
            }
            return;
        }
        Values v = Values.of(message, kind == 327 || kind == 329);
        RecordedEvent known = switch (kind) {
            case 3 -> EventText.mark(ns, tid, v.text(2).strip());
            case 4 -> new RecordedEvent.Switch(ns, cpu, v.intAt(2), v.text(1), v.intAt(3), leftAs(v.number(4)), v.intAt(6), v.text(5),
                    v.intAt(7));
            case 11 -> new RecordedEvent.Frequency(ns, v.intAt(2), v.number(1));
            case 17, 20 -> new RecordedEvent.Waking(ns, cpu, tid, RecordedEvent.Context.UNKNOWN, v.intAt(2), v.text(1), v.intAt(3), false);
            case 114 -> new RecordedEvent.Waking(ns, cpu, tid, RecordedEvent.Context.UNKNOWN, v.intAt(2), v.text(1), v.intAt(3), true);
            case 18 -> new RecordedEvent.Blocked(ns, v.intAt(1), v.number(3) != 0, symbols.getOrDefault(v.number(2), ""));
            case 235 -> new RecordedEvent.NewTask(ns, tid, v.intAt(1), v.text(2), v.number(3));
            case 236 -> new RecordedEvent.Rename(ns, v.intAt(1), v.text(3));
            case 238 -> new RecordedEvent.Exit(ns, v.intAt(2));
            case 239 -> new RecordedEvent.NewTask(ns, v.intAt(2), v.intAt(4), v.text(3), -1);
            case 313, 359 -> new RecordedEvent.Rss(ns, tid, v.number(4), v.number(3) != 0, v.intAt(1), v.number(2));
            case 327 -> GenericEvent.parse(v.text(1), v.named, ns, tid);
            case 329 -> new RecordedEvent.CallEnter(ns, tid, MmCalls.name(v.intAt(1), isArm), v.repeated(2));
            case 330 -> new RecordedEvent.CallExit(ns, tid, MmCalls.name(v.intAt(1), isArm), v.number(2));
            case 542 -> kprobe(v, ns, tid);
            default -> null;
        };
        give(known, output);
    }

    /// `KprobeEvent`: {name 1, type 2: 1 begins, 2 ends}.
    private static @Nullable RecordedEvent kprobe(Values v, long ns, int tid) {
        return switch (v.intAt(2)) {
            case 1 -> new RecordedEvent.FunctionEnter(ns, tid, v.text(1), -1);
            case 2 -> new RecordedEvent.FunctionReturn(ns, tid, v.text(1), -1);
            default -> null;
        };
    }

    /// Nothing of an event of an irrelevant kind.
    private static void give(@Nullable RecordedEvent event, Source.Output output) {
        if (event != null) {
            output.accept(event);
        }
    }

    /// A message's fields by number.
    private static final class Values {
        private final Map<Integer, Object> values = new HashMap<>();
        private final Map<Integer, List<Long>> lists = new HashMap<>();
        final Map<String, Object> named = new HashMap<>();

        /// @param repeats whether a field may come several times
        static Values of(Message message, boolean repeats) throws IOException {
            Values all = new Values();
            for (int field = message.next(); field != 0; field = message.next()) {
                if (repeats && field == 2) {
                    all.readRepeated(message);
                } else {
                    all.values.put(field, message.isBytes() ? message.text() : (Object) message.number());
                }
            }
            return all;
        }

        /// Of a generic event a named value, of `sys_enter` its arguments.
        private void readRepeated(Message message) throws IOException {
            if (!message.isBytes()) {
                lists.computeIfAbsent(2, id -> new ArrayList<>()).add(message.number());
                return;
            }
            byte[] bytes = message.bytes();
            if (values.get(1) instanceof String) {
                GenericEvent.readNamed(new Message(bytes), named);
            } else {
                com.google.protobuf.CodedInputStream packed = com.google.protobuf.CodedInputStream.newInstance(bytes);
                while (!packed.isAtEnd()) {
                    lists.computeIfAbsent(2, id -> new ArrayList<>()).add(packed.readRawVarint64());
                }
            }
        }

        long number(int field) {
            return values.get(field) instanceof Long number ? number : 0;
        }

        int intAt(int field) {
            return (int) number(field);
        }

        String text(int field) {
            return values.get(field) instanceof String text ? text : "";
        }

        long[] repeated(int field) {
            return lists.getOrDefault(field, List.of()).stream().mapToLong(Long::longValue).toArray();
        }
    }
}
