package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.space.Mm;
import org.junit.jupiter.api.Test;

class BrkTest extends AddressSpaceCase {
    private static final long START = Mm.START_BRK;

    @Test
    void growsAndShrinksOneVma() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            assertThat(machine.syscalls.brk(task, 0)).isEqualTo(START);
            assertThat(machine.syscalls.brk(task, START + 3 * PAGE + 10)).isEqualTo(START + 3 * PAGE + 10);
            assertThat(machine.syscalls.brk(task, START + 8 * PAGE)).isEqualTo(START + 8 * PAGE);
            assertThat(machine.mm.vmas().lookup(START).pages()).isEqualTo(8);
            machine.syscalls.memory().write(task, START, 8 * PAGE);
            assertThat(machine.syscalls.brk(task, START + PAGE)).isEqualTo(START + PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(1);
            assertThat(machine.syscalls.brk(task, START)).isEqualTo(START);
            assertThat(machine.mm.vmas().lookup(START)).isNull();
        });
    }

    @Test
    void staysWhereItIsIfItCannotMove() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.syscalls.brk(task, START + PAGE);
            assertThat(machine.syscalls.brk(task, START - 1)).as("below its start").isEqualTo(START + PAGE);
            machine.syscalls.mmap(task, START + 4 * PAGE, PAGE, PROT_RW, ANON_FIXED);
            assertThat(machine.syscalls.brk(task, START + 4 * PAGE)).as("a page must stay free").isEqualTo(START + PAGE);
            assertThat(machine.syscalls.brk(task, START + 3 * PAGE)).isEqualTo(START + 3 * PAGE);
            machine.syscalls.mseal(task, START, 3 * PAGE, 0);
            assertThat(machine.syscalls.brk(task, START + PAGE)).as("sealed").isEqualTo(START + 3 * PAGE);
        });
    }
}
