package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.uapi.Mman;

/// A fault waits for user space while its manager changes the address space.
final class UserfaultAgainstWriteLock extends UserfaultProgram {
    static final Litmus LITMUS = Litmus.of(
            "userfault-mprotect",
            "One task touches a missing page and sleeps; the manager, before it fills the page, write-locks that mapping: the sleeper "
                    + "must hold no lock.",
            UserfaultAgainstWriteLock::new)
            .allowing("page=7");

    @Override
    protected void start() {
        task("reader", task -> outcome("page", load(task, TO)));
        task("manager", task -> {
            uffd.read(task);
            mustSucceed(syscalls().mprotect(task, TO, PAGE, Mman.PROT_READ), "mprotect");
            copy(task);
        });
    }
}
