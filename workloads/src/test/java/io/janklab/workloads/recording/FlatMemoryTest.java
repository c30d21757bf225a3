package io.janklab.workloads.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.rebuild.Rebuilder;
import io.janklab.workloads.recording.workload.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Memory does not grow with a recording's length: the bound is the heap of a JVM of its own.
final class FlatMemoryTest {
    private static final int HEAP_MIB = 16;
    private static final long PAGE = 4096;

    /// As many rounds of a call, two faults, a switch and a wake-up as the first argument says.
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            Rebuilder rebuilder = new Rebuilder("long", 250, null);
            long rounds = Long.parseLong(arguments[0]);
            for (long i = 0; i < rounds; i++) {
                round(rebuilder, i * 20_000);
            }
            Workload workload = rebuilder.finish();
            long bytes = workload.threads.stream().mapToLong(thread -> thread.ops.length()).sum();
            System.out.println(bytes + " bytes of ops, " + workload.cores.get(0).size() + " intervals");
        }

        private static void round(Rebuilder to, long ns) {
            long address = 0x7f00_0000_0000L;
            to.accept(new RecordedEvent.Switch(ns, 0, 2, "other", 120, RecordedEvent.LeftAs.SLEEPING, 1, "main", 120));
            to.accept(new RecordedEvent.CallEnter(ns + 1_000, 1, "mmap", new long[] {0, 2 * PAGE, 3, 0x22, -1, 0}));
            to.accept(new RecordedEvent.CallExit(ns + 2_000, 1, "mmap", address));
            to.accept(new RecordedEvent.Fault(ns + 3_000, 1, address, RecordedEvent.Access.WRITE, true));
            to.accept(new RecordedEvent.Fault(ns + 4_000, 1, address + PAGE, RecordedEvent.Access.WRITE, true));
            to.accept(new RecordedEvent.CallEnter(ns + 5_000, 1, "munmap", new long[] {address, 2 * PAGE}));
            to.accept(new RecordedEvent.CallExit(ns + 6_000, 1, "munmap", 0));
            to.accept(new RecordedEvent.Waking(ns + 7_000, 0, 1, RecordedEvent.Context.TASK, 2, "other", 120, false));
            to.accept(new RecordedEvent.Switch(ns + 8_000, 0, 1, "main", 120, RecordedEvent.LeftAs.SLEEPING, 2, "other", 120));
            to.accept(new RecordedEvent.Waking(ns + 9_000, 0, 2, RecordedEvent.Context.TASK, 1, "main", 120, false));
        }
    }

    /// The longer one's ops and intervals alone are larger than that heap.
    @ParameterizedTest
    @ValueSource(longs = {2_000, 300_000})
    void rebuildingNeedsNoMoreHeapForALongerRecording(long rounds) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + HEAP_MIB + "m", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Child.class.getName(),
                String.valueOf(rounds))).redirectErrorStream(true).start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor()).as(said).isZero();
        assertThat(said).contains("bytes of ops");
        if (rounds > 100_000) {
            assertThat(Long.parseLong(said.strip().split(" ")[0])).isGreaterThan((long) HEAP_MIB << 20);
        }
    }
}
