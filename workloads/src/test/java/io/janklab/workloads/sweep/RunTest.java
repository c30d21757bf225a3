package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.SharedTraces;
import io.janklab.workloads.replay.TraceReader;
import io.janklab.workloads.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Execution(ExecutionMode.CONCURRENT)
final class RunTest {
    private static final long SECOND = 1_000_000_000;
    private static final Device PIXEL_6 = Device.find("pixel-6");

    private static RunSpec spec(String scenario, KernelVersion version, long seed, AllocationTrace trace, long durationNs,
            Map<String, String> changes) {
        KernelProfile kernel = KernelProfile.of(version, Architecture.ARM64);
        return new RunSpec(PIXEL_6, Scenario.find(scenario, changes), kernel, seed, trace, durationNs);
    }

    private static RunResult run(String scenario, KernelVersion version, long seed) {
        return new Run(spec(scenario, version, seed, null, SECOND, Map.of())).execute();
    }

    static Stream<String> scenarios() {
        return Scenario.CATALOGUE.names().stream();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void sameSeedGivesTheSameDigest(String scenario) {
        long first = digest(scenario, 5);
        long second = digest(scenario, 5);
        long otherSeed = digest(scenario, 6);

        assertThat(second).isEqualTo(first);
        if (isApp(scenario)) {
            assertThat(otherSeed).isNotEqualTo(first);
        }
    }

    private static boolean isApp(String scenario) {
        return Scenario.find(scenario, Map.of()).program().equals(Scenario.APP);
    }

    /// Of a short run on a machine whose other processes hold little.
    private static long digest(String scenario, long seed) {
        long durationNs = isApp(scenario) ? SECOND / 4 : SECOND / 100;
        return new Run(spec(scenario, KernelVersion.V6_12, seed, null, durationNs, Map.of("backgroundApps.memoryShare", "0.1"))).execute()
                .run().digest();
    }

    @Test
    void kernelsThatDifferInNothingTheScenarioDoesAgree() {
        assertThat(run("scroll", KernelVersion.V6_17, 1).run().digest()).isEqualTo(run("scroll", KernelVersion.V6_19, 1).run().digest());
    }

    @Test
    void resultsDoNotDependOnHowManyRunAtOnce() {
        List<RunSpec> specs = new ArrayList<>();
        for (long seed = 1; seed <= 4; seed++) {
            specs.add(spec("scroll", KernelVersion.V6_12, seed, null, SECOND / 2, Map.of()));
        }

        List<Long> alone = digests(new LocalRunner(1).run(specs, result -> {}));
        List<Long> together = digests(new LocalRunner(4).run(specs, result -> {}));

        assertThat(together).isEqualTo(alone);
    }

    private static List<Long> digests(List<RunResult> results) {
        return results.stream().map(result -> result.run().digest()).toList();
    }

    @Test
    void nearlyEveryVsyncOfAScrollBecomesAFrame() {
        RunResult result = run("scroll", KernelVersion.V6_17, 1);

        int frames = result.run().measurement().frames().count();
        assertThat(frames).isBetween(110, 121);
    }

    @Test
    void madviseGoesByMmapLockBefore617AndByTheVmaLockSince() {
        var before = run("gc-storm", KernelVersion.V6_12, 1).run().measurement().madvise();
        var since = run("gc-storm", KernelVersion.V6_17, 1).run().measurement().madvise();

        assertThat(before.calls()).isPositive();
        assertThat(before.vmaLock()).isZero();
        assertThat(since.vmaLock()).isGreaterThan(since.mmapLock());
    }

    /// The threads whose madvise calls are for the native heap.
    private static List<String> purgers(String purger) {
        RunResult result = new Run(spec("scroll", KernelVersion.V6_17, 1, null, 2 * SECOND, Map.of("nativeHeap.purger", purger))).execute();
        return result.run().measurement().madvise().byTask().entrySet().stream()
                .filter(each -> each.getValue().byHeap().containsKey("native heap")).map(Map.Entry::getKey).toList();
    }

    @Test
    void nativeHeapIsPurgedByTheThreadsThatTheScenarioChooses() {
        assertThat(purgers("ticking-thread")).contains("main", "RenderThread").doesNotContain("HeapTaskDaemon", "scudo release");
        assertThat(purgers("background-thread")).containsExactly("scudo release");
        assertThat(purgers("heap-task-daemon")).containsExactly("HeapTaskDaemon");
    }

    @Test
    void everyHeapPresetWorks() {
        for (String preset : HeapConfig.PRESETS) {
            RunResult result = new Run(spec("scroll", KernelVersion.V6_17, 1, null, 2 * SECOND,
                    Map.of("nativeHeap.preset", preset))).execute();

            assertThat(result.run().measurement().madvise().calls()).as(preset).isPositive();
        }
    }

    private static long meanRss(String advice) {
        return new Run(spec("gc-storm", KernelVersion.V6_17, 1, null, SECOND,
                Map.of("javaHeap.collector", "concurrent-copying", "javaHeap.advice", advice))).execute().run().measurement().memory()
                .rssMeanBytes();
    }

    /// Where memory is plenty, what is freed lazily stays resident.
    @Test
    void pagesThatTheJavaHeapFreesLazilyStayResident() {
        assertThat(meanRss("free")).isGreaterThan(meanRss("dontneed") * 5 / 4);
    }

    @Test
    void appIsKilledOnADeviceThatIsTooSmallForIt(@TempDir Path folder) throws IOException {
        String text;
        try (var in = Device.class.getResourceAsStream("pixel-6.yaml")) {
            text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        Path small = Files.writeString(folder.resolve("small.yaml"), text.replace("memoryMiB: 8192", "memoryMiB: 16"));
        Scenario scenario = Scenario.find("scroll", Map.of());
        RunSpec spec = new RunSpec(
                Device.find(small.toString()), scenario, KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64), 1, null, SECOND);

        RunResult result = new Run(spec).execute();
        assertThat(result.run().killed()).isTrue();
        assertThat(result.run().measurement().frames().count()).isZero();
        assertThat(new Run(spec).execute().run().digest()).isEqualTo(result.run().digest());
    }

    @Test
    void everyRecordOfSystemUiIsReplayed() {
        AllocationTrace trace = TraceReader.read(SharedTraces.find("systemui"), Map.of());

        RunResult result = new Run(spec("scroll", KernelVersion.V6_12, 1, trace, 5 * SECOND, Map.of())).execute();

        assertThat(trace.records()).isEqualTo(786_454);
        assertThat(result.run().measurement().counters().get("heap.allocated").peak()).isGreaterThan(8L << 20);
    }
}
