package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceReaderTest {
    @TempDir
    Path folder;

    private AllocationTrace read(String... lines) {
        return TraceReader.read(write(lines), Map.of());
    }

    private Path write(String... lines) {
        try {
            return Files.writeString(folder.resolve("t.txt"), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static TraceRecord record(AllocationTrace trace, int number) {
        RecordSource pass = trace.open();
        TraceRecord record = new TraceRecord();
        for (int i = 0; i <= number; i++) {
            pass.next(record);
        }
        return record;
    }

    @Test
    void everyKindOfRecordIsRead() {
        AllocationTrace trace = read(
                "100: malloc 0xb48390a0 48",
                "200: calloc 0xb48c1100 32 8",
                "300: realloc 0x96b90920 0xb48390a0 150",
                "400: memalign 0xae42d080 16 104",
                "500: free 0xb48c1100",
                "600: thread_done 0x0");

        assertThat(trace.records()).isEqualTo(6);
        assertThat(trace.threadCount()).isEqualTo(6);
        assertThat(trace.blockCount()).isEqualTo(4);
        assertThat(trace.op(1)).isEqualTo(HeapOp.CALLOC);
        assertThat(trace.size(1)).isEqualTo(256);
        assertThat(trace.oldBlock(2)).isEqualTo(trace.block(0));
        assertThat(record(trace, 3).alignment()).isEqualTo(16);
        assertThat(trace.block(4)).isEqualTo(trace.block(1));
        assertThat(trace.op(5)).isEqualTo(HeapOp.THREAD_DONE);
        assertThat(trace.isTimed()).isFalse();
    }

    @Test
    void timesAreReadWhereThereAreAny() {
        AllocationTrace trace = read("1: malloc 0x10 8 1000 1200", "1: free 0x10 1500 1600", "1: thread_done 0x0");

        assertThat(trace.isTimed()).isTrue();
        assertThat(trace.startNs(1)).isEqualTo(1500);
        assertThat(trace.startNs(2)).isEqualTo(1500);
    }

    @Test
    void nullPointersAreNoBlocks() {
        AllocationTrace trace = read("1: free 0x0", "1: realloc 0x10 0x0 8", "1: realloc 0x0 0x10 0");

        assertThat(trace.block(0)).isEqualTo(AllocationTrace.NULL);
        assertThat(trace.oldBlock(1)).isEqualTo(AllocationTrace.NULL);
        assertThat(trace.block(2)).isEqualTo(AllocationTrace.NULL);
        assertThat(trace.oldBlock(2)).isEqualTo(trace.block(1));
    }

    @Test
    void reallocMayReturnTheSamePointer() {
        AllocationTrace trace = read("1: malloc 0x10 8", "1: realloc 0x10 0x10 9", "1: free 0x10");

        assertThat(trace.block(1)).isNotEqualTo(trace.block(0));
        assertThat(trace.block(2)).isEqualTo(trace.block(1));
    }

    @Test
    void threadIdThatComesBackAfterItsEndIsANewThread() {
        AllocationTrace trace = read("7: malloc 0x10 8", "7: thread_done 0x0", "7: free 0x10");

        assertThat(trace.threadCount()).isEqualTo(2);
        assertThat(trace.thread(2)).isNotEqualTo(trace.thread(0));
        assertThat(trace.tid(trace.thread(2))).isEqualTo(7);
    }

    @Test
    void recordsAreGroupedByThreadInOrder() {
        AllocationTrace trace = read("1: malloc 0x10 8", "2: malloc 0x20 8", "1: free 0x20", "1: free 0x10");

        assertThat(trace.recordsOf(0)).isEqualTo(3);
        assertThat(trace.recordOf(0, 1)).isEqualTo(2);
        assertThat(trace.recordOf(1, 0)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x: malloc 0x10 8              | t.txt:2: expected a thread id, found 'x: malloc 0x10 8'.
            1 malloc 0x10 8               | t.txt:2: expected a colon after the thread id, found ' malloc 0x10 8'.
            99999999999: free 0x0         | t.txt:2: the thread id 99999999999 is too large.
            1: mallok 0x10 8              | t.txt:2: expected malloc, calloc, realloc, memalign, free or thread_done, found 'mallok 0x10 8'.
            1: malloc 10 8                | t.txt:2: expected a pointer like 0xb6027400, found '10 8'.
            1: malloc 0x11112222333344445 8 | t.txt:2: expected a pointer like 0xb6027400, found '0x11112222333344445 8'.
            1: malloc 0x10                | t.txt:2: expected a space, found the end of the line.
            1: malloc 0x10 -8             | t.txt:2: expected a size in bytes, found '-8'.
            1: malloc 0x10 99999999999999999999 | t.txt:2: expected a size in bytes below 2^63, found '99999999999999999999'.
            1: malloc 0x10 8x             | t.txt:2: expected the end of the line, found 'x'.
            1: malloc 0x90 8              | t.txt:2: 0x90 is allocated already.
            1: malloc 0x0 8               | t.txt:2: an allocation that failed when it was recorded cannot be replayed.
            1: free 0x20                  | t.txt:2: free of 0x20, which is not allocated.
            1: realloc 0x30 0x20 8        | t.txt:2: realloc of 0x20, which is not allocated.
            1: memalign 0x10 24 8         | t.txt:2: memalign needs an alignment that is a power of two up to 2^30, not 24.
            1: calloc 0x10 9000000000000000000 8 | t.txt:2: calloc of 9000000000000000000 times 8 bytes overflows.
            1: free 0x90 5 6              | t.txt:2: this record has times, but those before it have none.
            """)
    void wrongLineIsToldWithFileAndLine(String line, String message) {
        Path trace = write("1: malloc 0x90 8", line);

        assertThatThrownBy(() -> TraceReader.read(trace, Map.of())).isInstanceOf(BadInput.class).hasMessage(message);
    }

    @Test
    void emptyTraceIsRefused() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.txt"));

        assertThatThrownBy(() -> TraceReader.read(empty, Map.of())).isInstanceOf(BadInput.class).hasMessageEndingWith("is empty.");
    }

    @Test
    void missingFileIsToldPlainly() {
        assertThatThrownBy(() -> TraceReader.read(folder.resolve("none.zip"), Map.of()))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("there is no trace file");
    }

    @Test
    void linesLongerThanTheBufferAreRefusedNotFollowed() {
        Path trace = write("1: malloc 0x10 8", "1: free " + "x".repeat(1 << 20));

        assertThatThrownBy(() -> TraceReader.read(trace, Map.of())).isInstanceOf(BadInput.class)
                .hasMessageStartingWith("t.txt:2: expected a line of at most");
    }

    @Test
    void zipWithOneMemberIsReadLikeItsText() throws IOException {
        Path zip = zip("member.txt", "1: malloc 0x10 8\n1: free 0x10\n");

        AllocationTrace trace = TraceReader.read(zip, Map.of());

        assertThat(trace.records()).isEqualTo(2);
        assertThat(trace.name()).isEqualTo("member.txt");
    }

    @Test
    void errorsInAZipNameItsMember() throws IOException {
        Path zip = zip("member.txt", "1: free 0x10\n");

        assertThatThrownBy(() -> TraceReader.read(zip, Map.of())).hasMessage("member.txt:1: free of 0x10, which is not allocated.");
    }

    @Test
    void truncatedZipIsToldAsSuch() throws IOException {
        Path zip = zip("member.txt", "1: malloc 0x10 8\n1: free 0x10\n");
        byte[] bytes = Files.readAllBytes(zip);
        Files.write(zip, Arrays.copyOf(bytes, bytes.length - 10));

        assertThatThrownBy(() -> TraceReader.read(zip, Map.of())).isInstanceOf(BadInput.class).hasMessageContaining("truncated or damaged");
    }

    private Path zip(String member, String text) throws IOException {
        Path zip = folder.resolve("t.zip");
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            out.putNextEntry(new ZipEntry(member));
            out.write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return zip;
    }

    @Test
    void systemUiHasItsPublishedFigures() {
        TraceFigures figures = new TraceFigures(TraceReader.read(SharedTraces.find("systemui"), Map.of()));

        assertThat(figures.trace.records()).isEqualTo(786_454);
        assertThat(figures.count(HeapOp.MALLOC)).isEqualTo(383_154);
        assertThat(figures.count(HeapOp.CALLOC)).isEqualTo(7_847);
        assertThat(figures.count(HeapOp.REALLOC)).isEqualTo(29_167);
        assertThat(figures.count(HeapOp.MEMALIGN)).isEqualTo(1_066);
        assertThat(figures.count(HeapOp.FREE)).isEqualTo(364_863);
        assertThat(figures.count(HeapOp.THREAD_DONE)).isEqualTo(357);
        assertThat(figures.freeOfNull).isEqualTo(15_818);
        assertThat(figures.releasedElsewhere).isEqualTo(39_476);
        assertThat(figures.peakLiveBytes).isEqualTo(10_441_709);
        assertThat(figures.peakLiveBlocks).isEqualTo(60_097);
    }

    /// Each is a trace, but not of a heap.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "app.perfetto-trace | x | a Perfetto trace",
        "trace.txt | # tracer: nop | the text of an ftrace",
        "trace.html | <!DOCTYPE html> | a systrace page"
    })
    void tracesOfOtherKindsAreNamedForWhatTheyAre(String name, String content, String kind) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);

        assertThatThrownBy(() -> TraceReader.read(file, Map.of())).isInstanceOf(BadInput.class)
                .hasMessageContaining("is " + kind).hasMessageContaining("--recording");
    }

    @Test
    void tracesOfOtherKindsAreNamedInAGzipAndInAZipToo() throws IOException {
        Path gzip = folder.resolve("trace.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write("# tracer: nop\n".repeat(2000).getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> TraceReader.read(gzip, Map.of())).hasMessageContaining("is the text of an ftrace");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write("1: malloc 0x1 8\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> TraceReader.read(gzip, Map.of()))
                .hasMessageEndingWith("is a gzip, not a heap's allocation trace, which is a zip or text.");
        Path zip = folder.resolve("trace.html.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("trace.html"));
            out.write("<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> TraceReader.read(zip, Map.of())).hasMessageContaining("trace.html is a systrace page");
    }
}
