package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// Reclaim finds a folio that another process is reading.
final class PageoutAgainstPin extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "pageout-pin",
            "A page is paged out while another process has it pinned to read it: reclaim must not free it under the reader.",
            PageoutAgainstPin::new);

    private Process debugger;
    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        debugger = kernel().createProcess("debugger");
        kernel().memory().swapOn(16 * PAGE, 2);
        page = new WatchedPage(map(task, 1));
        page.store(task, 1);
        drainLru();
    }

    @Override
    protected void start() {
        task("owner", task -> mustSucceed(madvise(task, page.address, 1, Mman.MADV_PAGEOUT), "MADV_PAGEOUT"));
        task("reader", debugger, task -> {
            long got = debugger.syscalls().processVmReadv(task, process().tgid(), page.address, PAGE);
            check(got == PAGE, "process_vm_readv failed with " + got);
        });
    }

    @Override
    protected void finish(Task task) {
        page.load(task);
    }
}
