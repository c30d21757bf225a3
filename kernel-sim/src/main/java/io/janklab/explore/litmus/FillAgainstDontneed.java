package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// UFFDIO_COPY against a discard of what it copies from.
final class FillAgainstDontneed extends MoveProgram {
    static final Litmus LITMUS = Litmus.of(
            "fill-dontneed",
            "UFFDIO_COPY copies a page while another task discards the source: the copy holds what the page held or nothing, and never "
                    + "what another page does.",
            FillAgainstDontneed::new)
            .allowing("to=0", "to=1");

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        mapAt(task, FROM + PAGE, 1);
        drainLru();
    }

    @Override
    protected void start() {
        task("manager", task -> {
            long copied = uffd.copy(task, TO, FROM, PAGE, 0);
            check(copied == PAGE, "UFFDIO_COPY failed with " + copied);
        });
        task("purger", task -> {
            mustSucceed(madvise(task, FROM, 1, Mman.MADV_DONTNEED), "MADV_DONTNEED");
            store(task, FROM + PAGE, 2);
        });
    }

    @Override
    protected void finish(Task task) {
        uffd.close(task);
        outcome("to", load(task, TO));
    }
}
