package io.janklab.workloads.host.conform;

import io.janklab.program.Answer;
import io.janklab.program.Call;
import io.janklab.program.Operation;
import io.janklab.program.Region;
import io.janklab.program.Stamp;
import io.janklab.workloads.host.sys.CheckedMemory;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.SystemCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/// The calls of one host thread of a litmus, in the region. Its loads and stores are [CheckedMemory]'s.
final class HostThreadCalls {
    /// The operations that it supports.
    static final Set<Operation> KNOWN = EnumSet.of(
            Operation.MMAP, Operation.MUNMAP, Operation.MPROTECT, Operation.MADVISE, Operation.MREMAP, Operation.MLOCK, Operation.MLOCK2,
            Operation.MUNLOCK, Operation.MUNLOCKALL, Operation.MINCORE, Operation.READ, Operation.WRITE, Operation.LOAD, Operation.STORE,
            Operation.MAPS, Operation.SMAPS);

    private final HostSyscalls linux = new HostSyscalls();
    private final CheckedMemory memory = new CheckedMemory(linux);
    private final MemorySegment resident = Arena.ofAuto().allocate(Region.PAGES);

    String make(Call call, int step) {
        long a = call.a();
        long b = call.b();
        return switch (call.operation()) {
            case MMAP -> Answer.ofAddress(linux.call(SystemCall.MMAP, a, b, call.c(), call.d(), -1, 0));
            case MUNMAP -> Answer.ofStatus(linux.call(SystemCall.MUNMAP, a, b));
            case MPROTECT -> Answer.ofStatus(linux.call(SystemCall.MPROTECT, a, b, call.c()));
            case MADVISE -> Answer.ofStatus(linux.call(SystemCall.MADVISE, a, b, call.c()));
            case MREMAP -> Answer.ofAddress(linux.call(SystemCall.MREMAP, a, b, call.c(), call.d(), call.e(), 0));
            case MLOCK -> Answer.ofStatus(linux.call(SystemCall.MLOCK, a, b));
            case MLOCK2 -> Answer.ofStatus(linux.call(SystemCall.MLOCK2, a, b, call.c()));
            case MUNLOCKALL -> Answer.ofStatus(linux.call(SystemCall.MUNLOCKALL, 0, 0));
            case MUNLOCK -> Answer.ofStatus(linux.call(SystemCall.MUNLOCK, a, b));
            case MINCORE -> mincore(a, b);
            case READ -> Answer.ofLoads(a, b, memory::load);
            case WRITE -> Answer.ofStores(a, b, address -> memory.store(address, Stamp.of(step, address)));
            case LOAD -> Answer.ofLoads(a, 1, memory::load);
            case STORE -> Answer.ofStores(a, 1, address -> memory.store(address, b));
            case MAPS -> listing("maps", a, b);
            case SMAPS -> listing("smaps", a, b);
            default -> throw new IllegalArgumentException("the host's threads are not asked for " + call.operation().word());
        };
    }

    private String mincore(long address, long length) {
        resident.fill((byte) 0);
        long result = linux.call(SystemCall.MINCORE, address, length, resident.address());
        return Answer.ofResidency(result, resident.toArray(ValueLayout.JAVA_BYTE), length);
    }

    private static String listing(String file, long address, long length) {
        try {
            return Answer.ofListing(Files.readString(Path.of("/proc/self", file)), address, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
