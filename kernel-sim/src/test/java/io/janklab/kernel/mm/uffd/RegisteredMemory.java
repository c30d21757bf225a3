package io.janklab.kernel.mm.uffd;

import static io.janklab.kernel.uapi.Mman.MAP_ANONYMOUS;
import static io.janklab.kernel.uapi.Mman.MAP_FIXED;
import static io.janklab.kernel.uapi.Mman.PROT_RW;
import static io.janklab.kernel.uapi.Uffd.UFFD_FEATURE_SIGBUS;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.syscall.UserfaultFd;

/// Eight pages of anonymous memory, some of them written to, then registered with a userfaultfd whose faults are SIGBUS.
///
/// @param flags MAP_PRIVATE or MAP_SHARED
/// @param first the first page written to
/// @param written how many are
record RegisteredMemory(int flags, int first, int written) {
    static final long PAGE = Addresses.PAGE_SIZE;
    static final long AT = 0x1000_0000_0000L;

    interface Body {
        void run(Machine machine, Task task, UserfaultFd userfaultfd);
    }

    /// Runs `body` once they are registered for `modes`.
    void on(Machine machine, int modes, Body body) {
        machine.run(task -> {
            machine.syscalls.mmap(task, AT, 8 * PAGE, PROT_RW, flags | MAP_ANONYMOUS | MAP_FIXED);
            machine.syscalls.memory().write(task, AT + first * PAGE, written * PAGE);
            UserfaultFd userfaultfd = machine.syscalls.userfaultfd(task, UFFD_FEATURE_SIGBUS);
            assertThat(userfaultfd.register(task, AT, 8 * PAGE, modes)).isZero();
            body.run(machine, task, userfaultfd);
        });
    }
}
