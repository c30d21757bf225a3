package io.janklab.workloads.scenario;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.input.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A thread of the app's own that a scenario describes (keys below `threads.ID`, each with its default below `thread`), and what it does
/// each time it wakes up; sizes in bytes.
///
/// @param id names its random stream
/// @param count how many such threads there are
/// @param rtPriority of SCHED_FIFO; 0 for a normal thread
/// @param cpus null for the app's own cpuset
/// @param everyFrame whether it wakes with the display's refresh, or else at random that often a second
/// @param times that it does its work, each frame or each second
/// @param javaBytes of Java objects; 0 for a thread that is not Java's
/// @param mallocBlocks blocks of the native heap, of `mallocBytes` each, kept for `mallocKeptNs`
/// @param mapBytes memory mapped, written, and unmapped `mapKeptNs` later
/// @param protectBytes of a code cache that is made writable, written, and executable again
/// @param adviseBytes of a buffer that is written and then given `advice`
/// @param purgeChance that it calls `mallopt(M_PURGE, 0)`
/// @param forkChance that it forks, and `childNs` the child's work before it ends
/// @param callReplyBytes of a Binder call of system_server, which works `callWork` for it; the reply is kept for `callKeptNs`
/// @param readBytes of a file, which the kernel copies to a native buffer after `ioNs` in uninterruptible sleep
public record ThreadModel(
        String id,
        String name,
        int count,
        int nice,
        int rtPriority,
        @Nullable CpuGroup cpus,
        boolean everyFrame,
        double times,
        Distribution work,
        long javaBytes,
        int mallocBlocks,
        long mallocBytes,
        long mallocKeptNs,
        long mapBytes,
        long mapKeptNs,
        long protectBytes,
        long adviseBytes,
        int advice,
        double purgeChance,
        double forkChance,
        long childNs,
        long callReplyBytes,
        Distribution callWork,
        long callKeptNs,
        long readBytes,
        long ioNs) {
    private static final String OWN = "own";
    private static final Map<String, Integer> ADVICE = adviceByName();
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;

    /// Those of a scenario, in its order.
    static List<ThreadModel> all(Settings settings) {
        // Read once for itself, so that the template's own values are checked.
        from(settings, "thread");
        List<ThreadModel> threads = new ArrayList<>();
        for (String id : settings.children("threads")) {
            threads.add(from(settings.member(id), id));
        }
        return threads;
    }

    private static ThreadModel from(Settings settings, String id) {
        String name = settings.text("thread.name");
        String cpuset = settings.choice("thread.cpuset",
                Stream.concat(Stream.of(OWN), Stream.of(CpuGroup.values()).map(CpuGroup::key)).toList());
        return new ThreadModel(
                id,
                OneLine.of(name.equals(OWN) ? id : name),
                (int) settings.integer("thread.count", 0, 1000),
                (int) settings.integer("thread.nice", -20, 19),
                (int) settings.integer("thread.rtPriority", 0, 99),
                CpuGroup.byKey(cpuset),
                settings.choice("thread.per", List.of("second", "frame")).equals("frame"),
                settings.number("thread.times", 0, 1e6),
                Distribution.from(settings, "thread.work"),
                kib(settings, "thread.java.kib"),
                (int) settings.integer("thread.malloc.blocks", 0, 1 << 20),
                settings.integer("thread.malloc.bytes", 1, 1L << 32),
                ms(settings, "thread.malloc.keptMs"),
                kib(settings, "thread.map.kib"),
                ms(settings, "thread.map.keptMs"),
                kib(settings, "thread.protect.kib"),
                kib(settings, "thread.advise.kib"),
                Objects.requireNonNull(ADVICE.get(settings.choice("thread.advise.advice", ADVICE.keySet()))),
                settings.number("thread.purgeChance", 0, 1),
                settings.number("thread.fork.chance", 0, 1),
                (long) (settings.number("thread.fork.childUs", 0, 1e7) * NS_PER_US),
                settings.integer("thread.call.replyKib", 0, FrameModel.MOST_BINDER_KIB) << 10,
                Distribution.from(settings, "thread.call"),
                ms(settings, "thread.call.keptMs"),
                kib(settings, "thread.read.kib"),
                (long) (settings.number("thread.read.ioUs", 0, 1e7) * NS_PER_US));
    }

    private static long kib(Settings settings, String key) {
        return settings.integer(key, 0, 1 << 22) << 10;
    }

    private static long ms(Settings settings, String key) {
        return (long) (settings.number(key, 0, 1e6) * NS_PER_MS);
    }

    private static Map<String, Integer> adviceByName() {
        Map<String, Integer> advice = new LinkedHashMap<>();
        advice.put("dontneed", Mman.MADV_DONTNEED);
        advice.put("free", Mman.MADV_FREE);
        advice.put("cold", Mman.MADV_COLD);
        advice.put("pageout", Mman.MADV_PAGEOUT);
        advice.put("willneed", Mman.MADV_WILLNEED);
        advice.put("populate-read", Mman.MADV_POPULATE_READ);
        advice.put("populate-write", Mman.MADV_POPULATE_WRITE);
        advice.put("hugepage", Mman.MADV_HUGEPAGE);
        advice.put("nohugepage", Mman.MADV_NOHUGEPAGE);
        advice.put("collapse", Mman.MADV_COLLAPSE);
        advice.put("dontfork", Mman.MADV_DONTFORK);
        advice.put("wipeonfork", Mman.MADV_WIPEONFORK);
        advice.put("guard-install", Mman.MADV_GUARD_INSTALL);
        advice.put("normal", Mman.MADV_NORMAL);
        return advice;
    }
}
