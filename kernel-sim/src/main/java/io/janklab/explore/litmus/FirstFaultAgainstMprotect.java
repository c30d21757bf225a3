package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// A first write meets mprotect.
final class FirstFaultAgainstMprotect extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "first-fault-mprotect",
            "One task writes a page that has never been touched while another takes the right to write away: no entry may come out "
                    + "writable.",
            FirstFaultAgainstMprotect::new);

    private long page;

    @Override
    protected void setUp(Task task) {
        page = map(task, 2);
        store(task, page + PAGE, 1);
    }

    @Override
    protected void start() {
        task("writer", task -> tryStore(task, page, 2));
        task("protector", task -> mustSucceed(syscalls().mprotect(task, page, PAGE, Mman.PROT_READ), "mprotect"));
    }

    @Override
    protected void finish(Task task) {
        check(!tryStore(task, page, 3), "the page is still writable");
    }
}
