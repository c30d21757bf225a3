package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Every scenario on every kernel is, event for event, what it was when its digest was recorded: a change of structure leaves the digests
/// alone, a change of the model says which of them it changes. `-Djanklab.refresh=true` records them.
@Execution(ExecutionMode.CONCURRENT)
final class EventDigestsTest {
    private static final boolean REFRESH = Boolean.getBoolean("janklab.refresh");
    private static final Path RECORDED = Path.of("src/test/resources/event-digests.txt");
    /// A frame and a little of an app; of loops that do the same again and again, less.
    private static final long APP_NS = 20_000_000;
    private static final long LOOP_NS = 2_000_000;
    private static final long SEED = 1;
    private static final Map<String, String> SMALL = Map.of("backgroundApps.memoryShare", "0.01");

    private static String digest(String scenario, KernelVersion version) {
        Device device = Device.find("pixel-6");
        KernelProfile kernel = KernelProfile.of(version, Architecture.ARM64);
        Scenario small = Scenario.find(scenario, SMALL);
        RunSpec spec = new RunSpec(device, small, kernel, SEED, null, small.program().equals(Scenario.APP) ? APP_NS : LOOP_NS);
        return String.format("%016x", new Run(spec).execute().run().digest());
    }

    @Test
    void everyScenarioIsEventForEventAsRecorded() throws IOException {
        List<String> current = new ArrayList<>();
        for (String scenario : Scenario.CATALOGUE.names()) {
            for (KernelVersion version : KernelVersion.values()) {
                current.add(scenario + " " + version.label() + " " + digest(scenario, version));
            }
        }
        if (REFRESH) {
            Files.write(RECORDED, current);
        }
        assertThat(Files.readAllLines(RECORDED)).as("record what is meant to have changed with -Djanklab.refresh=true")
                .containsExactlyElementsOf(current);
    }
}
