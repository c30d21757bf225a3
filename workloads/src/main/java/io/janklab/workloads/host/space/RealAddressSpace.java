package io.janklab.workloads.host.space;

import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import io.janklab.program.AnonNames;
import io.janklab.program.Answer;
import io.janklab.program.Call;
import io.janklab.program.Region;
import io.janklab.program.Stamp;
import io.janklab.workloads.host.sys.CheckedMemory;
import io.janklab.workloads.host.sys.HostFork;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.HostUserfaultfd;
import io.janklab.workloads.host.sys.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The region in this process's own address space, on the host's kernel.
///
/// Programs' loads and stores are [CheckedMemory]'s.
///
/// **Caveats.** Used by one platform thread at a time, which must be pinned to a core ([#pinThread]): folios wait in per-CPU batches
/// that only their own core drains.
public final class RealAddressSpace implements ComparedSpace {
    private static final int PR_SET_THP_DISABLE = 41;
    private static final long HUGE_PAGE = 2L << 20;
    private static final int PR_SET_VMA = 0x53564d61;
    private static final int PR_SET_VMA_ANON_NAME = 0;
    /// Pages that a child looks at.
    private static final int MOST_SEEN = 4 * Region.PAGES;
    private static final long NO_FD = -1;
    /// The VMAs with which [ProcFiles] keeps `/proc/self/smaps` short: beyond the region, out of every program's reach.
    private static final long FENCE = Region.END + Region.GAP;
    private static final int FENCE_POSTS = 12;
    /// More than any host maps around a fault.
    private static final int AROUND_PAGES = 128;
    private static final long NOT_TAKEN = -1;

    private final HostSyscalls linux = new HostSyscalls();
    /// Null where there is none.
    private final @Nullable HostUserfaultfd userfaultfd = HostUserfaultfd.open(linux);
    /// Null where there is none to be had.
    private final @Nullable HostFork child = HostFork.open(linux, MOST_SEEN, FENCE);
    /// Null until a program maps it.
    private @Nullable MappedFile file;
    /// Since it was last zeroed.
    private boolean fileMapped;
    private final ProcFiles proc;
    private final CheckedMemory memory;
    private final long scratchPage;
    private final long thisProcess;
    /// `struct iovec[2]`.
    private final MemorySegment ranges = Arena.ofAuto().allocate(4 * Long.BYTES, Long.BYTES);
    private final MemorySegment[] names = allocateNames();
    private final MemorySegment resident = Arena.ofAuto().allocate(Region.PAGES);

    /// The growth of VmPTE by the program's calls. It is taken just around those calls after which it is asked for, since the JVM's other
    /// threads have page tables too.
    private long pageTables;
    /// VmPTE before the first call since the last snapshot; [#NOT_TAKEN] if there was none.
    private long pageTablesBefore = NOT_TAKEN;
    private boolean seesHugeZeroPage;
    private boolean movedTablesAway;

    /// @throws io.janklab.workloads.host.sys.HostRefusal if the host refuses something that this needs
    public RealAddressSpace() {
        linux.require(SystemCall.PRCTL, PR_SET_THP_DISABLE, 1, 0, 0, 0, 0);
        buildFence();
        proc = new ProcFiles(linux, MemorySegment.ofAddress(map(0)).reinterpret(Region.PAGE));
        memory = new CheckedMemory(linux);
        thisProcess = linux.require(SystemCall.PIDFD_OPEN, ProcessHandle.current().pid(), 0, 0, 0, 0, 0);
        scratchPage = map(Mman.MAP_POPULATE);
    }

    /// A page of anonymous memory.
    private long map(int flags) {
        return linux.require(SystemCall.MMAP, 0, Region.PAGE, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | flags, NO_FD, 0);
    }

    /// Keeps the calling thread on one core.
    public void pinThread() {
        linux.pinThread(0);
    }

    /// VMAs between the region and the JVM's own, with a page in the first that keeps the page directories, so that a page of
    /// `/proc/self/smaps` ends before the Java heap, which the kernel takes long to describe.
    private void buildFence() {
        int flags = Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE | Mman.MAP_FIXED_NOREPLACE;
        for (int post = 0; post < FENCE_POSTS; post++) {
            int protection = post == 0 ? Mman.PROT_READ : Mman.PROT_NONE;
            linux.require(SystemCall.MMAP, FENCE + 2L * post * Region.PAGE, Region.PAGE, protection, flags, NO_FD, 0);
        }
        MemorySegment.ofAddress(FENCE).reinterpret(Region.PAGE).get(ValueLayout.JAVA_BYTE, 0);
    }

    private static MemorySegment[] allocateNames() {
        MemorySegment[] names = new MemorySegment[AnonNames.count()];
        for (int i = 0; i < names.length; i++) {
            names[i] = AnonNames.name(i) == null ? MemorySegment.NULL : Arena.ofAuto().allocateFrom(AnonNames.name(i));
        }
        return names;
    }

    /// Whether this process may use userfaultfd; a program that uses it without the right fails.
    public boolean hasUserfaultfd() {
        return userfaultfd != null;
    }

    /// Whether this process can be forked; a program that forks where it cannot breaks down.
    public boolean hasFork() {
        return child != null;
    }

    private HostUserfaultfd userfaultfd() {
        return Objects.requireNonNull(userfaultfd);
    }

    private HostFork child() {
        return Objects.requireNonNull(child);
    }

    /// How much of a file that is in memory one read fault maps, KiB.
    public int faultAround() {
        long file = linux.memfd("around", AROUND_PAGES * Region.PAGE);
        long mapped = linux.require(SystemCall.MMAP, 0, AROUND_PAGES * Region.PAGE, Mman.PROT_READ, Mman.MAP_SHARED, file, 0);
        for (int page = 0; page < AROUND_PAGES; page++) {
            linux.require(SystemCall.PWRITE64, file, ranges.address(), Long.BYTES, page * Region.PAGE, 0, 0);
        }
        MemorySegment.ofAddress(mapped).reinterpret(AROUND_PAGES * Region.PAGE).get(ValueLayout.JAVA_BYTE, AROUND_PAGES / 2 * Region.PAGE);
        int pages = proc.present(mapped, AROUND_PAGES);
        linux.require(SystemCall.MUNMAP, mapped, AROUND_PAGES * Region.PAGE, 0, 0, 0, 0);
        linux.require(SystemCall.CLOSE, file, 0, 0, 0, 0, 0);
        return (int) (pages * Region.PAGE / 1024);
    }

    private long setAnonName(long address, long length, long name) {
        return linux.call(SystemCall.PRCTL, PR_SET_VMA, PR_SET_VMA_ANON_NAME, address, length, names[(int) name].address(), 0);
    }

    @Override
    public void useHugePages(boolean on) {
        linux.require(SystemCall.PRCTL, PR_SET_THP_DISABLE, on ? 0 : 1, 0, 0, 0, 0);
        if (on && !seesHugeZeroPage) {
            long mapped = linux.require(SystemCall.MMAP, 0, 2 * HUGE_PAGE, Mman.PROT_READ, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS, NO_FD, 0);
            // Of the kernels that know no huge pages none has a huge zero page either.
            linux.call(SystemCall.MADVISE, mapped, 2 * HUGE_PAGE, Mman.MADV_HUGEPAGE);
            proc.findHugeZeroPage(mapped + HUGE_PAGE - 1 & -HUGE_PAGE);
            seesHugeZeroPage = true;
        }
    }

    @Override
    public long clear() {
        long before = proc.pageTables();
        // A mapping at a hint may reach beyond the region's end.
        linux.require(SystemCall.MUNMAP, Region.START, FENCE - Region.START, 0, 0, 0, 0);
        final long freed = before - proc.pageTables();
        if (child != null) {
            child.close();
        }
        if (file != null && fileMapped) {
            file.zero();
            fileMapped = false;
        }
        pageTables = 0;
        pageTablesBefore = NOT_TAKEN;
        return freed;
    }

    @Override
    public String call(Call call, int step) {
        movedTablesAway = false;
        if (pageTablesBefore == NOT_TAKEN) {
            pageTablesBefore = proc.pageTables();
        }
        String answer = make(call, step);
        drainBatches();
        return answer;
    }

    private String make(Call call, int step) {
        return switch (call.operation()) {
            case MMAP -> mmap(call);
            case MUNMAP -> Answer.ofStatus(linux.call(SystemCall.MUNMAP, call.a(), call.b()));
            case MPROTECT -> Answer.ofStatus(linux.call(SystemCall.MPROTECT, call.a(), call.b(), call.c()));
            case MADVISE -> Answer.ofStatus(linux.call(SystemCall.MADVISE, call.a(), call.b(), call.c()));
            case PROCESS_MADVISE -> processMadvise(call);
            case UFFD_REGISTER -> Answer.ofStatus(userfaultfd().register(call.a(), call.b(), call.c()));
            case UFFD_UNREGISTER -> Answer.ofStatus(userfaultfd().unregister(call.a(), call.b()));
            case UFFD_COPY -> Answer.ofStatus(userfaultfd().copy(call.a(), call.b(), call.c(), call.d()));
            case UFFD_ZEROPAGE -> Answer.ofStatus(userfaultfd().zeropage(call.a(), call.b(), call.c()));
            case UFFD_MOVE -> Answer.ofStatus(userfaultfd().move(call.a(), call.b(), call.c(), call.d()));
            case UFFD_WRITEPROTECT -> Answer.ofStatus(userfaultfd().writeProtect(call.a(), call.b(), call.c()));
            case UFFD_POISON -> Answer.ofStatus(userfaultfd().poison(call.a(), call.b(), call.c()));
            case UFFD_CONTINUE -> Answer.ofStatus(userfaultfd().continueWith(call.a(), call.b(), call.c()));
            case MREMAP -> mremap(call);
            case MLOCK -> Answer.ofStatus(linux.call(SystemCall.MLOCK, call.a(), call.b()));
            case MLOCK2 -> Answer.ofStatus(linux.call(SystemCall.MLOCK2, call.a(), call.b(), call.c()));
            case MLOCKALL -> Answer.ofStatus(linux.call(SystemCall.MLOCKALL, call.a(), 0));
            case MUNLOCKALL -> Answer.ofStatus(linux.call(SystemCall.MUNLOCKALL, 0, 0));
            case MUNLOCK -> Answer.ofStatus(linux.call(SystemCall.MUNLOCK, call.a(), call.b()));
            case MINCORE -> mincore(call);
            case MSEAL -> Answer.ofStatus(linux.call(SystemCall.MSEAL, call.a(), call.b(), call.c()));
            case SET_ANON_NAME -> Answer.ofStatus(setAnonName(call.a(), call.b(), call.c()));
            case READ -> Answer.ofLoads(call.a(), call.b(), memory::load);
            case WRITE -> Answer.ofStores(call.a(), call.b(), address -> memory.store(address, Stamp.of(step, address)));
            case MMAP_FILE -> mmapFile(call);
            case LOAD -> Answer.ofLoads(call.a(), 1, memory::load);
            case STORE -> Answer.ofStores(call.a(), 1, address -> memory.store(address, call.b()));
            case FORK -> fork(call);
            case FORK_KEEP -> Answer.ofStatus(child().keep());
            case FORK_END -> Answer.ofStatus(child().end());
            default -> throw new IllegalArgumentException("the host's kernel is not asked for " + call.operation().word());
        };
    }

    private String mmap(Call call) {
        return placed(linux.call(SystemCall.MMAP, call.a(), call.b(), call.c(), call.d(), NO_FD, 0), call.b());
    }

    private String mmapFile(Call call) {
        if (file == null) {
            file = new MappedFile(linux);
        }
        fileMapped = true;
        return placed(linux.call(SystemCall.MMAP, call.a(), call.b(), call.c(), call.d(), file.number(), call.e()), call.b());
    }

    private String processMadvise(Call call) {
        for (int i = 0; i < 4; i++) {
            ranges.setAtIndex(ValueLayout.JAVA_LONG, i, call.argument(i));
        }
        return Answer.ofStatus(linux.call(SystemCall.PROCESS_MADVISE, thisProcess, ranges.address(), 2, call.e(), 0, 0));
    }

    private String mremap(Call call) {
        long address = linux.call(SystemCall.MREMAP, call.a(), call.b(), call.c(), call.d(), call.e(), 0);
        movedTablesAway = Region.isTablesAway(call.a(), address);
        return placed(address, call.c());
    }

    @Override
    public boolean movedTablesAway() {
        return movedTablesAway;
    }

    /// A mapping that lands elsewhere is removed at once.
    private String placed(long address, long length) {
        String answer = Answer.ofAddress(address);
        if (answer.equals(Answer.ELSEWHERE)) {
            linux.require(SystemCall.MUNMAP, address, length, 0, 0, 0, 0);
        }
        return answer;
    }

    private String fork(Call call) {
        int times = (int) call.c();
        long[] seen = child().look(call.a() & -Long.BYTES, call.a() + call.b(), times);
        if (seen == null) {
            return Errno.describe(-Errno.ENOMEM);
        }
        int pages = times == 0 ? 0 : seen.length / times;
        StringBuilder all = new StringBuilder();
        for (int time = 0; time < times; time++) {
            int first = time * pages;
            long floor = call.a() & -Region.PAGE;
            all.append(' ').append(Answer.ofLoads(call.a(), call.b(), address -> seen[first + (int) ((address - floor) / Region.PAGE)]));
        }
        return all.toString().trim();
    }

    private String mincore(Call call) {
        resident.fill((byte) 0);
        long result = linux.call(SystemCall.MINCORE, call.a(), call.b(), resident.address());
        return Answer.ofResidency(result, resident.toArray(ValueLayout.JAVA_BYTE), call.b());
    }

    @Override
    public Snapshot snapshot() {
        pageTables += pageTablesBefore == NOT_TAKEN ? 0 : proc.pageTables() - pageTablesBefore;
        pageTablesBefore = NOT_TAKEN;
        String pages = proc.pages();
        return new Snapshot(proc.areas(), pages, proc.stamps(pages), pageTables);
    }

    /// MADV_COLD begins with `lru_add_drain`: folios freed by MADV_FREE count as lazyfree from then on.
    private void drainBatches() {
        linux.require(SystemCall.MADVISE, scratchPage, Region.PAGE, Mman.MADV_COLD, 0, 0, 0);
    }
}
