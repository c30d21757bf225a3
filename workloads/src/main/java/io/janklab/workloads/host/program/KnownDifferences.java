package io.janklab.workloads.host.program;

import io.janklab.program.Call;
import io.janklab.program.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The calls about which the two kernels are known to differ, each with its reason: `known-differences.txt`.
///
/// A line is a call's name and any of its arguments, a colon, and why.
public final class KnownDifferences {
    private final Map<List<String>, String> reasons = new LinkedHashMap<>();

    private KnownDifferences(List<String> lines) {
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                int colon = line.indexOf(':');
                reasons.put(List.of(line.substring(0, colon).trim().split("\\s+")), line.substring(colon + 1).trim());
            }
        }
    }

    /// These, and those that only some hosts have.
    public KnownDifferences and(List<String> lines) {
        KnownDifferences both = new KnownDifferences(lines);
        reasons.forEach(both.reasons::putIfAbsent);
        return both;
    }

    public static KnownDifferences none() {
        return new KnownDifferences(List.of());
    }

    public static KnownDifferences documented() {
        try (InputStream in = KnownDifferences.class.getResourceAsStream("known-differences.txt")) {
            return new KnownDifferences(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Why the two sides may differ about this call, or null if they may not.
    public @Nullable String reason(Call call) {
        Set<String> names = new HashSet<>(Set.of(call.operation().word()));
        if (call.operation() == Operation.PROCESS_MADVISE) {
            names.add(Operation.MADVISE.word());
        }
        if (reasons.keySet().stream().noneMatch(known -> names.contains(known.getFirst()))) {
            return null;
        }
        Set<String> words = new HashSet<>(Arrays.asList(call.toString().split("[ |]")));
        for (Map.Entry<List<String>, String> known : reasons.entrySet()) {
            List<String> arguments = known.getKey().subList(1, known.getKey().size());
            if (names.contains(known.getKey().getFirst()) && words.containsAll(arguments)) {
                return known.getValue();
            }
        }
        return null;
    }
}
