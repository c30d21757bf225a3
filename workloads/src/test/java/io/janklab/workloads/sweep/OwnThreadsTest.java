package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Threads that a scenario describes.
final class OwnThreadsTest {
    private static final long HALF_A_SECOND = 500_000_000;

    @TempDir
    Path folder;

    private static RunMeasurement run(String scenario, Map<String, String> changes) {
        Map<String, String> quick = new HashMap<>(Map.of("warmUpS", "0"));
        quick.putAll(changes);
        Device device = Device.find("pixel-6");
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, device.hardware().architecture());
        return new Run(new RunSpec(device, Scenario.find(scenario, quick), kernel, 1, null, HALF_A_SECOND)).execute().run().measurement();
    }

    private String file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("mine.yaml"), "description: mine\n" + yaml).toString();
    }

    private static TaskTimes task(RunMeasurement run, String name) {
        return run.appTasks().filter(times -> times.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void threadHasItsNameItsNumberAndItsWork() throws IOException {
        String scenario = file("threads:\n"
                + "  worker: { name: Job.Worker, count: 3, per: frame, times: 2, work: { medianUs: 300, sigma: 0 } }\n");

        TaskTimes workers = task(run(scenario, Map.of()), "Job.Worker");

        assertThat(workers.tasks()).isEqualTo(3);
        assertThat(workers.runningNs()).as("60 vsyncs, twice 0.3 ms or more each").isGreaterThan(3 * 55 * 600_000L);
        assertThat(run(scenario, Map.of("threads.worker.count", "0")).appTasks()).extracting(TaskTimes::name).doesNotContain("Job.Worker");
    }

    @Test
    void whatItDoesToMemoryReachesTheKernel() throws IOException {
        String scenario = file("""
                threads:
                  advisor: { times: 50, advise: { kib: 64, advice: cold } }
                  reader: { times: 20, read: { kib: 16, ioUs: 2000 } }
                  forker: { times: 10, fork: { chance: 1, childUs: 500 } }
                  purger:
                    times: 50
                    purgeChance: 1
                    malloc: { blocks: 20, bytes: 20000, keptMs: 0 }
                    map: { kib: 64, keptMs: 5 }
                    protect: { kib: 64 }
                """);
        RunMeasurement run = run(scenario, Map.of());

        assertThat(run.madvise().byTask().get("advisor").calls()).isPositive();
        assertThat(run.madvise().byTask().get("purger").calls()).as("M_PURGE").isPositive();
        assertThat(task(run, "reader").uninterruptibleNs()).as("D state while it reads").isGreaterThan(2_000_000);
        assertThat(run.tasks()).extracting(TaskTimes::processName).contains("com.example.app:forker");
        assertThat(run.locks()).anyMatch(use -> use.taskName().equals("purger") && use.lockClass().label().equals("mmap_lock"));
    }

    @ParameterizedTest
    @CsvSource({
        "flutter, 1.ui, 1.raster", "unity, UnityMain, UnityGfxDevice", "hermes, main, RenderThread", "webview, main, RenderThread",
        "jit-flips, main, RenderThread"
    })
    void framesAreMadeByWhomTheScenarioSays(String scenario, String builder, String drawer) {
        RunMeasurement run = run(scenario, Map.of());

        assertThat(run.frames().count()).isGreaterThan(50);
        assertThat(task(run, builder).runningNs()).isGreaterThan(50_000_000);
        assertThat(task(run, drawer).runningNs()).isGreaterThan(50_000_000);
    }

    @Test
    void complaintsNameTheThreadsOwnKey() throws IOException {
        String wrong = file("threads:\n  worker: { nicer: 3 }\n");
        assertThatThrownBy(() -> Scenario.find(wrong, Map.of())).isInstanceOf(BadInput.class)
                .hasMessageContaining("mine.yaml:3").hasMessageContaining("unknown key 'threads.worker.nicer'");
        String high = file("threads:\n  worker: { nice: 30 }\n");
        assertThatThrownBy(() -> Scenario.find(high, Map.of())).isInstanceOf(BadInput.class)
                .hasMessageContaining("mine.yaml:3").hasMessageContaining("nice lies between -20 and 19");
    }

    @Test
    void deadBitmapsArePurgedIfAsked() {
        assertThat(run("bitmap-load", Map.of("javaHeap.uiKibPerFrame", "4096")).madvise().byTask())
                .doesNotContainKey("ReferenceQueueDaemon");
        assertThat(run("bitmap-load", Map.of("javaHeap.uiKibPerFrame", "4096", "workers.purgeOnDeath", "true", "workers.cached", "1"))
                .madvise().byTask()).containsKey("ReferenceQueueDaemon");
    }
}
