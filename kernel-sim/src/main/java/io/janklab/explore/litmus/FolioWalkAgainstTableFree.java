package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// Linux-mm, June 2026: may a folio walk under the VMA lock rely on RCU, or must interrupts be off?
final class FolioWalkAgainstTableFree extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "folio-walk-table-free",
            "Another process reads a page whose table MADV_DONTNEED is freeing; the walk must not touch the table once it is free (see "
                    + "remote-access.lock).",
            FolioWalkAgainstTableFree::new);

    private Process debugger;

    @Override
    protected void setUp(Task task) {
        debugger = kernel().createProcess("debugger");
        store(task, mapAt(task, TABLE, TABLE_PAGES), 1);
    }

    @Override
    protected void start() {
        task("purger", task -> mustSucceed(madvise(task, TABLE, TABLE_PAGES, Mman.MADV_DONTNEED), "MADV_DONTNEED"));
        task("reader", debugger, task -> {
            long got = debugger.syscalls().readProcMem(task, process().tgid(), TABLE, PAGE);
            check(got == PAGE, "read(/proc/PID/mem) failed with " + got);
        });
    }
}
