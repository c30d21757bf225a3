package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;

/// A process that exits while another one reads its memory (`mm_users`).
final class ReaderAgainstExit extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "exit-reader",
            "A process is killed while another one reads a page of it that must be faulted in: the page tables stay as long as the reader "
                    + "needs them.",
            ReaderAgainstExit::new);

    private Process debuggee;

    @Override
    protected void setUp(Task task) {
        debuggee = kernel().createProcess("debuggee");
        debuggee.syscalls().mmap(task, TABLE, PAGE, RW, ANON | Mman.MAP_FIXED);
    }

    @Override
    protected void start() {
        task("debuggee", debuggee, debuggee::kill);
        task("reader", task -> {
            long got = syscalls().processVmReadv(task, debuggee.tgid(), TABLE, PAGE);
            check(got == PAGE || got == -Errno.ESRCH || got == -Errno.EFAULT, "process_vm_readv failed with " + got);
        });
    }
}
