package io.janklab.workloads.cli.plan;

import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.DefaultKernels;
import io.janklab.workloads.sweep.Design;
import io.janklab.workloads.sweep.Factor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The sides of a comparison: kernels, two or more settings, or the values of what is varied.
public final class SideOptions {

    @Option(
            names = {"--kernels", "--kernel", "--as-of"},
            paramLabel = "VERSION",
            split = ",",
            completionCandidates = Choices.Kernels.class,
            description = "Kernels; the others are compared with the first (default: " + DefaultKernels.BOTH + "; of --vary: "
                    + DefaultKernels.ONE + ").")
    private @Nullable List<String> kernels;

    @Option(
            names = "--a",
            paramLabel = "SETTING",
            description =
                    "First side, in place of --kernels: KEY=VALUE,KEY=VALUE… with kernel, device, scenario, name or what --set takes.")
    private @Nullable String first;

    @Option(names = "--b", paramLabel = "SETTING", description = "Another side, which is compared with --a; may be repeated.")
    private @Nullable List<String> others;

    @Option(
            names = "--vary",
            paramLabel = "KEY=A,B",
            description = "Compare the values of a key, words or numbers; may be repeated: every combination is compared with the first.")
    private @Nullable List<String> varied;

    /// Whether none are named.
    public boolean areDefaults() {
        return kernels == null && first == null && others == null && varied == null;
    }

    /// Compares these kernels, if no sides are named.
    public void useKernels(List<String> versions) {
        kernels = areDefaults() ? versions : kernels;
    }

    /// @throws BadInput if there are fewer than two, or two ways of saying them
    public List<Side> list() {
        if (first == null && others == null) {
            return varied == null ? kernels(kernels == null ? DefaultKernels.TWO : kernels) : varied(varied);
        }
        if (first == null || others == null || kernels != null || varied != null) {
            throw new BadInput(
                    "--a and --b go together, without --kernels and --vary: --a kernel=6.12 --b kernel=6.12,heap.decayMs=10000.");
        }
        Stream<Side> rest = others.stream().map(text -> Side.parse("--b", text));
        return Stream.concat(Stream.of(Side.parse("--a", first)), rest).toList();
    }

    private static List<Side> kernels(List<String> versions) {
        if (versions.size() < 2 || versions.stream().distinct().count() < versions.size()) {
            throw new BadInput("compare needs at least two different kernels, such as --kernels 6.12,6.17.");
        }
        return versions.stream().map(Side::ofKernel).toList();
    }

    private List<Side> varied(List<String> factors) {
        List<Side> sides = new ArrayList<>();
        List<Map<String, String>> points = Design.points(Design.GRID, factors.stream().map(Factor::parse).toList());
        for (String kernel : kernels == null ? List.of(DefaultKernels.ONE) : kernels) {
            points.forEach(point -> sides.add(Side.ofKernel(kernel).with(point)));
        }
        if (sides.size() < 2) {
            throw new BadInput("--vary needs at least two values, such as --vary heap.decayMs=0,10000.");
        }
        return sides;
    }
}
