package io.janklab.explore.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Litmus;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.search.Explorer;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The figures of LITMUS.md and SEEDS.md are those that the explorer counts. `-Djanklab.refresh=true` writes them instead, with
/// `-Djanklab.most=25000` those of longer searches too.
@Execution(ExecutionMode.CONCURRENT)
@Tag("schedules")
class LitmusFiguresTest {
    private static final boolean REFRESH = Boolean.getBoolean("janklab.refresh");
    /// Longer searches are not repeated here.
    private static final long MOST_CHECKED = Long.getLong("janklab.most", 1_000);
    private static final long MOST_SCHEDULES = 10 * MOST_CHECKED;
    private static final List<Architecture> ARCHITECTURES = List.of(Architecture.ARM64, Architecture.X86_64);
    private static final int KERNELS = KernelVersion.values().length * ARCHITECTURES.size();
    /// `| name | kernels searched to the end | schedules | kernels given up |`.
    private static final Pattern ROW = Pattern.compile("\\| `([\\w-]+)` \\| (\\d+) \\| (\\S+(?: … \\S+)?) \\| (\\S+) \\|");
    /// `| CVE | command with --as-of BEFORE,AFTER | what breaks before | none after |`.
    private static final Pattern CVE = Pattern.compile(
            "\\| ([^|`]+) \\| `janklab explore ([\\w-]+)( --[^`]*) --as-of ([\\d.]+),([\\d.]+)` \\| ([^|]+) \\| ([^|]+) \\|");
    /// Of what breaks.
    private static final String PREFIX = "kernel bug:\\s*(\\S+ \\(tgid \\d+\\): )?";
    private static final Pattern COMMAND = Pattern.compile("\\| `([\\w-]+)( --[^`]*)` \\| (.*) \\|");

    private static long number(String text) {
        return Long.parseLong(text.replace(",", ""));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /// Checks each line against the one `current` makes of it, or rewrites the page.
    private static void compare(Path page, List<String> lines, List<String> current) throws IOException {
        if (REFRESH) {
            Files.write(page, current);
        } else {
            assertThat(lines).as("%s; refresh it with -Djanklab.refresh=true", page).containsExactlyElementsOf(current);
        }
    }

    @Test
    void tableOfLitmusesIsWhatTheExplorerCounts() throws IOException {
        Path page = Path.of("LITMUS.md");
        List<String> lines = Files.readAllLines(page);
        List<String> names = new ArrayList<>();
        List<String> current = new ArrayList<>();
        int ended = 0;
        for (String line : lines) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                current.add(line);
                continue;
            }
            names.add(row.group(1));
            ended += Integer.parseInt(row.group(2));
            String schedules = row.group(3);
            long most = schedules.equals("–") ? Long.MAX_VALUE : number(schedules.replaceFirst(".* … ", ""));
            boolean checked = Integer.parseInt(row.group(2)) == KERNELS && most <= MOST_CHECKED;
            current.add(checked
                    ? String.format(Locale.ROOT, "| `%s` | %d | %s | – |", row.group(1), KERNELS, range(Litmuses.byName(row.group(1))))
                    : line);
        }
        assertThat(names).containsExactlyInAnyOrderElementsOf(Litmuses.ALL.stream().map(Litmus::name).toList());
        int explorations = Litmuses.ALL.size() * KERNELS;
        assertThat(String.join(" ", lines))
                .contains("Each of the " + Litmuses.ALL.size() + " litmuses was run on each of the " + KernelVersion.values().length
                + " kernel profiles")
                .contains(explorations + " explorations")
                .contains(ended + " of " + explorations);
        compare(page, lines, current);
    }

    @Test
    void releasesBeforeAndAfterACveComeToWhatTheTableSays() throws IOException {
        Path page = Path.of("LITMUS.md");
        List<String> lines = Files.readAllLines(page);
        List<String> current = new ArrayList<>();
        int releases = 0;
        for (String line : lines) {
            Matcher row = CVE.matcher(line);
            if (!row.matches()) {
                current.add(line);
                continue;
            }
            releases++;
            current.add(String.format("| %s | `janklab explore %s%s --as-of %s,%s` | %s | %s |", row.group(1), row.group(2), row.group(3),
                    row.group(4), row.group(5), of(row, row.group(4), row.group(6)), of(row, row.group(5), row.group(7))));
        }
        assertThat(releases).isPositive();
        compare(page, lines, current);
    }

    /// What that release comes to, unless it is known to take too long.
    private static String of(Matcher row, String release, String known) {
        if (number(known.replaceFirst(":.*", "").replaceAll("[^\\d]", "")) > MOST_CHECKED) {
            return known;
        }
        Verdict verdict = explored(row.group(2), row.group(3), KernelProfile.byLabel(release, Architecture.ARM64), Architecture.ARM64);
        return verdict.finding() != null
                ? "in schedule " + number(verdict.schedules()) + ": *" + verdict.finding().rule().replaceFirst(PREFIX, "") + "*"
                : number(verdict.schedules()) + (verdict.complete() ? ", all there are" : ", none broken");
    }

    private static String range(Litmus litmus) {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (KernelVersion version : KernelVersion.values()) {
            for (Architecture architecture : ARCHITECTURES) {
                ExploreSpec spec = new ExploreSpec(litmus, KernelProfile.of(version, architecture), architecture);
                Verdict verdict = new Explorer(spec).strategy(Strategy.parse("dfs")).schedules(MOST_SCHEDULES).explore();
                assertThat(verdict.complete()).as("%s on %s, %s", litmus.name(), version, architecture).isTrue();
                least = Math.min(least, verdict.schedules());
                most = Math.max(most, verdict.schedules());
            }
        }
        return least == most ? number(least) : number(least) + " … " + number(most);
    }

    @Test
    void commandsOfSeedsComeToWhatTheTableSays() throws IOException {
        Path page = Path.of("SEEDS.md");
        List<String> lines = Files.readAllLines(page);
        List<String> current = new ArrayList<>();
        for (String line : lines) {
            Matcher row = COMMAND.matcher(line);
            boolean checked = row.matches() && number(row.group(3).replaceAll("[^\\d]", "")) <= MOST_CHECKED;
            current.add(checked ? "| `" + row.group(1) + row.group(2) + "` | " + cameTo(row.group(1), row.group(2)) + " |" : line);
        }
        compare(page, lines, current);
    }

    /// The count that `janklab explore` would print.
    private static String cameTo(String litmus, String options) {
        String version = option(options, "kernel", "6.17").getFirst();
        Architecture architecture = option(options, "arch", "arm64").getFirst().equals("arm64") ? Architecture.ARM64 : Architecture.X86_64;
        KernelProfile kernel = KernelProfile.of(KernelVersion.byLabel(version), architecture);
        for (String setting : option(options, "set", null)) {
            kernel = kernel.with(Switch.byKey(setting.split("=")[0]), setting.split("=")[1]);
        }
        for (String rule : option(options, "without", null)) {
            kernel = kernel.with(Switch.byKey("rule." + rule), "off");
        }
        Verdict verdict = explored(litmus, options, kernel, architecture);
        if (verdict.finding() != null) {
            return "breaks in schedule " + number(verdict.schedules());
        }
        return number(verdict.schedules()) + (verdict.complete() ? " to the end" : ", none broken");
    }

    private static Verdict explored(String litmus, String options, KernelProfile kernel, Architecture architecture) {
        return new Explorer(new ExploreSpec(Litmuses.byName(litmus), kernel, architecture))
                .strategy(Strategy.parse(option(options, "strategy", "random").getFirst()))
                .schedules(number(option(options, "schedules", Long.toString(MOST_SCHEDULES)).getFirst()))
                .explore();
    }

    private static List<String> option(String options, String name, String otherwise) {
        List<String> values = new ArrayList<>();
        Matcher matcher = Pattern.compile("--" + name + " (\\S+)").matcher(options);
        while (matcher.find()) {
            values.add(matcher.group(1));
        }
        return values.isEmpty() && otherwise != null ? List.of(otherwise) : values;
    }
}
