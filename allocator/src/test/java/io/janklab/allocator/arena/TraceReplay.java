package io.janklab.allocator.arena;

import io.janklab.allocator.Heap;
import io.janklab.kernel.cpu.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.zip.ZipFile;

/// Runs an AOSP `memory_replay` trace on a heap by one thread in file order, the way the jemalloc reference figures were made.
final class TraceReplay {
    private final Heap heap;
    private final Map<String, Long> blocks = new HashMap<>();
    private long operations;

    TraceReplay(Heap heap) {
        this.heap = heap;
    }

    /// @param afterEach called with the number of operations after each of them
    static void run(Path zip, Heap heap, Task task, LongConsumer afterEach) {
        TraceReplay replay = new TraceReplay(heap);
        try (ZipFile file = new ZipFile(zip.toFile());
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        file.getInputStream(file.entries().nextElement()), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (replay.apply(task, line.split(" "))) {
                    afterEach.accept(++replay.operations);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return whether the record counts as an operation
    private boolean apply(Task task, String[] fields) {
        switch (fields[1]) {
            case "malloc" -> blocks.put(fields[2], heap.malloc(task, Long.parseLong(fields[3])));
            case "calloc" -> blocks.put(fields[2], heap.calloc(task, 1, Math.max(1, Long.parseLong(fields[3]) * Long.parseLong(fields[4]))));
            case "memalign" -> {
                long alignment = Long.parseLong(fields[3]);
                blocks.put(fields[2], heap.alignedAlloc(task, alignment, SizeClasses.alignUp(Long.parseLong(fields[4]), alignment)));
            }
            case "realloc" -> realloc(task, fields);
            case "free" -> {
                if (fields[2].equals("0x0")) {
                    return false;
                }
                heap.free(task, blocks.remove(fields[2]));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void realloc(Task task, String[] fields) {
        boolean fresh = fields[3].equals("0x0");
        long size = Long.parseLong(fields[4]);
        long block = fresh ? heap.malloc(task, size) : heap.realloc(task, blocks.remove(fields[3]), Math.max(1, size));
        blocks.put(fields[2], block);
    }
}
