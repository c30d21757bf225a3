package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// Readers of `/proc/PID/maps` under VMA locks against a mapping that replaces another.
final class MapsAgainstFixed extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "maps-fixed",
            "Another process reads the maps of one whose middle mapping of three is replaced by MAP_FIXED: it must not see a hole.",
            MapsAgainstFixed::new);
    static final Litmus MERGE = Litmus.of(
            "maps-fixed-merge",
            "As maps-fixed, but the new mapping is like its neighbours, which become one.",
            MapsAgainstFixed::merging);

    private static final int PIECES = 3;

    private final int newRights;
    private Process reader;

    private MapsAgainstFixed() {
        this(Mman.PROT_NONE);
    }

    private MapsAgainstFixed(int newRights) {
        this.newRights = newRights;
    }

    private static MapsAgainstFixed merging() {
        return new MapsAgainstFixed(RW);
    }

    @Override
    protected void setUp(Task task) {
        reader = kernel().createProcess("reader");
        mapAt(task, TABLE, PIECES);
        mustSucceed(syscalls().mprotect(task, TABLE + PAGE, PAGE, Mman.PROT_READ), "mprotect");
    }

    @Override
    protected void start() {
        task("mapper", task -> mustSucceed(syscalls().mmap(task, TABLE + PAGE, PAGE, newRights, ANON | Mman.MAP_FIXED), "mmap"));
        task("reader", reader, task -> {
            String maps = reader.syscalls().openMaps(task, process().tgid()).readAll(task);
            long reached = TABLE;
            for (String line : maps.lines().toList()) {
                String[] range = line.split("[- ]", 3);
                check(Long.parseLong(range[0], 16) <= reached, "a hole at " + Long.toHexString(reached) + ":\n" + maps);
                reached = Math.max(reached, Long.parseLong(range[1], 16));
            }
            check(reached == TABLE + PIECES * PAGE, "maps end at " + Long.toHexString(reached));
        });
    }
}
