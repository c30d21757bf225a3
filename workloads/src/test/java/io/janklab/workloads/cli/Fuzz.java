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

/// Random input, each case derived from its number, which a failure names. `mvn -Pfuzz test` tries 100,000 of each kind; `-Djanklab.fuzz=N`
/// another number.
final class Fuzz {
    static final int CASES = Integer.getInteger("janklab.fuzz", 200);
    private static final List<String> FRAGMENTS = List.of(
            "\n", "\r", "\t", " ", "\0", Character.toString(0x1b) + "[31m", "'", "\"", ":", "-", "..", "/", "=", ",", "1e999", "-1",
                    "99999999999999999999", "NaN", "0x", "{", "[", "&a",
            "*a", "!!java.lang.Object", "%s%n", "malloc", "realloc", "thread_done", "é", "x".repeat(300));

    private Fuzz() {}

    interface Command {
        String[] with(byte[] input, SplittableRandom random) throws IOException;
    }

    static void refusesOrTakes(String what, byte[] seed, Command command) throws IOException {
        for (int number = 0; number < CASES; number++) {
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

    private static void assertClean(String as, String sentence) {
        assertThat(sentence).as(as).isNotEmpty().endsWith(".").hasSizeLessThan(1_100).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]");
    }

    /// One to three changes: a byte, a part gone, a part twice, something put in.
    static byte[] mutated(byte[] seed, SplittableRandom random) {
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
