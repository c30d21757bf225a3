package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.explore.Strategy;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The exploration that is known to catch a kernel without one of its rules: `rules.txt`.
///
/// @param rule      the rule
/// @param litmus    which litmus shows it
/// @param strategy  how schedules are chosen
/// @param schedules how many suffice, drawn from seed 1
/// @param setting   `SWITCH=VALUE`, for a rule of a proposal; null if the kernel is as it is
/// @param breaks    words of what breaks
public record KnownCatch(Switch rule, Litmus litmus, Strategy strategy, long schedules, @Nullable String setting, String breaks) {
    /// The kernel and the machine on which each is known to catch.
    public static final KernelVersion KERNEL = KernelVersion.V7_2;
    public static final Architecture ARCHITECTURE = Architecture.X86_64;
    /// One for each rule.
    public static final List<KnownCatch> ALL = lines().stream().filter(line -> !line.startsWith("#")).map(KnownCatch::parse).toList();

    private static final String NONE = "-";

    static List<String> lines() {
        try (InputStream in = KnownCatch.class.getResourceAsStream("rules.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static KnownCatch parse(String line) {
        String[] columns = Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
        String setting = columns[4].equals(NONE) ? null : columns[4];
        Switch rule = Objects.requireNonNull(Switch.byKey(columns[0]), line);
        Litmus litmus = Objects.requireNonNull(Litmuses.byName(columns[1]), line);
        return new KnownCatch(rule, litmus, Strategy.parse(columns[2]), Long.parseLong(columns[3]), setting, columns[5]);
    }

    /// Of that rule; null if there is none.
    public static @Nullable KnownCatch of(Switch rule) {
        return ALL.stream().filter(known -> known.rule() == rule).findFirst().orElse(null);
    }

    @Override
    public String toString() {
        return rule.key() + " by " + litmus.name();
    }
}
