package io.janklab.program;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.syscall.BusError;
import io.janklab.kernel.syscall.KernelSyscalls;
import io.janklab.kernel.syscall.ProcFd;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.uapi.Errno;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes a program's calls on a simulated process, and reports their results in [Answer]'s words.
public final class ProcessCalls {
    /// Of mincore.
    private static final long MOST_ASKED_PAGES = 1 << 28;
    private static final String NO_PROCESS = Errno.describe(-Errno.ESRCH);

    private final Kernel kernel;
    /// The caller.
    private final Process caller;
    /// The memory concerned: the caller's own, unless it accesses another process.
    private final Process target;
    private final int userfaultfdFeatures;
    /// Opened by the first call that needs it.
    private @Nullable UserfaultFd userfaultfd;
    private final @Nullable VirtualFile file;
    /// Children that keep their memory.
    private final Deque<AddressSpace> kept = new ArrayDeque<>();
    private boolean movedTablesAway;

    /// @param file what MMAP_FILE maps; may be null if nothing does
    public ProcessCalls(Kernel kernel, Process process, int userfaultfdFeatures, @Nullable VirtualFile file) {
        this(kernel, process, process, userfaultfdFeatures, file);
    }

    private ProcessCalls(Kernel kernel, Process caller, Process target, int userfaultfdFeatures, @Nullable VirtualFile file) {
        this.kernel = kernel;
        this.caller = caller;
        this.target = target;
        this.userfaultfdFeatures = userfaultfdFeatures;
        this.file = file;
    }

    /// The same process's memory, accessed by another process.
    public ProcessCalls from(Process other) {
        return new ProcessCalls(kernel, other, target, userfaultfdFeatures, file);
    }

    /// Opens the process's userfaultfd, where it has none yet.
    public UserfaultFd userfaultfd(Task task) {
        if (userfaultfd == null) {
            userfaultfd = linux().userfaultfd(task, userfaultfdFeatures);
        }
        return userfaultfd;
    }

    /// @param step   which call of its program it is, from 0
    /// @param answer receives the call's result before this method returns; with FORK, from the child
    public void make(Task task, Call call, int step, Consumer<String> answer) {
        if (call.operation() == Operation.FORK) {
            fork(task, call, answer);
        } else {
            answer.accept(make(task, call, step));
        }
    }

    private String make(Task task, Call call, int step) {
        movedTablesAway = false;
        long a = call.a();
        long b = call.b();
        return switch (call.operation()) {
            case MMAP -> placed(task, linux().mmap(task, a, b, (int) call.c(), (int) call.d()), b);
            case MMAP_FILE -> placed(task, linux().mmap(task, a, b, (int) call.c(), (int) call.d(), file, call.e()), b);
            case MUNMAP -> Answer.ofStatus(linux().munmap(task, a, b));
            case MPROTECT -> Answer.ofStatus(linux().mprotect(task, a, b, (int) call.c()));
            case MADVISE -> Answer.ofStatus(linux().madvise(task, a, b, (int) call.c()));
            case PROCESS_MADVISE -> processMadvise(task, call);
            case UFFD_REGISTER -> Answer.ofStatus(userfaultfd(task).register(task, a, b, (int) call.c()));
            case UFFD_UNREGISTER -> Answer.ofStatus(userfaultfd(task).unregister(task, a, b));
            case UFFD_COPY -> Answer.ofStatus(userfaultfd(task).copy(task, a, b, call.c(), call.d()));
            case UFFD_ZEROPAGE -> Answer.ofStatus(userfaultfd(task).zeropage(task, a, b, call.c()));
            case UFFD_MOVE -> Answer.ofStatus(userfaultfd(task).move(task, a, b, call.c(), (int) call.d()));
            case UFFD_WRITEPROTECT -> Answer.ofStatus(userfaultfd(task).writeProtect(task, a, b, (int) call.c()));
            case MREMAP -> mremap(task, call);
            case MLOCK -> Answer.ofStatus(linux().mlock(task, a, b));
            case MLOCK2 -> Answer.ofStatus(linux().mlock2(task, a, b, (int) call.c()));
            case MLOCKALL -> Answer.ofStatus(linux().mlockall(task, (int) a));
            case MUNLOCKALL -> Answer.ofStatus(linux().munlockall(task));
            case MUNLOCK -> Answer.ofStatus(linux().munlock(task, a, b));
            case MINCORE -> mincore(task, a, b);
            case MSEAL -> Answer.ofStatus(linux().mseal(task, a, b, call.c()));
            case SET_ANON_NAME -> Answer.ofStatus(linux().setAnonName(task, a, b, AnonNames.name(call.c())));
            case READ -> Answer.ofLoads(a, b, address -> load(task, address));
            case WRITE -> Answer.ofStores(a, b, address -> store(task, address, Stamp.of(step, address)));
            case LOAD -> Answer.ofLoads(a, 1, address -> load(task, address));
            case STORE -> Answer.ofStores(a, 1, address -> store(task, address, b));
            case TOUCH -> touch(task, a, b);
            case MAPS -> mapped(task, linux().openMaps(task, target.tgid()), a, b);
            case SMAPS -> mapped(task, linux().openSmaps(task, target.tgid()), a, b);
            case AREAS -> areas(task, linux().openMaps(task, target.tgid()), a, b);
            case READV -> Answer.ofStatus(linux().processVmReadv(task, target.tgid(), a, b));
            case READ_MEM -> Answer.ofStatus(linux().readProcMem(task, target.tgid(), a, b));
            case UFFD_POISON -> Answer.ofStatus(userfaultfd(task).poison(task, a, b, call.c()));
            case UFFD_CONTINUE -> Answer.ofStatus(userfaultfd(task).continueWith(task, a, b, call.c()));
            case UFFD_WAKE -> Answer.ofStatus(userfaultfd(task).wake(task, a, b));
            case UFFD_READ -> Answer.ofAddress(userfaultfd(task).read(task));
            case COPY_TO_USER -> Answer.ofStatus(linux().copyToUser(task, a, b));
            case COPY_FROM_USER -> Answer.ofStatus(linux().copyFromUser(task, a, b));
            case FORK_KEEP -> keep(task);
            case FORK_END -> end(task);
            case RECLAIM -> reclaim(task);
            case DRAIN -> drain(task);
            case EXIT -> exit(task);
            case FORK -> throw new IllegalArgumentException("the child of a fork answers for itself");
        };
    }

    private Syscalls linux() {
        return caller.syscalls();
    }

    private String processMadvise(Task task, Call call) {
        long[] starts = {call.a(), call.c()};
        long[] lengths = {call.b(), call.d()};
        return Answer.ofStatus(linux().processMadvise(task, target.tgid(), starts, lengths, (int) call.e(), 0));
    }

    /// A mapping that lands elsewhere is removed at once.
    private String placed(Task task, long address, long length) {
        String described = Answer.ofAddress(address);
        if (described.equals(Answer.ELSEWHERE)) {
            linux().munmap(task, address, length);
        }
        return described;
    }

    private String mremap(Task task, Call call) {
        long address = linux().mremap(task, call.a(), call.b(), call.c(), (int) call.d(), call.e());
        movedTablesAway = Region.isTablesAway(call.a(), address);
        return placed(task, address, call.c());
    }

    /// Whether the last call moved memory out of the region, by as much as whole page tables map.
    public boolean movedTablesAway() {
        return movedTablesAway;
    }

    private String mincore(Task task, long address, long length) {
        boolean askable = length >= 0 && length <= MOST_ASKED_PAGES * Region.PAGE;
        byte[] resident = new byte[askable ? (int) (length / Region.PAGE) + 1 : Region.PAGES];
        return Answer.ofResidency(linux().mincore(task, address, length, resident), resident, length);
    }

    private static String areas(Task task, @Nullable ProcFd listing, long address, long length) {
        return listing == null ? NO_PROCESS : Answer.ofAreas(listing.readAll(task), address, length);
    }

    private static String mapped(Task task, @Nullable ProcFd listing, long address, long length) {
        return listing == null ? NO_PROCESS : Answer.ofListing(listing.readAll(task), address, length);
    }

    private void fork(Task task, Call call, Consumer<String> answer) {
        long child = caller.fork(task, "child", (process, itself) -> answer.accept(seen(process, itself, call)));
        if (Errno.isError(child)) {
            answer.accept(Errno.describe(child));
        }
    }

    private String touch(Task task, long address, long length) {
        try {
            ((KernelSyscalls) caller.syscalls()).memory().write(task, address, length);
            return "0";
        } catch (SegmentationFault | BusError fault) {
            return Errno.describe(-Errno.EFAULT);
        }
    }

    private static String seen(Process process, Task task, Call call) {
        StringBuilder all = new StringBuilder();
        for (long time = 0; time < call.c(); time++) {
            // Every page, even beyond one that cannot be read: of shared memory that shows.
            long first = call.a() & -Region.PAGE;
            long[] loaded = new long[call.b() == 0 ? 0 : (int) ((call.a() + call.b() - first + Region.PAGE - 1) / Region.PAGE)];
            for (int page = 0; page < loaded.length; page++) {
                loaded[page] = load(process, task, Math.max(first + page * Region.PAGE, call.a() & -Long.BYTES));
            }
            all.append(' ').append(Answer.ofLoads(call.a(), call.b(), address -> loaded[(int) ((address - first) / Region.PAGE)]));
        }
        return all.toString().trim();
    }

    private String keep(Task task) {
        AddressSpace child = caller.addressSpace().fork(task, kernel.scheduler().newTid(), "kept");
        if (child == null) {
            return Errno.describe(-Errno.ENOMEM);
        }
        kept.add(child);
        return "0";
    }

    private String end(Task task) {
        if (kept.isEmpty()) {
            return Errno.describe(-Errno.ECHILD);
        }
        kept.poll().exit(task);
        return "0";
    }

    private String reclaim(Task task) {
        kernel.addressSpaces().reclaim(task, 1);
        return "0";
    }

    private String drain(Task task) {
        kernel.memory().drainAll(task);
        return "0";
    }

    private String exit(Task task) {
        caller.kill(task);
        task.returnToUserMode();
        return "0";
    }

    private long load(Task task, long address) {
        return load(caller, task, address);
    }

    private static long load(Process process, Task task, long address) {
        try {
            return ((KernelSyscalls) process.syscalls()).memory().load(task, address);
        } catch (SegmentationFault | BusError fault) {
            return Answer.FAULT;
        }
    }

    private boolean store(Task task, long address, long stamp) {
        try {
            ((KernelSyscalls) caller.syscalls()).memory().store(task, address, stamp);
            return true;
        } catch (SegmentationFault | BusError fault) {
            return false;
        }
    }
}
