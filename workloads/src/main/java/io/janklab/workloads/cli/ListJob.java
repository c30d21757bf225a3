package io.janklab.workloads.cli;

import io.janklab.allocator.HeapOption;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.dashboards.report.text.TerminalWidth;
import io.janklab.dashboards.report.text.Wrap;
import io.janklab.kernel.config.AndroidKernel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Job;
import io.janklab.workloads.cli.common.JsonText;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scale.Loop;
import io.janklab.workloads.scale.Loops;
import io.janklab.workloads.scenario.Scenario;
import java.nio.file.Files;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The work of `list`: what the other commands accept.
record ListJob(Output output, ListPlan plan) implements Job {
    private static final String FILE = "list.json";

    @Override
    public int run() {
        output.nothingToVerify();
        Optional<OutputFolder> folder = output.folder(FILE, "kernels");
        String json = JsonText.of(all());
        folder.ifPresent(out -> out.write(making -> Files.writeString(making.resolve(FILE), json)));
        output.print(this::text, () -> json);
        output.remarkWritten(List.of(FILE));
        return ExitCode.OK;
    }

    private record SwitchChoice(String key, List<String> choices, String meaning) {}

    private static List<String> kernels() {
        return KernelProfile.labels();
    }

    private static Map<String, String> androidKernels() {
        return byName(List.of(AndroidKernel.values()), AndroidKernel::label, AndroidKernel::description);
    }

    private static List<Switch> switches() {
        return Stream.of(Switch.values()).filter(each -> !each.isRule()).toList();
    }

    private static <T> Map<String, String> byName(Collection<T> all, Function<T, String> name, Function<T, String> meaning) {
        Map<String, String> map = new LinkedHashMap<>();
        all.forEach(each -> map.put(name.apply(each), meaning.apply(each)));
        return map;
    }

    private static Map<String, String> rules() {
        return byName(Switch.rules(), Switch::key, Switch::meaning);
    }

    private static Map<String, String> scenarios() {
        return byName(Scenario.CATALOGUE.names(), name -> name, name -> Scenario.find(name, Map.of()).description());
    }

    private static Map<String, String> loops() {
        return byName(Loops.ALL, Loop::name, Loop::description);
    }

    private static Map<String, String> devices() {
        return byName(Device.CATALOGUE.names(), name -> name, name -> Device.find(name).description());
    }

    private static Map<String, String> deviceChecks() {
        return byName(Device.CATALOGUE.names(), name -> name, name -> Device.find(name).check());
    }

    private static Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("kernels", kernels());
        all.put("androidKernels", androidKernels());
        all.put("switches", switches().stream().map(each -> new SwitchChoice(each.key(), each.choices(), each.meaning())).toList());
        all.put("rules", rules());
        all.put("scenarios", scenarios());
        all.put("keys", Scenario.choices(Scenario.REFERENCE));
        all.put("loops", loops());
        all.put("allocators", HeapConfig.PRESETS);
        all.put("heapOptions", byName(List.of(HeapOption.values()), HeapOption::key, HeapOption::meaning));
        all.put("devices", devices());
        all.put("deviceChecks", deviceChecks());
        return all;
    }

    /// One topic, or the overview that names the others.
    private String text() {
        StringBuilder text = new StringBuilder();
        if (plan.keys()) {
            text.append(KeyTable.of(Scenario.choices(Scenario.REFERENCE)));
        }
        if (plan.switches()) {
            text.append(text.isEmpty() ? "" : "\n").append("Switches (--set KEY=VALUE), oldest behaviour first\n");
            switches().forEach(each -> text.append(lines(String.format("  %-24s ", each.key()), String.join(" | ", each.choices()), 27))
                    .append(lines("    ", each.meaning(), 4)));
        }
        if (plan.heapOptions()) {
            text.append(text.isEmpty() ? "" : "\n").append("Options of a native heap (key:value,key:value), jemalloc's first\n");
            for (HeapOption each : HeapOption.values()) {
                text.append(lines(String.format("  %-26s ", each.key()), each.range() + "; default " + each.text(each.defaultValue()), 29))
                        .append(lines("    ", each.meaning(), 4));
            }
        }
        if (plan.rules()) {
            section(text, "Safety rules (--set RULE=off, explore --without RULE)", rules());
        }
        return text.isEmpty() ? overview() : text.toString();
    }

    private static String overview() {
        StringBuilder text = new StringBuilder();
        text.append("Kernels (--kernel, --kernels; janklab show kernel 6.17), mainline's\n  ");
        text.append(join(KernelVersion.values(), KernelVersion::label));
        section(text, "Kernels that phones run, Android's common kernels", androidKernels());
        text.append("\nA kernel with switches set: 6.1+fault.vma-lock=anon\n");
        section(text, "Scenarios (--scenario; janklab show scenario scroll)", scenarios());
        section(text, "Devices (--device; janklab show device pixel-6)", devices());
        section(text, "What a device is checked against (P50 of a plain scroll on 6.17)", deviceChecks());
        text.append("\nAllocators (replay --preset, nativeHeap.preset)\n  ").append(String.join(" ", HeapConfig.PRESETS)).append('\n');
        text.append("\nLoops (scale LOOP), described among the scenarios\n  ").append(String.join(" ", loops().keySet())).append('\n');
        text.append("\nMore (janklab list …)\n");
        text.append(String.format(Locale.ROOT, "  --switches     %d switches of the kernel%n", switches().size()));
        text.append(String.format(Locale.ROOT, "  --keys         %d keys of a scenario, with default, range and meaning%n",
                Scenario.keys().size()));
        text.append(String.format(Locale.ROOT, "  --heap-options %d options of a native heap%n", HeapOption.values().length));
        text.append(String.format(Locale.ROOT, "  --rules        %d safety rules that can be taken out of the kernel%n", rules().size()));
        return text.toString();
    }

    private static <T> String join(T[] all, Function<T, String> label) {
        return Stream.of(all).map(label).collect(Collectors.joining(" ", "", "\n"));
    }

    private static void section(StringBuilder text, String heading, Map<String, String> meanings) {
        int width = meanings.keySet().stream().mapToInt(String::length).max().orElseThrow();
        text.append(text.isEmpty() ? "" : "\n").append(heading).append('\n');
        meanings.forEach((name, meaning) -> text.append(lines(String.format("  %-" + width + "s  ", name), meaning, width + 4)));
    }

    /// What begins with `head` and goes on, in lines within the page's width.
    private static String lines(String head, String text, int indent) {
        String next = " ".repeat(Math.min(indent, TerminalWidth.columns() / 3));
        return String.join("\n", Wrap.lines(head + text, TerminalWidth.columns(), next)) + "\n";
    }
}
