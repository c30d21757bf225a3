package io.janklab.workloads.cli;

import io.janklab.workloads.host.contend.ValidateRun;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.record.RecordRun;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.recording.SampleRecording;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same as [HostileInputTest] of files that commands have written, or take packed.
final class HostileFilesTest {
    private static final String MEASURED = """
            {
             "release": "6.18.1", "architecture": "X86_64",
             "properties": {"zero-page": {"host": "on", "simulated": "on"}, "execute-only": {"host": "readable", "simulated": "readable"}},
             "cores": 2, "memoryBytes": 25276059648, "durationNs": 50000000, "preemption": "none",
             "costs": {"syscall": 178, "kernel.cold": 546, "fault.entry": 212},
             "spreads": {"sched.idle-exit": [0, 619, 11869]},
             "interruptions": {"perSecond": 253.3, "ns": [591, 1843, 5188]},
             "touchNs": {"dontneed 1 MiB": 6, "dontneed 1 MiB, 2 purgers": 5},
             "measured": {
              "mapper, dontneed 1 MiB, VMA lock": "HISTFAAAADl4nJNpmSzMwMAgwQABzFCaEYjFPcpeMNh/gAicjWZaysKkzuTMZM70lo3pLDvTTBamn4xMAAS9CjE="
             }
            }
            """;
    private static final String PROGRAM = """
            mmap @0 8p r|w private|anonymous|fixed
            write @0 4p
            mprotect @2 2p r
            madvise @4 2p free
            process_madvise @0 1p @6 1p dontneed
            munmap @0 8p
            """;
    private static final int LINES_RECORDED = 70;

    @TempDir
    Path folder;

    private Path file(String name, byte[] contents) {
        try {
            return Files.write(folder.resolve(name), contents);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void each(String what, byte[] seed, Consumer<Path> reading) {
        for (int number : Fuzz.numbers(Fuzz.CASES)) {
            Path file = file(what, Fuzz.mutated(seed, new SplittableRandom(number)));
            Fuzz.taken(what + ", case " + number, () -> reading.accept(file));
        }
    }

    @Test
    void resultsToCompare() throws IOException {
        Path result = folder.resolve("result");
        CommandLineRun.ok("run", "--duration", "20ms", "--set", "warmUpS=0", "--quiet", "--out", result.toString());
        byte[] json = Files.readAllBytes(result.resolve("result.json"));
        Path other = Files.createDirectory(folder.resolve("other"));
        Fuzz.refusesOrTakes("result", json, (input, random) -> {
            Files.write(other.resolve("result.json"), input);
            return new String[] {"diff", result.toString(), other.toString(), "--fail-on", "nothing", "--quiet"};
        });
    }

    @Test
    void measurements() {
        each("measured.json", MEASURED.getBytes(StandardCharsets.UTF_8), file -> ValidateRun.read(List.of(file), ""));
    }

    @Test
    void programsOfCalls() {
        each("a.program", PROGRAM.getBytes(StandardCharsets.UTF_8), file -> SyscallProgram.parse(file.toString(), lines(file)));
    }

    private static List<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Its first program.
    @Test
    void recordingsOfKernels() throws IOException {
        String text;
        try (InputStream in = new GZIPInputStream(RecordRun.class.getResourceAsStream("linux-6.18-x86_64.txt.gz"))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().limit(LINES_RECORDED).collect(Collectors.joining("\n"));
        }
        each("linux.txt", text.getBytes(StandardCharsets.UTF_8), file -> RecordRun.against(file, 1));
    }

    @Test
    void importedFolders() throws IOException {
        Path recording = Files.writeString(folder.resolve("r.txt"), SampleRecording.text(2));
        Path imported = folder.resolve("imported");
        CommandLineRun.ok("import", recording.toString(), "--quiet", "--out", imported.toString());
        for (String name : List.of("workload.yaml", "workload.bin")) {
            byte[] whole = Files.readAllBytes(imported.resolve(name));
            for (int number : Fuzz.numbers(Fuzz.CASES / 2)) {
                Files.write(imported.resolve(name), Fuzz.mutated(whole, new SplittableRandom(number)));
                Fuzz.taken(name + ", case " + number, () -> RecordedCase.read(imported, RecordedCase.Hints.NONE));
            }
            Files.write(imported.resolve(name), whole);
        }
    }

    private interface Packing {
        OutputStream of(OutputStream out) throws IOException;
    }

    private static byte[] packed(Packing packing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = packing.of(bytes)) {
            out.write(SampleRecording.text(2).getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void packedRecordings() throws IOException {
        each("r.gz", packed(GZIPOutputStream::new), file -> RecordedCase.read(file, RecordedCase.Hints.NONE));
        byte[] zip = packed(out -> {
            ZipOutputStream zipped = new ZipOutputStream(out);
            zipped.putNextEntry(new ZipEntry("ftrace\u202e.txt"));
            return zipped;
        });
        each("r.zip", zip, file -> RecordedCase.read(file, RecordedCase.Hints.NONE));
    }

    @Test
    void systracePages() {
        String page = "<html><script class=\"trace-data\" type=\"application/text\">\n" + SampleRecording.text(2) + "</script></html>\n";
        each("r.html", page.getBytes(StandardCharsets.UTF_8), file -> RecordedCase.read(file, RecordedCase.Hints.NONE));
    }
}
