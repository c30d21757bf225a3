package io.janklab.workloads.cli;

import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.recording.SampleRecording;
import io.janklab.workloads.recording.record.RecordingHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// A quick invocation of each command, for tests of what all have in common.
final class EveryCommand {
    /// Prints a script for shells, and has nothing to write, draw or verify.
    static final String COMPLETION = "completion";
    /// Lasts until it is told to end, and writes no files.
    static final String SERVE = "serve";
    /// Maps memory at addresses that another thread may have taken.
    static final String CONFORM = "conform";
    private static final Path INSTANCES = Path.of("/sys/kernel/tracing/instances");
    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("compare", "--duration 50ms --set warmUpS=0 --no-bound"),
            Map.entry("run", "--duration 50ms --set warmUpS=0"),
            Map.entry("diff", "RESULT RESULT"),
            Map.entry("advise", "--duration 50ms --set warmUpS=0 --try heap.decayMs=0"),
            Map.entry("explain", "7.2 7.2+mseal=off --duration 50ms --set warmUpS=0"),
            Map.entry("map", "--x device=pixel-6 --y mapChurn.ui.perS=12 --duration 50ms --set warmUpS=0"),
            Map.entry("replay", "TRACE"),
            Map.entry("sweep", "--duration 50ms --set warmUpS=0 --kernels 6.17 --vary cost.tlbi=1,2"),
            Map.entry("scale", "mmap1 --cores 1 --duration 1ms"),
            Map.entry("explore", "fault-dontneed --schedules 10"),
            Map.entry("conform", "--programs 2"),
            Map.entry("merge", "SWEEP"),
            Map.entry("import", "RECORDING"),
            Map.entry("record", "--pid PID --seconds 0.1 --buffer 1"),
            Map.entry("calibrate", ""),
            Map.entry("validate", "--only mapper,_free_1_MiB,_VMA_lock --seconds 0.05 --minutes 0"),
            Map.entry("dashboards", ""),
            Map.entry("show", "scenario scroll"),
            Map.entry("list", ""));

    /// Those that run more than two seeds by default.
    private static final Set<String> SEVERAL_SEEDS = Set.of("compare", "advise", "explain", "map", "sweep");

    /// Jobs of these commands that write other files.
    private static final Map<String, String> OTHER_JOBS = Map.of(
            "explore pairs", "--ops munmap --states fresh --kernel 6.17 --schedules 1",
            "replay --heap-only", "TRACE",
            "run --program", "give-back",
            "compare --recording", "RECORDING --seeds 1 --no-bound",
            "compare --control", "scroll --seeds 1 --scenario busy --duration 50ms --set warmUpS=0 --no-bound");

    private EveryCommand() {}

    static Stream<String> all() {
        return Main.commandLine().getSubcommands().keySet().stream();
    }

    /// Those that write files.
    static Stream<String> writing() {
        return all().filter(name -> !List.of(COMPLETION, SERVE).contains(name));
    }

    /// Those of them that measure the host, which takes seconds, root's rights or both.
    static Stream<String> measuring() {
        return Stream.of("calibrate", "validate").filter(name -> HostKernel.current().obstacle() == null)
                .filter(name -> !name.equals("validate") || Runtime.getRuntime().availableProcessors() > 1);
    }

    /// The others as far as this host has what they need, but for `conform`, which wants a process to itself.
    static Stream<String> quick() {
        return writing().filter(name -> switch (name) {
            case "calibrate", "validate", CONFORM -> false;
            case "record" -> RecordingHost.obstacle() == null && Files.exists(INSTANCES.resolveSibling("events/syscalls/sys_enter_mmap"));
            default -> true;
        });
    }

    /// What the quick ones do: each, and other jobs of some.
    static Stream<String> quickJobs() {
        return Stream.concat(quick(), OTHER_JOBS.keySet().stream().sorted());
    }

    /// Those that take a moment in a process of their own.
    static Stream<String> quickAlone() {
        return Stream.concat(quickJobs(), Stream.of(CONFORM).filter(name -> HostKernel.current().obstacle() == null));
    }

    /// Those that measure the host or take it for comparison.
    static Stream<String> onTheHost() {
        return Stream.concat(measuring(), Stream.of(CONFORM).filter(name -> HostKernel.current().obstacle() == null));
    }

    /// The arguments of a command, or of another job of it, without `--out`; what it reads is made in `folder`, once.
    static List<String> arguments(String command, Path folder) throws IOException {
        String words = SHORT.getOrDefault(command, OTHER_JOBS.get(command));
        if (words.contains("RESULT")) {
            words = words.replace("RESULT", made(folder.resolve("result"), "run", "--duration", "50ms", "--set", "warmUpS=0"));
        }
        if (words.contains("SWEEP")) {
            words = words.replace("SWEEP",
                    made(folder.resolve("swept"), "sweep", "--duration", "50ms", "--set", "warmUpS=0", "--kernels", "6.17", "--seeds",
                            "1"));
        }
        Path trace = Files.writeString(folder.resolve("t.txt"), "1: malloc 0x10 100\n2: malloc 0x20 5000\n1: free 0x20\n");
        Path recording = Files.writeString(folder.resolve("r.txt"), SampleRecording.text(3));
        words = words.replace("TRACE", trace.toString()).replace("RECORDING", recording.toString())
                .replace("PID", Long.toString(ProcessHandle.current().pid()));
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        Stream.of(words.split(" ")).filter(word -> !word.isEmpty())
                .map(word -> command.equals("validate") ? word.replace('_', ' ') : word).forEach(arguments::add);
        return arguments;
    }

    /// The same with two seeds at most, for tests that run it again and again.
    static List<String> argumentsForFewSeeds(String command, Path folder) throws IOException {
        List<String> arguments = arguments(command, folder);
        if (SEVERAL_SEEDS.contains(command)) {
            arguments.addAll(List.of("--seeds", "2"));
        }
        return arguments;
    }

    private static String made(Path folder, String... command) {
        if (!Files.exists(folder)) {
            CommandLineRun.ok(Stream.concat(Stream.of(command), Stream.of("--quiet", "--out", folder.toString())).toArray(String[]::new));
        }
        return folder.toString();
    }
}
