package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.recording.SampleRecording;
import io.janklab.workloads.scenario.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random input ([Fuzz]) is accepted, or refused in one clean sentence.
final class HostileInputTest {
    private static final int CASES = Fuzz.CASES;

    @TempDir
    Path folder;

    @Test
    void heapTraces() throws IOException {
        byte[] trace = """
                1: malloc 0x10 100
                2: calloc 0x20 3 40
                1: realloc 0x30 0x10 200
                2: memalign 0x40 64 100
                1: free 0x30
                2: thread_done 0x0
                """.getBytes(StandardCharsets.US_ASCII);
        Path file = folder.resolve("trace.txt");
        Fuzz.refusesOrTakes("trace", trace, (input, random) -> new String[] {"replay", "--heap-only", Files.write(file, input).toString()});
    }

    /// Damaged anywhere: the directory, the member's name, its bytes, its checksum.
    @Test
    void zippedTraces() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("trace\u001b.txt"));
            zip.write("1: malloc 0x10 100\n1: free 0x10\n".repeat(40).getBytes(StandardCharsets.US_ASCII));
        }
        Path file = folder.resolve("trace.zip");
        Fuzz.refusesOrTakes("zip", bytes.toByteArray(), (input, random) -> new String[] {"replay", "--heap-only",
                Files.write(file, input).toString()});
    }

    @Test
    void recordings() throws IOException {
        byte[] recording = SampleRecording.text(2).getBytes(StandardCharsets.US_ASCII);
        Path file = folder.resolve("recording.ftrace");
        for (int number : Fuzz.numbers(CASES / 4)) {
            Path input = Files.write(file, Fuzz.mutated(recording, new SplittableRandom(number)));
            Fuzz.taken("recording, case " + number, () -> RecordedCase.read(input, RecordedCase.Hints.NONE));
        }
    }

    /// Of every key: the ends of its range and what lies beyond them, in pairs.
    @Test
    void rangesOfParameters() {
        List<String> keys = List.copyOf(Scenario.keys());
        List<String> values = List.of("0", "1", "-1", "0.5", "1e-9", "1e9", "1000000000000", "NaN", "none", "true", "", "10000",
                "10001", "\u001b");
        for (int number : Fuzz.numbers(CASES)) {
            SplittableRandom random = new SplittableRandom(number);
            Map<String, String> changes = new TreeMap<>();
            for (int i = 0; i < 2; i++) {
                changes.put(keys.get(random.nextInt(keys.size())), values.get(random.nextInt(values.size())));
            }
            Fuzz.taken("case " + number + ": " + changes, () -> Scenario.find("scroll", changes));
        }
    }

    @Test
    void schedulesToReplay() throws IOException {
        byte[] schedule = "replay:1*7 2*4 1".getBytes(StandardCharsets.US_ASCII);
        Fuzz.refusesOrTakes("schedule", schedule, (input, random) -> new String[] {
            "explore", "folio-walk-table-free", "--kernel", "7.2", "--schedules", "20", "--strategy",
                    new String(input, StandardCharsets.ISO_8859_1)
        });
    }

    /// Each refused before anything runs: one option of the command line is invalid, or given twice.
    @Test
    void optionsOfTheCommandLine() throws IOException {
        List<String> options = List.of("--seeds", "--duration", "--kernels", "--device", "--scenario", "--set", "--trace", "--design",
                "--vary", "--pace", "--serve", "--epoch", "--thread");
        Fuzz.refusesOrTakes("option", "scroll=6.12".getBytes(StandardCharsets.US_ASCII), (input, random) -> new String[] {
            random.nextBoolean() ? "run" : "sweep",
            options.get(random.nextInt(options.size())),
            new String(input, StandardCharsets.ISO_8859_1).replace('\0', '0'),
            "--no-such-option",
            "--out",
            folder.resolve("out").toString()
        });
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void devicesAndScenarios() throws IOException {
        byte[] device = Device.CATALOGUE.source("pixel-6");
        byte[] scenario = Scenario.CATALOGUE.source("gc-storm");
        for (int number : Fuzz.numbers(CASES)) {
            SplittableRandom random = new SplittableRandom(number);
            Path deviceFile = Files.write(folder.resolve("device.yaml"), Fuzz.mutated(device, random));
            Path scenarioFile = Files.write(folder.resolve("scenario.yaml"), Fuzz.mutated(scenario, random));
            Fuzz.taken("device, case " + number, () -> Device.find(deviceFile.toString()));
            Fuzz.taken("scenario, case " + number, () -> Scenario.find(scenarioFile.toString(), Map.of()));
        }
    }
}
