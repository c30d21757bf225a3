package io.janklab.kernel.mm.space;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which kernels have VMA locks: mainline since 6.4, phones since android14-6.1, to which they were backported.
class VmaLocksByVersionTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int MAPPINGS = 16;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private static final class VmaLocks implements TraceListener {
        private int taken;

        @Override
        public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
            taken += lock.lockClass() == LockClass.VMA_LOCK ? 1 : 0;
        }
    }

    /// Everything that locks VMAs where there are such locks.
    ///
    /// @return what it took (ns)
    private long use(String label, VmaLocks locks) {
        KernelProfile profile = Objects.requireNonNull(KernelProfile.byLabel(label, Architecture.ARM64), label);
        Machine machine = kernel.boot(profile, Architecture.ARM64);
        machine.attach(locks);
        long[] took = new long[1];
        machine.run(task -> {
            long began = task.now();
            long[] at = new long[MAPPINGS];
            for (int i = 0; i < MAPPINGS; i++) {
                at[i] = machine.syscalls.mmap(task, 0, 2 * PAGE, i % 2 == 0 ? PROT_RW : PROT_RW | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS);
                machine.syscalls.memory().write(task, at[i], 2 * PAGE);
            }
            change(machine, task, at);
            task.settle();
            took[0] = task.now() - began;
        });
        return took[0];
    }

    private static void change(Machine machine, Task task, long[] at) {
        for (long each : at) {
            machine.syscalls.mprotect(task, each, PAGE, PROT_READ);
        }
        machine.process.fork(task, "child", (child, itself) -> {});
        for (long each : at) {
            machine.syscalls.munmap(task, each, 2 * PAGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"android13-5.15, false", "6.1, false", "android14-6.1, true", "android15-6.6, true", "6.6, true", "7.2, true"})
    void kernelsWithoutVmaLocksTraceNone(String label, boolean has) {
        VmaLocks locks = new VmaLocks();
        use(label, locks);
        assertThat(locks.taken > 0).isEqualTo(has);
    }

    @Test
    void mainline61DoesNotPayForThemAndPhones61Does() {
        VmaLocks locks = new VmaLocks();
        assertThat(use("6.1", locks)).isLessThan(use("android14-6.1", locks));
        KernelProfile android = Objects.requireNonNull(KernelProfile.byLabel("android14-6.1", Architecture.ARM64));
        assertThat(android.hasVmaLocks()).isTrue();
    }
}
