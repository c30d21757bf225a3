package io.janklab.workloads.cli.explore;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Litmus;
import io.janklab.explore.litmus.KnownCatch;
import io.janklab.explore.pairs.PairSearch;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.program.Nearest;
import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.DefaultKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Option;

/// The options that say on which kernels `janklab explore` runs.
final class ExploredKernels {
    static final String ALL = "all";
    private static final String DEFAULT_ARCHITECTURE = "arm64";
    private static final String RULE_PREFIX = "rule.";

    @Option(
            names = {"--kernel", "--as-of"},
            paramLabel = "VERSION",
            completionCandidates = Choices.Kernels.class,
            description = "Kernel or point release (6.6.57), or several with commas, or all (default: ${DEFAULT-VALUE}).")
    private String kernel;

    @Option(names = "--arch", paramLabel = "ARCH", description = "arm64, x86-64 or all (default: ${DEFAULT-VALUE}).")
    private String architecture;

    @Option(names = "--set", paramLabel = "SWITCH=VALUE", description = "Set a kernel switch; may be repeated.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Option(
            names = "--without",
            paramLabel = "RULE",
            description = "Take a safety rule out of the kernel (janklab list shows them); may be repeated.")
    private List<String> without = new ArrayList<>();

    /// Each kernel as requested.
    private final Map<KernelProfile, String> given = new IdentityHashMap<>();

    /// One kernel, unless more are requested.
    ExploredKernels() {
        this(DefaultKernels.ONE, DEFAULT_ARCHITECTURE);
    }

    private ExploredKernels(String kernel, String architecture) {
        this.kernel = kernel;
        this.architecture = architecture;
    }

    /// Every kernel on every architecture, unless fewer are requested.
    static ExploredKernels all() {
        return new ExploredKernels(ALL, ALL);
    }

    /// The requested machines.
    List<PairSearch.Target> targets() {
        Changes set = changes();
        List<PairSearch.Target> targets = new ArrayList<>();
        for (String version : versions()) {
            for (Architecture machine : architectures()) {
                KernelProfile profile = set.kernel(version, machine);
                given.put(profile, version);
                targets.add(new PairSearch.Target(profile, machine));
            }
        }
        return targets;
    }

    /// Each litmus on each kernel.
    List<ExploreSpec> with(List<Litmus> litmuses) {
        Changes set = changes();
        List<ExploreSpec> specs = new ArrayList<>();
        for (String version : versions()) {
            for (Architecture machine : architectures()) {
                KernelProfile profile = set.kernel(version, machine);
                given.put(profile, version);
                litmuses.forEach(litmus -> specs.add(new ExploreSpec(litmus, profile, machine)));
            }
        }
        return specs;
    }

    /// The known catch of each rule that is taken out; none if none is.
    List<KnownCatch> knownCatches() {
        return without.stream().map(rule -> KnownCatch.of(Objects.requireNonNull(Switch.byKey(checkedRule(rule)))))
                .filter(Objects::nonNull).toList();
    }

    /// Its litmus, on the requested kernels, or if none were on the one where it is known to be caught.
    List<ExploreSpec> with(KnownCatch known) {
        boolean asked = !kernel.equals(DefaultKernels.ONE) || !architecture.equals(DEFAULT_ARCHITECTURE);
        kernel = asked ? kernel : KnownCatch.KERNEL.label();
        architecture = asked ? architecture : label(KnownCatch.ARCHITECTURE);
        if (known.setting() != null) {
            String[] keyAndValue = known.setting().split("=");
            changes.putIfAbsent(keyAndValue[0], keyAndValue[1]);
        }
        return with(List.of(known.litmus()));
    }

    private Changes changes() {
        Map<String, String> wanted = new LinkedHashMap<>(changes);
        without.forEach(rule -> wanted.put(checkedRule(rule), "off"));
        return Changes.ofMachine(wanted);
    }

    /// With or without its `rule.`.
    private static String checkedRule(String name) {
        String key = name.startsWith(RULE_PREFIX) ? name : RULE_PREFIX + name;
        if (Switch.byKey(key) == null) {
            throw new BadInput("there is no rule '" + name + "'" + Nearest.hint(key, Switch.rules().stream().map(Switch::key).toList())
                    + "; see janklab list --switches.");
        }
        return key;
    }

    private List<String> versions() {
        return kernel.equals(ALL) ? Arrays.stream(KernelVersion.values()).map(KernelVersion::label).toList() : List.of(kernel.split(","));
    }

    private List<Architecture> architectures() {
        return switch (architecture) {
            case "arm64" -> List.of(Architecture.ARM64);
            case "x86-64" -> List.of(Architecture.X86_64);
            case ALL -> List.of(Architecture.ARM64, Architecture.X86_64);
            default -> throw new BadInput("--arch takes arm64, x86-64 or all, not '" + architecture + "'.");
        };
    }

    static String label(Architecture machine) {
        return machine == Architecture.ARM64 ? "arm64" : "x86-64";
    }

    /// The options that chose the kernels known so far.
    KernelWords words() {
        StringBuilder words = new StringBuilder();
        changes.forEach((key, value) -> words.append(" --set ").append(key).append('=').append(value));
        without.forEach(rule -> words.append(" --without ").append(rule));
        return new KernelWords(given, words.toString());
    }
}
