package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// A fault finds a VMA that is on its way out.
final class ReaderAgainstMunmap extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "fault-munmap",
            "One task writes a page while another unmaps it: the write works or is a SIGSEGV, and nothing stays mapped.",
            ReaderAgainstMunmap::new)
            .allowing("page=SIGSEGV");

    private long page;

    @Override
    protected void setUp(Task task) {
        page = map(task, 1);
    }

    @Override
    protected void start() {
        task("writer", task -> tryStore(task, page, 2));
        task("unmapper", task -> mustSucceed(syscalls().munmap(task, page, PAGE), "munmap"));
    }

    @Override
    protected void finish(Task task) {
        outcome("page", tryLoad(task, page));
    }
}
