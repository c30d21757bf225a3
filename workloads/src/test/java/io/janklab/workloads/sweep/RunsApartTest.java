package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Runs of whole phones share nothing: at once on many host threads, or one after the other, each is as alone.
@Execution(ExecutionMode.CONCURRENT)
final class RunsApartTest {
    private static final List<String> SCENARIOS = List.of("scroll", "gc-storm", "camera-burst", "remote-reader", "flutter", "page_fault1");
    private static final long DURATION_NS = 20_000_000;
    private static final int HOST_THREADS = 4;
    private static final int ONE_AFTER_THE_OTHER = 20;
    private static final Device PIXEL_6 = Device.find("pixel-6");

    private static RunSpec spec(String scenario) {
        Map<String, String> small = Map.of("backgroundApps.memoryShare", "0.05", "warmUpS", "0");
        return new RunSpec(PIXEL_6, Scenario.find(scenario, small), KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64), 1, null,
                DURATION_NS);
    }

    private static long digest(String scenario) {
        return new Run(spec(scenario)).execute().run().digest();
    }

    private static List<Long> digests(List<String> scenarios) {
        return scenarios.stream().map(RunsApartTest::digest).toList();
    }

    @Test
    void atOnceOnManyHostThreadsEachIsAsAlone() throws Exception {
        List<Long> alone = digests(SCENARIOS);
        List<Callable<List<Long>>> work = new ArrayList<>();
        for (int thread = 0; thread < HOST_THREADS; thread++) {
            List<String> inAnotherOrder = rotated(SCENARIOS, thread);
            work.add(() -> digests(inAnotherOrder));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(HOST_THREADS)) {
            List<Future<List<Long>>> done = threads.invokeAll(work);
            for (int thread = 0; thread < HOST_THREADS; thread++) {
                assertThat(done.get(thread).get()).isEqualTo(rotated(alone, thread));
            }
        }
    }

    private static <T> List<T> rotated(List<T> list, int by) {
        List<T> copy = new ArrayList<>(list);
        Collections.rotate(copy, by);
        return copy;
    }

    @Test
    void oneAfterTheOtherLeavesNothing() {
        List<WeakReference<Object>> measured = Stream.generate(() -> "scroll").limit(ONE_AFTER_THE_OTHER).map(RunsApartTest::weak).toList();
        for (int attempt = 0; attempt < 20 && measured.stream().anyMatch(run -> run.get() != null); attempt++) {
            System.gc();
        }
        assertThat(measured).allMatch(run -> run.get() == null);
    }

    private static WeakReference<Object> weak(String scenario) {
        Run run = new Run(spec(scenario));
        return new WeakReference<>(run.execute().run());
    }
}
