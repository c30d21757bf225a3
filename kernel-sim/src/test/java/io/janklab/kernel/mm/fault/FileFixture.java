package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VirtualFile;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A machine with a file of 256 pages.
abstract class FileFixture {
    static final long PAGE = Addresses.PAGE_SIZE;
    static final int PAGES = 256;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    final FaultLog faults = new FaultLog();

    final Machine boot(KernelVersion version) {
        return boot(KernelProfile.of(version, Architecture.ARM64));
    }

    final Machine boot(KernelProfile profile) {
        Machine machine = kernel.boot(profile, Architecture.ARM64);
        machine.attach(faults);
        return machine;
    }

    static VirtualFile file(Machine machine) {
        return machine.memory.pageCache().create("base.odex", PAGES);
    }

    static VirtualFile cachedFile(Machine machine) {
        VirtualFile file = file(machine);
        machine.memory.pageCache().preload(file, 0, PAGES);
        return file;
    }

    static long map(Machine machine, Task task, VirtualFile file, int protection, int type) {
        long address = 0x1000_0000_0000L;
        assertThat(machine.syscalls.mmap(task, address, PAGES * PAGE, protection, type | MAP_FIXED, file, 0)).isEqualTo(address);
        return address;
    }

    /// Where the file is mapped for reading from now on.
    static long mapToRead(Machine machine, VirtualFile file) {
        long[] text = new long[1];
        machine.run(task -> text[0] = map(machine, task, file, PROT_READ, MAP_PRIVATE));
        return text[0];
    }

    /// A first read of the file's first page, which is in no memory.
    static void readOnce(Machine machine) {
        VirtualFile file = file(machine);
        machine.run(task -> machine.syscalls.memory().read(task, map(machine, task, file, PROT_READ, MAP_PRIVATE), 1));
    }
}
