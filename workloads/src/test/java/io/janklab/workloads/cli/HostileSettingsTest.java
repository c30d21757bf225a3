package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.scenario.KeyChoice;
import io.janklab.workloads.scenario.Scenario;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Any key of any scenario takes what its range allows, alone and beside others: a run ends, or is refused in sentences.
final class HostileSettingsTest {
    /// A fiftieth of [Fuzz#CASES], for each is a run.
    private static final int CASES = Math.max(2, Fuzz.CASES / 50);
    private static final int MOST_CHANGES = 4;
    private static final Pattern RANGE = Pattern.compile("(-?[\\d.]+) … ([\\d.]+)\\b.*");
    private static final List<String> SCENARIOS = List.of("busy", "scroll", "gc-storm", "map-churn", "bitmap-load", "launch", "warm-start",
            "remote-reader", "maps-reader", "flutter", "unity", "hermes", "webview", "jit-flips", "uffd-move", "pte-bloat", "page_fault1",
            "malloc1");
    private static final List<String> TIMES = List.of("durationS", "warmUpS");
    private static final List<String> KERNELS = List.of("6.1", "6.12", "6.17", "7.2");
    private static final List<String> DEVICES = List.of("pixel-6", "pixel-8", "budget-4gb");

    @TempDir
    Path folder;

    @Test
    void extremesOfSettings() {
        for (int number : Fuzz.numbers(CASES)) {
            SplittableRandom random = new SplittableRandom(number);
            List<String> arguments = arguments(random);
            StringWriter stderr = new StringWriter();

            int exit = CommandLineRun.execute(new StringWriter(), stderr, arguments.toArray(String[]::new));

            String as = "case " + number + ": " + String.join(" ", arguments) + "\n" + stderr;
            assertThat(exit).as(as).isIn(ExitCode.OK, ExitCode.BAD_INPUT);
            if (exit == ExitCode.BAD_INPUT) {
                assertThat(stderr.toString()).as(as).isNotEmpty();
                stderr.toString().lines().forEach(sentence -> Fuzz.assertClean(as, sentence));
            }
        }
    }

    private List<String> arguments(SplittableRandom random) {
        String scenario = one(random, SCENARIOS);
        List<String> arguments = new ArrayList<>(List.of("run", "--scenario", scenario, "--kernel", one(random, KERNELS), "--device",
                one(random, DEVICES), "--seed", Integer.toString(random.nextInt(1, 5)), "--duration", "20ms", "--quiet", "--force", "--out",
                folder.resolve("out").toString(), "--set", "warmUpS=0"));
        List<KeyChoice> keys = Scenario.choices(scenario).stream().filter(key -> !TIMES.contains(key.key()) && !key.allowed().isEmpty())
                .toList();
        Stream.generate(() -> one(random, keys)).distinct().limit(random.nextInt(1, MOST_CHANGES + 1))
                .forEach(key -> arguments.addAll(List.of("--set", key.key() + "=" + value(key.allowed(), random))));
        return arguments;
    }

    /// The least, the most, or something of any size between; one of the words where they are given.
    private static String value(String allowed, SplittableRandom random) {
        Matcher range = RANGE.matcher(allowed);
        if (!range.matches()) {
            return one(random, List.of(allowed.split(" \\| ")));
        }
        double most = Double.parseDouble(range.group(2));
        return switch (random.nextInt(3)) {
            case 0 -> range.group(1);
            case 1 -> range.group(2);
            default -> range.group(2).contains(".") ? Double.toString(most * random.nextDouble())
                    : Long.toString((long) Math.max(Double.parseDouble(range.group(1)), most / Math.pow(10, random.nextInt(1, 4))));
        };
    }

    private static <T> T one(SplittableRandom random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
