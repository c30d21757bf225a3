package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The effect that each scenario demonstrates.
@Execution(ExecutionMode.CONCURRENT)
final class ScenariosTest {
    private static final long SECOND = 1_000_000_000;

    private static RunResult run(String scenario, String device, KernelVersion version, Map<Switch, String> switches,
            Map<String, String> changes) {
        return run(scenario, device, version, switches, changes, 2 * SECOND);
    }

    private static RunResult run(String scenario, String device, KernelVersion version, Map<Switch, String> switches,
            Map<String, String> changes, long durationNs) {
        Device theDevice = Device.find(device);
        KernelProfile kernel = KernelProfile.of(version, theDevice.hardware().architecture());
        for (Map.Entry<Switch, String> change : switches.entrySet()) {
            kernel = kernel.with(change.getKey(), change.getValue());
        }
        return new Run(new RunSpec(theDevice, Scenario.find(scenario, changes), kernel, 1, null, durationNs)).execute();
    }

    private static Map<String, Double> quantities(RunResult result) {
        return result.run().quantities().stream().collect(Collectors.toMap(Quantity::name, Quantity::value));
    }

    /// 512 steps, each of which leaves a page table of 4 KiB behind.
    @Test
    void pteBloatLeavesAPageTablePerStepUnlessTheyAreReclaimed() {
        Map<String, String> small = Map.of("pteBloat.mappedGiB", "1");
        double off = quantities(run("pte-bloat", "desktop-x86", KernelVersion.V6_17, Map.of(Switch.PT_RECLAIM, "off"), small)).get("VmPTE");
        double on = quantities(run("pte-bloat", "desktop-x86", KernelVersion.V6_17, Map.of(Switch.PT_RECLAIM, "on"), small)).get("VmPTE");

        assertThat(off - on).isEqualTo(512 * 4);
    }

    private static RunResult readingMaps(String lock) {
        return run("maps-reader", "pixel-6", KernelVersion.V6_17, Map.of(Switch.PROC_MAPS_LOCK, lock), Map.of(), SECOND / 2);
    }

    @Test
    void readersOfMapsHoldUpTheMapperOnlyUnderMmapLock() {
        var mmap = quantities(readingMaps("mmap"));
        var vma = quantities(readingMaps("vma"));

        assertThat(vma.get("mmap + munmap P50")).isLessThan(mmap.get("mmap + munmap P50"));
        assertThat(vma.get("mmap + munmap P99")).isLessThan(mmap.get("mmap + munmap P99") / 10);
    }

    @Test
    void remoteReaderMakesTheUiThreadWaitUnderMmapLockAlone() {
        var mmap = quantities(run("remote-reader", "pixel-6", KernelVersion.V7_2, Map.of(), Map.of()));
        var irqOff = quantities(run("remote-reader", "pixel-6", KernelVersion.V7_2,
                Map.of(Switch.REMOTE_ACCESS_LOCK, "vma-irq-off"), Map.of()));
        var rcu = quantities(run("remote-reader", "pixel-6", KernelVersion.V7_2, Map.of(Switch.REMOTE_ACCESS_LOCK, "vma-rcu"), Map.of()));

        assertThat(rcu.get("longest UI wait for mmap_lock")).isLessThan(mmap.get("longest UI wait for mmap_lock") / 4);
        assertThat(mmap.get("IPI rounds")).isZero();
        assertThat(rcu.get("IPI rounds")).isZero();
        // Interrupts off are an RCU read section, which freed tables wait out.
        assertThat(irqOff.get("IPI rounds")).isZero();
    }

    @Test
    void launchedAppIsForkedAndDrawsItsFirstFrameWhenItHasStarted() {
        RunResult launch = run("launch", "pixel-6", KernelVersion.V6_6, Map.of(), Map.of());

        assertThat(quantities(launch).get("time to initial display")).isGreaterThan(400);
        assertThat(launch.run().measurement().frames().count()).isPositive();
        assertThat(launch.run().measurement().tasks()).anySatisfy(tasks -> {
            assertThat(tasks.name()).isEqualTo("init");
            assertThat(tasks.tasks()).isEqualTo(100);
        });
    }

    @Test
    void threadsFillTheirMemoryInAsManyMappingsAsSaid() {
        Map<String, String> small = Map.of("launch.threads", "20", "launch.awaited", "5", "launch.main.fileKib", "1024",
                "launch.libraries.count", "5", "launch.thread.memoryKib", "256");
        Map<String, String> cut = new HashMap<>(small);
        cut.put("launch.thread.mappings", "16");

        assertThat(mmapLockWrites(run("launch", "pixel-6", KernelVersion.V6_6, Map.of(), cut)))
                .isGreaterThanOrEqualTo(mmapLockWrites(run("launch", "pixel-6", KernelVersion.V6_6, Map.of(), small)) + 20 * 15);
    }

    private static long mmapLockWrites(RunResult run) {
        return run.run().measurement().locks().stream()
                .filter(lock -> lock.lockClass() == LockClass.MMAP_LOCK && lock.mode() == LockMode.WRITE)
                .mapToLong(LockUse::acquisitions)
                .sum();
    }

    @Test
    void retryingFaultsUnderTheVmaLockSparesTheReadsOfMmapLockAndHoldingItOverIoDoesSoToo() {
        Map<String, String> small = Map.of("launch.threads", "20", "launch.awaited", "5", "launch.main.fileKib", "16384",
                "launch.libraries.count", "5");
        var byMmapLock = quantities(run("warm-start", "pixel-6", KernelVersion.V7_2, Map.of(), small));
        var byVmaLock = quantities(run("warm-start", "pixel-6", KernelVersion.V7_2, Map.of(Switch.FAULT_RETRY, "vma"), small));
        var held = quantities(run("warm-start", "pixel-6", KernelVersion.V7_2, Map.of(Switch.FAULT_RETRY, "hold"), small));

        assertThat(byVmaLock.get("mmap_lock reads")).isLessThan(byMmapLock.get("mmap_lock reads") / 2);
        assertThat(held.get("mmap_lock reads")).isLessThan(byMmapLock.get("mmap_lock reads") / 2);
    }

    /// No apps are killed before memory is full, so they leave room for the camera's pictures.
    private static double swappedOut(String shareOfOthers) {
        return quantities(run("camera-burst", "budget-4gb", KernelVersion.V6_6, Map.of(),
                Map.of("camera.everyS", "0.5", "camera.burstS", "0.4", "backgroundApps.memoryShare", shareOfOthers))).get("pswpout");
    }

    @Test
    void pressureOfOneProcessSwapsOutTheOthersIfTheyHaveTheMemory() {
        assertThat(swappedOut("0.95")).isPositive();
        assertThat(swappedOut("0.1")).isZero();
    }

    @Test
    void appThatIsAwayDrawsNoFrames() {
        Map<String, String> changes = Map.of("away.everyS", "1", "away.forS", "0.5", "backgroundApps.count", "0");
        int away = run("background-trim", "pixel-6", KernelVersion.V6_17, Map.of(), changes).run().measurement().frames().count();

        assertThat(away).isBetween(90, 210);
    }

    @Test
    void loopRunsOnEveryCoreOfTheDevice() {
        RunResult loop = run("brk1", "budget-4gb", KernelVersion.V6_6, Map.of(), Map.of(), SECOND / 5);

        assertThat(quantities(loop).get("iterations")).isPositive();
        assertThat(loop.run().measurement().tasks()).anySatisfy(tasks -> assertThat(tasks.tasks()).isEqualTo(8));
    }

    @Test
    void uiThreadSleepsOver30MsUnderTheAnonVmaLockOfUffdMoveAndUnder1MsUnderFolioLocks() {
        var anonVma = quantities(run("uffd-move", "pixel-6", KernelVersion.V6_17, Map.of(Switch.UFFD_MOVE_RMAP, "anon-vma"), Map.of()));
        var folio = quantities(run("uffd-move", "pixel-6", KernelVersion.V6_17, Map.of(Switch.UFFD_MOVE_RMAP, "folio"), Map.of()));

        assertThat(anonVma.get("pswpout")).as("reclaim is running").isPositive();
        assertThat(anonVma.get("longest UI uninterruptible sleep")).isGreaterThan(30);
        assertThat(folio.get("longest UI uninterruptible sleep")).isLessThan(1);
    }
}
