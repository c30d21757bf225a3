package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Mman;
import io.janklab.kernel.uapi.Uffd;

/// A fault waits for user space while its manager changes the address space.
final class UserfaultAgainstWriteLock extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "userfault-mprotect",
            "One task touches a missing page and sleeps; the manager, before it fills the page, write-locks that mapping: the sleeper must hold no lock.",
            UserfaultAgainstWriteLock::new)
            .allowing("page=7");

    private static final long TO = TABLE;
    private static final long SOURCE = TABLE + TABLE_BYTES;

    private UserfaultFd uffd;

    @Override
    protected void setUp(Task task) {
        mapAt(task, TO, 1);
        mapAt(task, SOURCE, 1);
        store(task, SOURCE, 7);
        uffd = syscalls().userfaultfd(task, 0);
        uffd.register(task, TO, PAGE, Uffd.UFFDIO_REGISTER_MODE_MISSING);
    }

    @Override
    protected void start() {
        task("reader", task -> outcome("page", load(task, TO)));
        task("manager", task -> {
            uffd.read(task);
            mustSucceed(syscalls().mprotect(task, TO, PAGE, Mman.PROT_READ), "mprotect");
            mustSucceed(uffd.copy(task, TO, SOURCE, PAGE, 0), "UFFDIO_COPY");
        });
    }
}
