package io.janklab.workloads.junit;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.Litmus;
import io.janklab.explore.LitmusProgram;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;

/// A worked example: the unmerged "retry the fault under the VMA lock after I/O" (Barry Song and Oven Liyang, April 2026).
///
/// A fault that must wait for storage releases its lock. Linux then retries under mmap_lock, which waits for every writer of the address
/// space; the patch retries under the VMA lock. Is that safe, although the VMA may have been removed or replaced while the fault slept?
class RetryAfterIoExampleTest {
    /// One task writes a page of a file that is not in memory; another maps zeroes over it meanwhile.
    private static final class RetryAfterIo extends LitmusProgram {
        static final Litmus LITMUS = Litmus.of(
                "retry-after-io", "A fault waits for storage while another task maps zeroes over the file.", RetryAfterIo::new)
                .allowing("page=0", "page=2");

        private long page;

        @Override
        protected void setUp(Task task) {
            VirtualFile file = kernel().memory().pageCache().create("lib.so", 1);
            page = syscalls().mmap(task, 0, PAGE, PROT_RW, MAP_PRIVATE, file, 0);
        }

        @Override
        protected void start() {
            task("writer", task -> store(task, page, 2));
            task("mapper", task -> check(map(task) == page, "mmap failed"));
        }

        private long map(Task task) {
            return syscalls().mmap(task, page, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
        }

        @Override
        protected void finish(Task task) {
            outcome("page", load(task, page));
        }
    }

    /// The patch looks the VMA up again, and checks whether it has left the tree: then every schedule ends well.
    @Explore(strategy = "dfs", schedules = 10_000, set = "fault.retry=vma")
    void theRetryFindsWhatIsMappedNow(Exploration exploration) {
        exploration.passes(RetryAfterIo.LITMUS);
        assertThat(exploration.of(RetryAfterIo.LITMUS).outcomes()).as("both orders were seen").containsOnlyKeys("page=0", "page=2");
    }

    /// Without that check it would fill a VMA that no longer exists.
    @Explore(schedules = 20_000, set = {"fault.retry=vma", "rule.vma-detached-recheck=off"})
    void aRetryThatTrustsItsLookupIsCaught(Exploration exploration) {
        assertThat(exploration.of(RetryAfterIo.LITMUS).finding().rule()).contains("2 anon_vmas exist, VMAs use 1");
    }
}
