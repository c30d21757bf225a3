package io.janklab.workloads.host;

import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The region in this process's own address space, on the host's kernel.
///
/// Programs' loads and stores are done by the kernel (`pwrite` from, `pread` to the page), so that a fault is EFAULT, not a crash.
///
/// **Caveats.** Belongs to one platform thread, which it pins to a core: folios wait in per-CPU batches that only their own core drains.
final class RealAddressSpace implements AddressSpace {
    private static final int PR_SET_THP_DISABLE = 41;
    private static final long NO_FD = -1;
    /// Where [ProcFiles] keeps `/proc/self/smaps` short: beyond the region, out of every program's reach.
    private static final long FENCE = Region.END + 256 * Region.PAGE;
    private static final int FENCE_POSTS = 12;

    private final HostSyscalls linux = new HostSyscalls();
    private final HostUserfaultfd userfaultfd = new HostUserfaultfd(linux);
    private final ProcFiles proc;
    /// A file of eight bytes that loads and stores go through, mapped here too.
    private final long stampFile;
    private final MemorySegment stamp;
    private final long scratchPage;
    private final long thisProcess;
    /// `struct iovec[2]`.
    private final MemorySegment ranges = Arena.ofAuto().allocate(4 * Long.BYTES, Long.BYTES);
    private final MemorySegment resident = Arena.ofAuto().allocate(Region.PAGES);

    RealAddressSpace() {
        linux.require(SystemCall.PRCTL, PR_SET_THP_DISABLE, 1, 0, 0, 0, 0);
        linux.pinThread(0);
        buildFence();
        proc = new ProcFiles(linux, MemorySegment.ofAddress(map(Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS, NO_FD)).reinterpret(Region.PAGE));
        stampFile = linux.require(SystemCall.MEMFD_CREATE, Arena.global().allocateFrom("stamp").address(), 0, 0, 0, 0, 0);
        linux.require(SystemCall.FTRUNCATE, stampFile, Region.PAGE, 0, 0, 0, 0);
        stamp = MemorySegment.ofAddress(map(Mman.MAP_SHARED, stampFile)).reinterpret(Long.BYTES);
        thisProcess = linux.require(SystemCall.PIDFD_OPEN, ProcessHandle.current().pid(), 0, 0, 0, 0, 0);
        scratchPage = map(Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_POPULATE, NO_FD);
    }

    private long map(int flags, long file) {
        return linux.require(SystemCall.MMAP, 0, Region.PAGE, Mman.PROT_RW, flags, file, 0);
    }

    /// VMAs without pages between the region and the JVM's own, so that a page of `/proc/self/smaps` ends before the Java heap, which
    /// would take the kernel long to describe.
    private void buildFence() {
        int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE | Mman.MAP_FIXED_NOREPLACE;
        for (int post = 0; post < FENCE_POSTS; post++) {
            linux.require(SystemCall.MMAP, FENCE + 2 * post * Region.PAGE, Region.PAGE, Mman.PROT_NONE, flags, NO_FD, 0);
        }
    }

    @Override
    public void clear() {
        linux.require(SystemCall.MUNMAP, Region.START, Region.END - Region.START, 0, 0, 0, 0);
    }

    @Override
    public String call(Call call, int step) {
        return switch (call.operation()) {
            case MMAP -> mmap(call);
            case MUNMAP -> Answer.ofStatus(linux.call(SystemCall.MUNMAP, call.a(), call.b()));
            case MPROTECT -> Answer.ofStatus(linux.call(SystemCall.MPROTECT, call.a(), call.b(), call.c()));
            case MADVISE -> Answer.ofStatus(linux.call(SystemCall.MADVISE, call.a(), call.b(), call.c()));
            case PROCESS_MADVISE -> processMadvise(call);
            case UFFD_REGISTER -> Answer.ofStatus(userfaultfd.register(call.a(), call.b(), call.c()));
            case UFFD_UNREGISTER -> Answer.ofStatus(userfaultfd.unregister(call.a(), call.b()));
            case UFFD_COPY -> Answer.ofStatus(userfaultfd.copy(call.a(), call.b(), call.c(), call.d()));
            case UFFD_ZEROPAGE -> Answer.ofStatus(userfaultfd.zeropage(call.a(), call.b(), call.c()));
            case UFFD_MOVE -> Answer.ofStatus(userfaultfd.move(call.a(), call.b(), call.c(), call.d()));
            case UFFD_WRITEPROTECT -> Answer.ofStatus(userfaultfd.writeProtect(call.a(), call.b(), call.c()));
            case MREMAP -> mremap(call);
            case MLOCK -> Answer.ofStatus(linux.call(SystemCall.MLOCK, call.a(), call.b()));
            case MUNLOCK -> Answer.ofStatus(linux.call(SystemCall.MUNLOCK, call.a(), call.b()));
            case MINCORE -> mincore(call);
            case READ -> Answer.ofLoads(call.a(), call.b(), this::load);
            case WRITE -> Answer.ofStores(call.a(), call.b(), address -> store(address, Stamp.of(step, address)));
        };
    }

    private String mmap(Call call) {
        return placed(linux.call(SystemCall.MMAP, call.a(), call.b(), call.c(), call.d(), NO_FD, 0), call.b());
    }

    private String processMadvise(Call call) {
        for (int i = 0; i < 4; i++) {
            ranges.setAtIndex(ValueLayout.JAVA_LONG, i, call.argument(i));
        }
        return Answer.ofStatus(linux.call(SystemCall.PROCESS_MADVISE, thisProcess, ranges.address(), 2, call.e(), 0, 0));
    }

    private String mremap(Call call) {
        return placed(linux.call(SystemCall.MREMAP, call.a(), call.b(), call.c(), call.d(), call.e(), 0), call.c());
    }

    /// What lands elsewhere goes again at once.
    private String placed(long address, long length) {
        String answer = Answer.ofAddress(address);
        if (answer.equals(Answer.ELSEWHERE)) {
            linux.require(SystemCall.MUNMAP, address, length, 0, 0, 0, 0);
        }
        return answer;
    }

    private String mincore(Call call) {
        resident.fill((byte) 0);
        long result = linux.call(SystemCall.MINCORE, call.a(), call.b(), resident.address());
        return Answer.ofResidency(result, resident.toArray(ValueLayout.JAVA_BYTE), call.b());
    }

    private long load(long address) {
        long result = linux.call(SystemCall.PWRITE64, stampFile, address, Long.BYTES, 0);
        return Errno.isError(result) ? Answer.FAULT : stamp.get(ValueLayout.JAVA_LONG, 0);
    }

    private boolean store(long address, long value) {
        stamp.set(ValueLayout.JAVA_LONG, 0, value);
        return !Errno.isError(linux.call(SystemCall.PREAD64, stampFile, address, Long.BYTES, 0));
    }

    @Override
    public Snapshot snapshot() {
        drainBatches();
        String pages = proc.pages();
        return new Snapshot(proc.areas(), pages, proc.stamps(pages));
    }

    /// MADV_COLD begins with `lru_add_drain`: folios given up by MADV_FREE count as lazyfree from then on.
    private void drainBatches() {
        linux.require(SystemCall.MADVISE, scratchPage, Region.PAGE, Mman.MADV_COLD, 0, 0, 0);
    }
}
