package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;

/// The deadlock of uffd_move_lock: two VMAs and mmap_lock.
final class MoveAgainstWriteLock extends MoveProgram {
    static final Litmus LITMUS = Litmus.of(
            "move-two-vmas",
            "One task moves a page between two mappings while another write-locks both: whoever holds one mapping's lock must not wait "
                    + "for mmap_lock.",
            MoveAgainstWriteLock::new)
            .allowing("sum=1");

    @Override
    protected void setUp(Task task) {
        mapAt(task, TABLE, 2);
        store(task, TABLE, 1);
        uffd = register(task, TABLE + PAGE, 1);
    }

    @Override
    protected void start() {
        task("mover", task -> {
            long moved = uffd.move(task, TABLE + PAGE, TABLE, PAGE, 0);
            check(moved == PAGE || moved == -Errno.EINVAL, "UFFDIO_MOVE failed with " + moved);
        });
        task("protector", task -> mustSucceed(syscalls().mprotect(task, TABLE, 2 * PAGE, Mman.PROT_READ), "mprotect"));
    }

    @Override
    protected void finish(Task task) {
        uffd.close(task);
        outcome("sum", load(task, TABLE) + load(task, TABLE + PAGE));
    }
}
