package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What runs beside the app: lmkd, dex2oat, and system_server at the other end of Binder.
@Execution(ExecutionMode.CONCURRENT)
final class NeighboursTest {
    private static final long SECOND = 1_000_000_000;
    private static final Device PIXEL_6 = Device.find("pixel-6");

    private static RunSpec spec(Map<String, String> changes, String install) {
        Map<String, String> quick = new HashMap<>(Map.of("warmUpS", "0"));
        quick.putAll(changes);
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, PIXEL_6.hardware().architecture())
                .with(Switch.BINDER_INSTALL_LOCK, install);
        return new RunSpec(PIXEL_6, Scenario.find("scroll", quick), kernel, 1, null, SECOND);
    }

    private static List<TaskTimes> tasks(Map<String, String> changes) {
        return new Run(spec(changes, "vma")).execute().run().measurement().tasks();
    }

    /// Resident memory of each process, by kind, as it was last.
    private static final class Memory implements TraceListener {
        private final Map<Integer, String> names = new HashMap<>();
        private final Map<String, Long> anonymous = new HashMap<>();
        private final Map<String, Long> swapped = new HashMap<>();
        private final Set<String> died = new HashSet<>();

        @Override
        public void taskNew(long now, TracedTask task) {
            names.put(task.tgid(), task.processName());
        }

        @Override
        public void rssStat(long now, int tgid, RssMember member, long pages) {
            String name = names.getOrDefault(tgid, "");
            (member == RssMember.SWAP ? swapped : anonymous).put(name, pages);
            if (member == RssMember.ANON && pages == 0) {
                died.add(name);
            }
        }
    }

    private static Set<String> killed(String pollMs, String swapFreeLowPercent) {
        Memory memory = new Memory();
        Map<String, String> pressed = Map.of("memMiB", "512", "backgroundApps.count", "4", "backgroundApps.memoryShare", "1.1",
                "lmkd.pollMs", pollMs, "lmkd.swapFreeLowPercent", swapFreeLowPercent);
        new Run(spec(pressed, "vma")).watchedBy((process, now) -> List.of(memory));
        return memory.died;
    }

    @Test
    void lmkdKillsTheAppUsedLongestAgoWhenMemoryAndSwapAreLow() {
        assertThat(killed("50", "100")).contains("com.example.background1").doesNotContain("com.example.background4");
        assertThat(killed("50", "0")).as("enough swap is free").doesNotContain("com.example.background1");
        assertThat(killed("0", "100")).as("no lmkd").doesNotContain("com.example.background1");
    }

    @Test
    void dex2oatReadsFromStorageAndKeepsToItsCpuset() {
        List<TaskTimes> tasks = tasks(Map.of("dex2oat.fileMiB", "8", "dex2oat.startMs", "0"));

        TaskTimes dex2oat = tasks.stream().filter(task -> task.processName().equals("dex2oat64")).findFirst().orElseThrow();
        assertThat(dex2oat.tasks()).isEqualTo(4);
        assertThat(dex2oat.uninterruptibleNs()).as("faults that wait for storage").isGreaterThan(5_000_000);
        assertThat(tasks(Map.of())).extracting(TaskTimes::processName).doesNotContain("dex2oat64");
    }

    /// Who waits in D state in a Binder call, by the process it belongs to.
    private static List<String> sendersThatWait(String install) {
        List<String> waits = new ArrayList<>();
        Map<String, String> calls = Map.of("threads.provider.times", "100", "threads.provider.call.replyKib", "64",
                "threads.provider.call.keptMs", "50", "threads.mapper.times", "200", "threads.mapper.map.kib", "4096",
                "threads.mapper.map.keptMs", "0");
        TraceListener listener = new TraceListener() {
            @Override
            public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
                if ("ioctl(BINDER_WRITE_READ)".equals(task.systemCall())) {
                    waits.add(task.processName() + " " + lock.lockClass().label());
                }
            }
        };
        new Run(spec(calls, install)).watchedBy((process, now) -> List.of(listener));
        return waits;
    }

    @Test
    void repliesWaitForTheAppsMmapLockBefore614() {
        assertThat(sendersThatWait("mmap-page")).contains("system_server mmap_lock");
        assertThat(sendersThatWait("vma")).doesNotContain("system_server mmap_lock");
    }
}
