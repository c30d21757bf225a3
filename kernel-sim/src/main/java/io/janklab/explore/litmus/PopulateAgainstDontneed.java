package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// A page that the kernel touches in its own name against one that is taken away.
final class PopulateAgainstDontneed extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "populate-dontneed",
            "A page that MADV_FREE has cleaned is populated by MADV_POPULATE_WRITE while another task discards it and writes to it anew: "
                    + "only a page still mapped is marked dirty.",
            PopulateAgainstDontneed::new);

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        giveUp(task);
    }

    @Override
    protected void start() {
        task("populate", task -> mustSucceed(madvise(task, page.address, 1, Mman.MADV_POPULATE_WRITE), "MADV_POPULATE_WRITE"));
        task("purger", task -> {
            page.dontneed(task);
            page.store(task, 2);
        });
    }
}
