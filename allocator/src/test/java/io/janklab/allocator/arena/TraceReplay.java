package io.janklab.allocator.arena;

import io.janklab.allocator.Heap;
import io.janklab.allocator.Machine;
import io.janklab.allocator.ReplayerPrelude;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;
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

/// An AOSP `memory_replay` trace, replayed in file order the way the jemalloc reference figures were made: by one thread, or by one per
/// traced thread.
final class TraceReplay {
    private static final int NONE = -1;

    private enum Kind { MALLOC, CALLOC, ALIGNED_ALLOC, REALLOC, FREE, EXIT }

    /// One call. A realloc of null is a malloc here, and a free of null is left out.
    private record Operation(int thread, Kind kind, int block, int old, long alignment, long size) {}

    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Integer> threadNumbers = new HashMap<>();
    private int threads;
    private int blocks;
    private long textBytes;

    // While replaying
    private long[] addresses;
    private int position;
    private int done;

    static TraceReplay load(Path zip) {
        TraceReplay trace = new TraceReplay();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            ZipEntry text = file.entries().nextElement();
            trace.textBytes = text.getSize();
            InputStreamReader reader = new InputStreamReader(file.getInputStream(text), StandardCharsets.US_ASCII);
            new BufferedReader(reader).lines().forEach(line -> trace.add(line.split(" ")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        trace.addresses = new long[trace.blocks];
        return trace;
    }

    private void add(String[] fields) {
        int thread = threadNumbers.computeIfAbsent(fields[0], tid -> threads++);
        switch (fields[1]) {
            case "malloc" -> allocate(thread, Kind.MALLOC, fields[2], 0, Long.parseLong(fields[3]));
            case "calloc" -> {
                long size = Long.parseLong(fields[3]) * Long.parseLong(fields[4]);
                allocate(thread, Kind.CALLOC, fields[2], 0, Math.max(1, size));
            }
            case "memalign" -> {
                long alignment = Long.parseLong(fields[3]);
                allocate(thread, Kind.ALIGNED_ALLOC, fields[2], alignment, SizeClasses.alignUp(Long.parseLong(fields[4]), alignment));
            }
            case "realloc" -> {
                long size = Long.parseLong(fields[4]);
                if (fields[3].equals("0x0")) {
                    allocate(thread, Kind.MALLOC, fields[2], 0, size);
                } else {
                    int old = numbers.remove(fields[3]);
                    operations.add(new Operation(thread, Kind.REALLOC, number(fields[2]), old, 0, Math.max(1, size)));
                }
            }
            case "free" -> {
                if (!fields[2].equals("0x0")) {
                    operations.add(new Operation(thread, Kind.FREE, NONE, numbers.remove(fields[2]), 0, 0));
                }
            }
            default -> {
                operations.add(new Operation(thread, Kind.EXIT, NONE, NONE, 0, 0));
                threadNumbers.remove(fields[0]);
            }
        }
    }

    private void allocate(int thread, Kind kind, String pointer, long alignment, long size) {
        operations.add(new Operation(thread, kind, number(pointer), NONE, alignment, size));
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

    /// Replays everything by one thread.
    ///
    /// @param afterEach called with the number of operations after each of them; exits do not count
    void run(Heap heap, Task task, IntConsumer afterEach) {
        for (Operation operation : operations) {
            if (operation.kind != Kind.EXIT) {
                apply(heap, task, operation);
                afterEach.accept(++done);
            }
        }
    }

    private void apply(Heap heap, Task task, Operation operation) {
        switch (operation.kind) {
            case MALLOC -> addresses[operation.block] = heap.malloc(task, operation.size);
            case CALLOC -> addresses[operation.block] = heap.calloc(task, 1, operation.size);
            case ALIGNED_ALLOC -> addresses[operation.block] = heap.alignedAlloc(task, operation.alignment, operation.size);
            case REALLOC -> addresses[operation.block] = heap.realloc(task, addresses[operation.old], operation.size);
            case FREE -> heap.free(task, addresses[operation.old]);
            case EXIT -> heap.threadExit(task);
        }
    }

    /// Replays everything by one task per traced thread, which take turns in the file's order.
    void runByThread(Machine machine, Heap heap, IntConsumer afterEach) {
        Task[] tasks = new Task[threads];
        for (int i = 0; i < threads; i++) {
            int thread = i;
            tasks[i] = machine.spawn("thread " + i, task -> replayTurns(heap, task, thread, tasks, afterEach));
        }
    }

    int threads() {
        return threads;
    }

    private void replayTurns(Heap heap, Task task, int thread, Task[] tasks, IntConsumer afterEach) {
        boolean alive = true;
        while (alive && position < operations.size()) {
            if (operations.get(position).thread != thread) {
                task.block(TaskState.INTERRUPTIBLE);
                continue;
            }
            while (alive && isTurnOf(thread)) {
                Operation operation = operations.get(position++);
                apply(heap, task, operation);
                alive = operation.kind != Kind.EXIT;
                if (alive) {
                    afterEach.accept(++done);
                }
            }
            if (position < operations.size()) {
                tasks[operations.get(position).thread].wake(task);
            }
        }
    }

    private boolean isTurnOf(int thread) {
        return position < operations.size() && operations.get(position).thread == thread;
    }
}
