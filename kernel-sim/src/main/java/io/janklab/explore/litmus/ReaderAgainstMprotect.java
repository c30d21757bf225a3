package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// A write meets mprotect.
final class ReaderAgainstMprotect extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "fault-mprotect",
            "One task writes a page over and over while another takes the right to write away: once mprotect has returned every write is "
                    + "a SIGSEGV.",
            ReaderAgainstMprotect::new);

    private WatchedPage page;
    private boolean isProtected;

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(map(task, 2));
        page.store(task, 1);
    }

    @Override
    protected void start() {
        task("writer", task -> {
            write(task, 2);
            write(task, 3);
        });
        task("protector", task -> {
            mustSucceed(syscalls().mprotect(task, page.address, PAGE, Mman.PROT_READ), "mprotect");
            isProtected = true;
        });
    }

    private void write(Task task, long stamp) {
        boolean tooLate = isProtected;
        check(!page.tryStore(task, stamp) || !tooLate, "a write went through after mprotect had returned");
    }

    @Override
    protected void finish(Task task) {
        check(!tryStore(task, page.address, 4), "the page is still writable");
        page.load(task);
    }
}
