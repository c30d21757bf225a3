package io.janklab.allocator.arena;

import io.janklab.allocator.Heap;
import io.janklab.allocator.ReplayerPrelude;
import io.janklab.kernel.cpu.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// An AOSP `memory_replay` trace, for one thread to run in file order the way the jemalloc reference figures were made.
final class TraceReplay {
    private static final int NONE = -1;

    /// One call. A realloc of null is a malloc here, and a free of null is left out.
    private record Operation(char kind, int block, int old, long alignment, long size) {}

    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private int blocks;
    private long textBytes;

    static TraceReplay load(Path zip) {
        TraceReplay trace = new TraceReplay();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            ZipEntry text = file.entries().nextElement();
            trace.textBytes = text.getSize();
            new BufferedReader(new InputStreamReader(file.getInputStream(text), StandardCharsets.US_ASCII)).lines().forEach(line -> trace.add(line.split(" ")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return trace;
    }

    private void add(String[] fields) {
        switch (fields[1]) {
            case "malloc" -> operations.add(new Operation('m', number(fields[2]), NONE, 0, Long.parseLong(fields[3])));
            case "calloc" -> operations.add(new Operation('c', number(fields[2]), NONE, 0, Math.max(1, Long.parseLong(fields[3]) * Long.parseLong(fields[4]))));
            case "memalign" -> {
                long alignment = Long.parseLong(fields[3]);
                operations.add(new Operation('a', number(fields[2]), NONE, alignment, SizeClasses.alignUp(Long.parseLong(fields[4]), alignment)));
            }
            case "realloc" -> {
                int old = fields[3].equals("0x0") ? NONE : numbers.remove(fields[3]);
                long size = Long.parseLong(fields[4]);
                operations.add(old == NONE ? new Operation('m', number(fields[2]), NONE, 0, size) : new Operation('r', number(fields[2]), old, 0, Math.max(1, size)));
            }
            case "free" -> {
                if (!fields[2].equals("0x0")) {
                    operations.add(new Operation('f', NONE, numbers.remove(fields[2]), 0, 0));
                }
            }
            default -> { }
        }
    }

    private int number(String pointer) {
        numbers.put(pointer, blocks);
        return blocks++;
    }

    /// Has the heap live through what the reference's replayer did before its first operation.
    void prelude(Heap heap, Task task) {
        ReplayerPrelude prelude = new ReplayerPrelude(heap, task, textBytes, operations.size());
        for (Operation operation : operations) {
            if (operation.old != NONE) {
                prelude.released(operation.old);
            }
            if (operation.block != NONE) {
                prelude.allocated(operation.block);
            }
        }
        prelude.finish(blocks);
    }

    /// @param afterEach called with the number of operations after each of them
    void run(Heap heap, Task task, IntConsumer afterEach) {
        long[] addresses = new long[blocks];
        int done = 0;
        for (Operation operation : operations) {
            switch (operation.kind) {
                case 'm' -> addresses[operation.block] = heap.malloc(task, operation.size);
                case 'c' -> addresses[operation.block] = heap.calloc(task, 1, operation.size);
                case 'a' -> addresses[operation.block] = heap.alignedAlloc(task, operation.alignment, operation.size);
                case 'r' -> addresses[operation.block] = heap.realloc(task, addresses[operation.old], operation.size);
                default -> heap.free(task, addresses[operation.old]);
            }
            afterEach.accept(++done);
        }
    }
}
