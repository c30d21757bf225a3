package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Random input, each case derived from its number, which a failure names. `mvn -Pfuzz test` tries 100,000 of each kind, for a minute a
/// kind at most; `-Dfuzz.from=N` begins with others.
public final class Fuzz {
    public static final int CASES = Integer.getInteger("janklab.fuzz", 200);
    private static final int FROM = Integer.getInteger("janklab.fuzz.from", 0);
    private static final long MOST_NS = TimeUnit.SECONDS.toNanos(Long.getLong("janklab.fuzz.seconds", 3_600));
    private static final List<String> FRAGMENTS = List.of(
            "\n", "\r", "\t", " ", "\0", Character.toString(0x1b) + "[31m", "'", "\"", ":", "-", "..", "/", "=", ",", "1e999", "-1",
                    "99999999999999999999", "NaN", "0x", "{", "[", "&a",
            "*a", "!!java.lang.Object", "%s%n", "malloc", "realloc", "thread_done", "é", "x".repeat(300));

    private Fuzz() {}

    /// The numbers of that many cases, or of as many as there is time for.
    public static Iterable<Integer> numbers(int cases) {
        long began = System.nanoTime();
        return () -> IntStream.range(FROM, FROM + cases).takeWhile(number -> System.nanoTime() - began < MOST_NS).iterator();
    }

    interface Command {
        String[] with(byte[] input, SplittableRandom random) throws IOException;
    }

    static void refusesOrTakes(String what, byte[] seed, Command command) throws IOException {
        for (int number : numbers(CASES)) {
            SplittableRandom random = new SplittableRandom(number);
            String[] arguments = command.with(mutated(seed, random), random);
            StringWriter stderr = new StringWriter();

            int exit = CommandLineRun.execute(new StringWriter(), stderr, arguments);

            String as = what + ", case " + number + ": " + Arrays.toString(arguments);
            assertThat(exit).as(as + "\n" + stderr).isIn(ExitCode.OK, ExitCode.BAD_INPUT, ExitCode.KERNEL_RULE_BROKEN);
            if (exit == ExitCode.BAD_INPUT) {
                assertClean(as, stderr.toString().stripTrailing());
            }
        }
    }

    static void assertClean(String as, String sentence) {
        assertThat(sentence).as(as).isNotEmpty().endsWith(".").hasSizeLessThan(1_100).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]");
    }

    /// One to three changes: a byte, a part gone, a part twice, something put in.
    public static byte[] mutated(byte[] seed, SplittableRandom random) {
        String text = new String(seed, StandardCharsets.ISO_8859_1);
        for (int change = 0; change <= random.nextInt(3); change++) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(12));
            String middle = switch (random.nextInt(4)) {
                case 0 -> "";
                case 1 -> text.substring(at, end).repeat(2);
                case 2 -> Character.toString(random.nextInt(256));
                default -> FRAGMENTS.get(random.nextInt(FRAGMENTS.size()));
            };
            text = text.substring(0, at) + middle + text.substring(end);
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static void taken(String as, Runnable reading) {
        try {
            reading.run();
        } catch (BadInput e) {
            assertClean(as, e.getMessage());
        }
    }
}
