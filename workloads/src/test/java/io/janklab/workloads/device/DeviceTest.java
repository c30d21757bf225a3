package io.janklab.workloads.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.UtilClamp;
import io.janklab.sim.Simulation;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceTest {
    @TempDir
    Path folder;

    private Path edited(String from, String to) throws IOException {
        try (InputStream in = DeviceTest.class.getResourceAsStream("pixel-6.yaml")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains(from);
            return Files.writeString(folder.resolve("mine.yaml"), text.replace(from, to));
        }
    }

    @Test
    void pixel6HasItsClustersAndCpusets() {
        Device device = Device.find("pixel-6");

        assertThat(device.hardware().architecture()).isEqualTo(Architecture.ARM64);
        assertThat(device.hardware().cpus()).extracting("capacity").containsExactly(161, 161, 161, 161, 499, 499, 1024, 1024);
        assertThat(device.cpus(CpuGroup.TOP_APP).mask()).isEqualTo(0xFF);
        assertThat(device.cpus(CpuGroup.FOREGROUND).mask()).isEqualTo(0x3F);
        assertThat(device.cpus(CpuGroup.BACKGROUND).mask()).isEqualTo(0x0F);
        assertThat(device.display().periodNs()).isEqualTo(8_333_333);
    }

    @Test
    void everyBundledDeviceCanBeBuilt() {
        assertThat(Device.CATALOGUE.names()).allSatisfy(name -> assertThat(Device.find(name).description()).isNotBlank());
    }

    @Test
    void bootedKernelHasTheDevicesSwap() {
        Device budget = Device.find("budget-4gb");
        Kernel kernel = budget.boot(new Simulation(1), KernelProfile.of(KernelVersion.V6_6, Architecture.ARM64));

        assertThat(kernel.memory().swap().isOn()).isTrue();
        assertThat(kernel.memory().swap().slots() * 4096L).isEqualTo(1024L << 20);
        assertThat(budget.display().periodNs()).isEqualTo(16_666_666);
    }

    @Test
    void aDeviceMaySetHugePagesAsideUpToHalfItsMemory() throws IOException {
        Device device = Device.find(edited("watermarkScaleFactor: 36", "watermarkScaleFactor: 36\nhugePages: 3").toString());
        Kernel kernel = device.boot(new Simulation(1), KernelProfile.of(KernelVersion.V6_6, Architecture.ARM64));

        assertThat(kernel.memory().hugetlb().pool().free()).isEqualTo(3);
        assertThat(Device.find("pixel-6").hugePages()).isZero();
        Path greedy = edited("watermarkScaleFactor: 36", "watermarkScaleFactor: 36\nhugePages: 9999");
        assertThatThrownBy(() -> Device.find(greedy.toString())).hasMessageContaining("hugePages lies between 0 and 2048, not '9999'");
    }

    @Test
    void backgroundThreadsAreClampedAsTheDeviceSays() {
        Device pixel8 = Device.find("pixel-8");

        assertThat(pixel8.attributes(10, CpuGroup.BACKGROUND).uclamp()).isEqualTo(new UtilClamp(0, 512));
        assertThat(pixel8.attributes(-10, CpuGroup.TOP_APP).affinity().mask()).isEqualTo(0x1FF);
    }

    @Test
    void clampsStandInOrder() throws IOException {
        Path mine = edited("{ min: 1, max: 1024 }", "{ min: 9, max: 5 }");

        assertThatThrownBy(() -> Device.find(mine.toString())).hasMessageContaining("uclamp.top-app.max lies between 9 and 1024, not '5'");
    }

    @Test
    void costsOverrideTheDefaultsByKey() throws IOException {
        Path mine = edited("# None here", "costs:\n  tlbi.page: 99\n# None here");

        Device device = Device.find(mine.toString());

        assertThat(device.name()).isEqualTo("mine");
        assertThat(device.costs().ns(Cost.TLBI)).isEqualTo(99);
        assertThat(device.costs().ns(Cost.MMAP)).isEqualTo(CostModel.defaults().ns(Cost.MMAP));
    }

    @Test
    void unknownCostNamesTheNearest() throws IOException {
        Path mine = edited("# None here", "costs:\n  tlbi.pgae: 99\n# None here");

        assertThatThrownBy(() -> Device.find(mine.toString()))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("unknown key 'costs.tlbi.pgae' (did you mean 'costs.tlbi.page'?)");
    }

    @Test
    void unknownKeyNamesTheNearestAndItsLine() throws IOException {
        Path mine = edited("refreshHz: 120", "refreshHz: 120\n  refreshHzz: 60");

        assertThatThrownBy(() -> Device.find(mine.toString()))
                .isInstanceOf(BadInput.class)
                .hasMessageMatching("mine\\.yaml:\\d+: unknown key 'display\\.refreshHzz' \\(did you mean 'display\\.refreshHz'\\?\\)\\.");
    }

    @Test
    void displayIsSetToAModeItHas() throws IOException {
        Path mine = edited("refreshHz: 120", "refreshHz: 75");

        assertThatThrownBy(() -> Device.find(mine.toString()))
                .hasMessageContaining("display.refreshHz is one of display.modesHz, not '75'");
    }

    /// Every key is below a comment that says what it is and where its value is from.
    @ParameterizedTest
    @ValueSource(strings = {"pixel-6", "pixel-8", "budget-4gb", "desktop-x86"})
    void everyPartOfADeviceIsExplained(String device) throws IOException {
        String text;
        try (InputStream in = DeviceTest.class.getResourceAsStream(device + ".yaml")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String[] sections = text.split("\n\n");
        assertThat(sections).hasSizeGreaterThan(8);
        assertThat(sections)
                .filteredOn(section -> section.lines()
                        .anyMatch(line -> line.matches("\\w+:.*") && !line.matches("(description|architecture):.*")))
                .allSatisfy(section -> assertThat(section).contains("#"));
    }

    @Test
    void cpusetsNameOnlyCpusThereAre() throws IOException {
        Path mine = edited("top-app: 0-7", "top-app: 0-8");

        assertThatThrownBy(() -> Device.find(mine.toString())).hasMessageContaining("mine.yaml:")
                .hasMessageContaining("names only cpus 0-7, not '0-8'");
    }

    @Test
    void impossibleCapacityIsToldWithFileAndLine() throws IOException {
        Path mine = edited("capacity: 499", "capacity: 4990");

        assertThatThrownBy(() -> Device.find(mine.toString()))
                .hasMessageMatching("mine\\.yaml:\\d+: clusters\\.mid\\.capacity lies between 1 and 1024, not '4990'\\.");
    }

    @Test
    void unknownDeviceNamesTheNearestAndWhereTheOthersAreListed() {
        assertThatThrownBy(() -> Device.find("pixel-66"))
                .hasMessage("there is no device 'pixel-66' (did you mean 'pixel-6'?); see janklab list.");
    }

    @Test
    void costsThatVaryAndInterruptionsAreRead() throws IOException {
        Path file = edited("# None here",
                "costs:\n  ipi.delivery: \"1, 2, 3, 4, 5, 6\"\n  interruptions.perSecond: 250\n  interruptions.ns: \"7, 7, 7, 7, 7, "
                + "9\"\n# None here");
        CostModel costs = Device.find(file.toString()).costs();

        assertThat(costs.ns(Cost.IPI_DELIVERY)).isEqualTo(3);
        assertThat(costs.interruptions().perSecond()).isEqualTo(250);
        assertThat(costs.interruptions().lasting()).hasToString("7, 7, 7, 7, 7, 9");
    }

    @Test
    void spreadThatDoesNotAscendIsRefusedWithItsLine() throws IOException {
        Path file = edited("# None here", "costs:\n  ipi.delivery: \"1, 2, 3, 2, 5, 6\"\n# None here");
        assertThatThrownBy(() -> Device.find(file.toString())).isInstanceOf(BadInput.class)
                .hasMessageContaining("costs.ipi.delivery is 6 ascending whole numbers");
    }
}
