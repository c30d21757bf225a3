package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;

/// Reclaim finds a folio that another process is reading.
final class PageoutAgainstPin extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "pageout-pin",
            "A page is paged out while another process has it pinned to read it: reclaim must not free it under the reader.",
            PageoutAgainstPin::new);

    private Process debugger;

    @Override
    protected void setUp(Task task) {
        debugger = kernel().createProcess("debugger");
        swapOn();
        super.setUp(task);
        drainLru();
    }

    @Override
    protected void start() {
        task("owner", this::pageOut);
        task("reader", debugger, task -> {
            long got = debugger.syscalls().processVmReadv(task, process().tgid(), page.address, PAGE);
            check(got == PAGE, "process_vm_readv failed with " + got);
        });
    }
}
