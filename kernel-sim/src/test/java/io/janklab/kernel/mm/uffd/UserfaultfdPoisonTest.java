package io.janklab.kernel.mm.uffd;

import static io.janklab.kernel.uapi.Errno.*;
import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.syscall.BusError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// UFFDIO_POISON and UFFDIO_CONTINUE (`mfill_atomic_pte_poison`, `handle_pte_marker`).
class UserfaultfdPoisonTest {
    private static final long PAGE = RegisteredMemory.PAGE;
    private static final long AT = RegisteredMemory.AT;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    /// Eight pages registered for missing ones, of which the second is there.
    private void on(KernelVersion version, RegisteredMemory.Body body) {
        new RegisteredMemory(MAP_PRIVATE, 1, 1).on(kernel.boot(version), UFFDIO_REGISTER_MODE_MISSING, body);
    }

    @Test
    void poisonIsUnknownBefore66() {
        on(KernelVersion.V6_1, (machine, task, userfaultfd) -> assertThat(userfaultfd.poison(task, AT, PAGE, 0)).isEqualTo(-EINVAL));
    }

    @Test
    void touchingAPoisonedPageRaisesSigbusEvenOnceItIsNoLongerRegistered() {
        on(KernelVersion.V6_6, (machine, task, userfaultfd) -> {
            assertThat(userfaultfd.poison(task, AT, PAGE, 0)).isEqualTo(PAGE);
            userfaultfd.unregister(task, AT, 8 * PAGE);
            assertThatThrownBy(() -> machine.syscalls.memory().read(task, AT, 1)).isInstanceOf(BusError.class);
            assertThat(machine.syscalls.madvise(task, AT, PAGE, MADV_POPULATE_READ)).isEqualTo(-EHWPOISON);
            assertThat(machine.syscalls.mlock(task, AT, PAGE)).isEqualTo(-ENOMEM);
        });
    }

    @Test
    void poisonStopsAtWhatIsMappedOrMarked() {
        on(KernelVersion.V7_2, (machine, task, userfaultfd) -> {
            assertThat(userfaultfd.poison(task, AT, 4 * PAGE, 0)).as("up to the page that is there").isEqualTo(PAGE);
            assertThat(userfaultfd.poison(task, AT, PAGE, 0)).isEqualTo(-EEXIST);
            assertThat(userfaultfd.zeropage(task, AT, PAGE, 0)).isEqualTo(-EEXIST);
            assertThat(userfaultfd.copy(task, AT, AT + PAGE, PAGE, 0)).as("a copy replaces a marker").isEqualTo(PAGE);
        });
    }

    @Test
    void discardingAPoisonedPageHealsIt() {
        on(KernelVersion.V7_2, (machine, task, userfaultfd) -> {
            for (int advice : new int[] {MADV_DONTNEED, MADV_FREE}) {
                assertThat(userfaultfd.poison(task, AT, PAGE, 0)).isEqualTo(PAGE);
                assertThat(machine.syscalls.madvise(task, AT, PAGE, advice)).isZero();
            }
            userfaultfd.unregister(task, AT, 8 * PAGE);
            machine.syscalls.memory().write(task, AT, 1);
        });
    }

    @Test
    void continueNeedsAPageCache() {
        on(KernelVersion.V7_2, (machine, task, userfaultfd) -> {
            assertThat(userfaultfd.register(task, AT, 8 * PAGE, UFFDIO_REGISTER_MODE_MINOR)).isEqualTo(-EINVAL);
            assertThat(userfaultfd.continueWith(task, AT, PAGE, 0)).isEqualTo(-EINVAL);
            assertThat(userfaultfd.continueWith(task, AT + 16 * PAGE, PAGE, 0)).isEqualTo(-ENOENT);
            assertThat(userfaultfd.continueWith(task, AT, PAGE, 4)).isEqualTo(-EINVAL);
        });
    }
}
