package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.syscall.SegmentationFault;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Shared by the tests of one system call on address spaces: an address to use, and a description of the mappings there.
public abstract class AddressSpaceCase {
    protected static final long PAGE = Addresses.PAGE_SIZE;
    protected static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;
    protected static final int ANON_FIXED = ANON | MAP_FIXED;
    protected static final long HEAP = 0x5000_0000_0000L;

    @RegisterExtension
    protected final KernelFixture kernel = new KernelFixture();

    /// Runs `body` in the one task of a process whose HEAP is `pages` long, of which `written` have been written to.
    protected final Machine withHeap(KernelVersion version, int pages, int written, BiConsumer<Machine, Task> body) {
        Machine machine = kernel.boot(version);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, pages * PAGE, PROT_RW, ANON_FIXED);
            if (written > 0) {
                machine.syscalls.memory().write(task, HEAP, written * PAGE);
            }
            body.accept(machine, task);
        });
        return machine;
    }

    protected static long page(int number) {
        return HEAP + number * PAGE;
    }

    /// Every VMA as its first page and the page after its last, counted from HEAP.
    protected static List<String> layout(Machine machine) {
        return machine.mm.vmas().list().stream().map(vma -> (vma.start() - HEAP) / PAGE + "-" + (vma.end() - HEAP) / PAGE).toList();
    }

    protected static boolean faults(Machine machine, Task task, long address, boolean write) {
        try {
            if (write) {
                machine.syscalls.memory().write(task, address, 1);
            } else {
                machine.syscalls.memory().read(task, address, 1);
            }
            return false;
        } catch (SegmentationFault expected) {
            return true;
        }
    }
}
