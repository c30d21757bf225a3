package io.janklab.workloads.cli.whatif;

import io.janklab.kernel.config.Hardware;
import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.common.Duration;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.scale.Loop;
import io.janklab.workloads.scale.Loops;
import io.janklab.workloads.scale.ScaleSpec;
import io.janklab.workloads.sweep.Changes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `janklab scale`: a will-it-scale loop on ever more cores, on several kernels.
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a loop of will-it-scale on machines of 1 to 64 equal cores, a task on each.",
            "Prints iterations per second of virtual time. Leaves scale.json in --out, if that is given."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
public final class ScaleCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "LOOP", description = "page_fault1, mmap1, brk1, tlb_flush1 or malloc1.")
    private String loop = "";

    @Option(names = "--device", paramLabel = "NAME|FILE",
            completionCandidates = Choices.Devices.class,
            description = "Whose instruction set and costs (default: ${DEFAULT-VALUE}).")
    private String device = "pixel-6";

    @Option(
            names = {"--kernels", "--kernel", "--as-of"},
            paramLabel = "VERSION",
            split = ",",
            completionCandidates = Choices.Kernels.class,
            defaultValue = "6.1,6.17",
            description = "Kernels (default: ${DEFAULT-VALUE}).")
    private List<String> kernels = List.of();

    @Option(names = "--cores", paramLabel = "N", split = ",", defaultValue = "1,2,4,8,16,32,64",
            description = "Numbers of cores (default: ${DEFAULT-VALUE}).")
    private List<Integer> cores = List.of();

    @Option(names = "--processes", description = "A process for each task; without it, one for all.")
    private boolean processes;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Duration.Converter.class,
            defaultValue = "100ms",
            description = "Virtual time, after a warm-up (default: ${DEFAULT-VALUE}).")
    private Duration duration = new Duration(0);

    @Option(names = "--set", paramLabel = "SWITCH=VALUE", description = "Set a kernel switch; may be repeated.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Override
    public Integer call() {
        Loop theLoop = Loops.find(loop);
        Device theDevice = Device.find(device);
        ScalePlan plan = new ScalePlan(theLoop, theDevice, processes, duration.ns(), specs(theLoop, theDevice));
        return new ScaleJob(common.output(), plan).run();
    }

    /// Number of cores by number of cores, and for each kernel by kernel; what is named twice runs once.
    private List<ScaleSpec> specs(Loop theLoop, Device theDevice) {
        Changes set = Changes.ofMachine(changes);
        Hardware machine = theDevice.hardware();
        List<ScaleSpec> specs = new ArrayList<>();
        for (int count : new LinkedHashSet<>(cores)) {
            checkCores(count);
            for (String version : new LinkedHashSet<>(kernels)) {
                var kernel = set.kernel(version, machine.architecture());
                specs.add(new ScaleSpec(theLoop, kernel, machine.architecture(), theDevice.costs(), count, processes, duration.ns(),
                        common.seed()));
            }
        }
        return specs;
    }

    private static void checkCores(int count) {
        if (count < 1 || count > Hardware.MAX_CPUS) {
            throw new BadInput("--cores takes numbers from 1 to " + Hardware.MAX_CPUS + ", not " + count + ".");
        }
    }
}
