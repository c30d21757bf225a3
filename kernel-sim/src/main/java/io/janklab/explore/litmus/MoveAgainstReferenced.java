package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// Linux-mm, September 2025: may UFFDIO_MOVE do without the anon_vma lock if reverse-map walks lock the folio?
final class MoveAgainstReferenced extends MoveProgram {
    static final Litmus LITMUS = Litmus.of(
            "move-referenced",
            "A page is moved while reclaim asks whether it has been used (folio_referenced): the walk must not look for it at one place "
                    + "while it goes to the other.",
            MoveAgainstReferenced::new)
            .allowing("from=0 to=1");

    @Override
    protected void setUp(Task task) {
        kernel().memory().swapOn(16 * PAGE, 2);
        super.setUp(task);
        // Found in use for the second time, the page joins the active list, from where reclaim looks at it without its lock.
        reclaim(task);
        forgetTranslation(task);
        memory(process()).read(task, FROM, 1);
    }

    /// What a TLB holds is not marked as used again.
    private void forgetTranslation(Task task) {
        mustSucceed(syscalls().mprotect(task, FROM, PAGE, Mman.PROT_READ), "mprotect");
        mustSucceed(syscalls().mprotect(task, FROM, PAGE, RW), "mprotect");
    }

    @Override
    protected void start() {
        task("mover", task -> {
            long moved = move(task);
            check(moved == PAGE, "UFFDIO_MOVE failed with " + moved);
        });
        task("reclaim", this::reclaim);
    }

    @Override
    protected void finish(Task task) {
        uffd.close(task);
        outcome("from", load(task, FROM));
        outcome("to", load(task, TO));
    }
}
