package io.janklab.workloads.cli;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scale.Loop;
import io.janklab.workloads.scale.Loops;
import io.janklab.workloads.scenario.Scenario;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `janklab list`: what the other commands can be told.
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists kernels, switches, scenarios, loops and devices.")
final class ListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Kernels (--kernel, --kernels)");
        out.println("  " + Stream.of(KernelVersion.values()).map(KernelVersion::label).collect(Collectors.joining(" ")));
        out.println();
        out.println("Switches (--set KEY=VALUE), oldest behaviour first");
        Stream.of(Switch.values())
                .filter(each -> !each.isRule())
                .forEach(each -> out.printf("  %-24s %-36s %s%n", each.key(), String.join(" | ", each.choices()), each.meaning()));
        out.println();
        out.println("Safety rules (--set RULE=off to see what breaks without it)");
        for (Switch rule : Switch.rules()) {
            out.printf("  %-32s %s%n", rule.key(), rule.meaning());
        }
        out.println();
        out.println("Scenarios (--scenario)");
        for (String name : Scenario.CATALOGUE.names()) {
            out.printf("  %-24s %s%n", name, Scenario.find(name, Map.of()).description());
        }
        out.println();
        out.println("Loops (scale LOOP)");
        for (Loop loop : Loops.ALL) {
            out.printf("  %-24s %s%n", loop.name(), loop.description());
        }
        out.println();
        out.println("Allocators (replay --preset, nativeHeap.preset)");
        out.println("  " + String.join(" ", HeapConfig.PRESETS));
        out.println();
        out.println("Devices (--device)");
        for (String name : Device.CATALOGUE.names()) {
            out.printf("  %-24s %s%n", name, Device.find(name).description());
        }
        out.flush();
        return ExitCode.OK;
    }
}
