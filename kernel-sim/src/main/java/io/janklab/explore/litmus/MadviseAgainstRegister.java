package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Mman;
import io.janklab.kernel.uapi.Uffd;

/// A mapping becomes a userfaultfd's while it is being discarded.
final class MadviseAgainstRegister extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "dontneed-register",
            "One task discards a page under the VMA lock while another registers the mapping with a userfaultfd: the page is gone, and "
                    + "the next touch is the manager's or reads zero.",
            MadviseAgainstRegister::new)
            .allowing("page=0");

    private long page;
    private UserfaultFd uffd;

    @Override
    protected void setUp(Task task) {
        page = map(task, 1);
        store(task, page, 1);
        uffd = syscalls().userfaultfd(task, Uffd.UFFD_FEATURE_SIGBUS);
    }

    @Override
    protected void start() {
        task("purger", task -> mustSucceed(madvise(task, page, 1, Mman.MADV_DONTNEED), "MADV_DONTNEED"));
        task("registrar", task -> mustSucceed(uffd.register(task, page, PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING), "UFFDIO_REGISTER"));
    }

    @Override
    protected void finish(Task task) {
        uffd.close(task);
        outcome("page", load(task, page));
    }
}
