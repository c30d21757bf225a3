package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.PolicyMistake;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.policy.FaultAttempt;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.lock.policy.VmaLockStep;
import io.janklab.kernel.mm.edit.StackGrowth;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.AnonVmaPrepare;
import io.janklab.kernel.mm.space.FaultFlags;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.FaultResult;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.trace.FaultPath;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Page faults: which lock they are handled under, and how (Linux `arch/*/mm/fault.c`, `mm/memory.c`).
public final class FaultHandler {
    /// Ten times as many as a fault could make while a writer keeps mmap_lock for a whole frame.
    private static final int MOST_TRIES = 1_000_000;

    private final MemoryManager memory;
    private final CostModel costs;
    private final AnonymousFault anonymousFault;
    private final CopyOnWrite copyOnWrite;
    private final SwapFault swapFault;
    private final FileFault fileFault;
    private final HugeFault hugeFault;
    private final StackGrowth stackGrowth;
    private final boolean triesVmaLock;
    private final boolean vmaLockNeedsAnonVma;
    private final boolean vmaLockForPlainAnonymous;
    private final boolean refusesUnderVmaLock;
    private final LockPolicy locks;
    private final boolean retriesUnderVmaLock;
    /// Whether faults under the VMA lock release it before they wait for I/O, or not ([FaultFlags#TRIED]).
    private final int vmaLockFlags;

    public FaultHandler(MemoryManager memory, HugePolicy policy, HugeDaemon daemon) {
        this.memory = memory;
        this.costs = memory.costs();
        PageTableAllocator tables = new PageTableAllocator(memory);
        AnonVmaPrepare anonVmaPrepare = new AnonVmaPrepare(memory);
        this.anonymousFault = new AnonymousFault(memory, tables, anonVmaPrepare);
        this.copyOnWrite = new CopyOnWrite(memory, anonVmaPrepare);
        this.swapFault = new SwapFault(memory);
        this.fileFault = new FileFault(memory, tables, anonVmaPrepare, anonymousFault);
        this.hugeFault = new HugeFault(memory, tables, anonVmaPrepare, fileFault, policy, daemon);
        this.stackGrowth = new StackGrowth(anonVmaPrepare, memory.profile());
        KernelProfile profile = memory.profile();
        this.triesVmaLock = !profile.is(Switch.FAULT_VMA_LOCK, SwitchValue.OFF);
        this.vmaLockNeedsAnonVma = profile.is(Switch.FAULT_VMA_LOCK, SwitchValue.ANON)
                || profile.is(Switch.FAULT_ANON_VMA, SwitchValue.RETRY);
        this.vmaLockForPlainAnonymous = profile.is(Switch.FAULT_VMA_LOCK, SwitchValue.ANON);
        this.refusesUnderVmaLock = profile.is(Switch.FAULT_BAD_ACCESS, SwitchValue.VMA);
        this.locks = memory.locking().policy();
        this.retriesUnderVmaLock = profile.is(Switch.FAULT_RETRY, SwitchValue.VMA);
        this.vmaLockFlags = FaultFlags.VMA_LOCK | (profile.is(Switch.FAULT_RETRY, SwitchValue.HOLD) ? FaultFlags.TRIED : 0);
    }

    /// Handles a fault at `address` (`do_user_addr_fault`): user-mode faults try the VMA lock first, kernel-mode faults never do.
    public FaultResult fault(Task task, Mm mm, long address, boolean write, boolean userMode) {
        task.settle();
        long beganAt = task.now();
        if (userMode) {
            task.enterKernel("page fault");
        }
        task.charge(costs, Cost.FAULT_ENTRY);
        memory.vmstat().count(VmStat.Item.PGFAULT);

        VmFault fault = new VmFault(task, mm, address, write);
        FaultOutcome outcome = userMode ? withoutMmapLock(fault) : FaultOutcome.RETRY;
        if (outcome.isRetry()) {
            outcome = untilDone(fault, outcome);
        }
        task.settle();
        memory.tracepoints().pageFault(task.now(), task, address, write, userMode, fault.path(), outcome.kind(), fault.retries(), beganAt);
        return outcome.result();
    }

    /// Under mmap_lock, after an attempt without it that came to `first`.
    private FaultOutcome untilDone(VmFault fault, FaultOutcome first) {
        int flags = first == FaultOutcome.RETRY_AFTER_IO ? FaultFlags.TRIED : 0;
        FaultOutcome outcome = first;
        while (outcome.isRetry()) {
            outcome = unlessKilled(fault.task(), underMmapLock(fault, flags));
            flags = FaultFlags.TRIED;
            if (outcome.isRetry()) {
                fault.retry();
            }
        }
        return outcome;
    }

    /// Called once, and again where the policy says so, or after each wait for I/O on a kernel with `fault.retry=vma`.
    private FaultOutcome withoutMmapLock(VmFault fault) {
        FaultOutcome outcome = FaultOutcome.RETRY;
        FaultAttempt attempt = FaultAttempt.FIRST;
        for (int tries = 0; attempt != null; tries++) {
            VmaLockStep step = step(fault.task(), attempt, tries);
            if (step == VmaLockStep.FALL_BACK) {
                return outcome;
            }
            if (step == VmaLockStep.WAIT) {
                fault.mm().lockSequence().awaitWriter(fault.task());
            }
            fault.tryWithoutMmapLock();
            outcome = step == VmaLockStep.SPECULATE ? speculate(fault) : tryVmaLock(fault);
            attempt = tryAgainAs(fault, outcome);
        }
        return outcome;
    }

    /// Why the fault may try without mmap_lock again after that outcome; null if it may not.
    private static @Nullable FaultAttempt tryAgainAs(VmFault fault, FaultOutcome outcome) {
        if (outcome.isAfterIo()) {
            return FaultAttempt.AFTER_IO;
        }
        return outcome == FaultOutcome.RETRY && fault.isRefused() ? FaultAttempt.REFUSED : null;
    }

    private VmaLockStep step(Task task, FaultAttempt attempt, int tries) {
        if (retriesUnderVmaLock && attempt == FaultAttempt.AFTER_IO) {
            return VmaLockStep.TRY;
        }
        VmaLockStep step = locks.vmaLock(task, attempt, tries);
        if (step == null || tries == MOST_TRIES) {
            throw mistake(step, tries);
        }
        return triesVmaLock || step == VmaLockStep.SPECULATE ? step : VmaLockStep.FALL_BACK;
    }

    private PolicyMistake mistake(@Nullable VmaLockStep step, int tries) {
        return PolicyMistake.of(locks, "vmaLock", step == null
                ? " gives a page fault no step, but null"
                : " has let one page fault try " + tries + " times to do without mmap_lock");
    }

    /// As the series for 5.x have it: the VMA is copied, and neither a task that waits nor one that fails has held anything.
    private FaultOutcome speculate(VmFault fault) {
        int sequence = fault.mm().lockSequence().speculate(fault.task());
        Vma vma = sequence < 0 ? null : fault.mm().vmas().lookup(fault.address());
        Vma copy = vma == null ? null : vma.copyOnce();
        if (copy == null || !allowsSpeculation(copy, fault) || !fault.mm().lockSequence().isStill(sequence)) {
            return fault.refuse(FaultPath.MMAP_LOCK_AFTER_ABORT);
        }
        FaultOutcome outcome = handle(fault.speculatingIn(copy, sequence));
        if (outcome.isRetry() || outcome.result() != FaultResult.HANDLED || fault.isOvertaken()) {
            fault.retry();
            return unlessKilled(fault.task(), fault.refuse(FaultPath.MMAP_LOCK_AFTER_RETRY));
        }
        fault.setPath(FaultPath.SPECULATIVE);
        return outcome;
    }

    private static boolean allowsSpeculation(Vma vma, VmFault fault) {
        boolean isPlain = vma.isAnonymous() && !vma.is(VmFlags.VM_SHARED | VmFlags.VM_UFFD_FLAGS | VmFlags.VM_GROWSDOWN);
        return isPlain && vma.anonVma() != null && vma.contains(fault.address()) && vma.allows(fault.isWrite());
    }

    private FaultOutcome tryVmaLock(VmFault fault) {
        Vma vma = lockVma(fault);
        if (vma == null) {
            return fault.refuse(FaultPath.MMAP_LOCK_AFTER_ABORT);
        }
        boolean allowed = vma.allows(fault.isWrite());
        if (!allowed && !refusesUnderVmaLock) {
            fault.mm().endRead(fault.task(), vma);
            return FaultOutcome.RETRY;
        }
        FaultOutcome outcome = allowed ? handle(fault.in(vma, vmaLockFlags)) : FaultOutcome.BAD_ACCESS;
        if (outcome.isRetry()) {
            return retry(fault, outcome);
        }
        memory.vmstat().count(VmStat.Item.VMA_LOCK_SUCCESS);
        fault.setPath(FaultPath.VMA_LOCK);
        fault.mm().endRead(fault.task(), vma);
        return outcome;
    }

    /// The VMA lock has been released meanwhile.
    private FaultOutcome retry(VmFault fault, FaultOutcome outcome) {
        memory.vmstat().count(VmStat.Item.VMA_LOCK_RETRY);
        fault.setPath(FaultPath.MMAP_LOCK_AFTER_RETRY);
        fault.retry();
        return unlessKilled(fault.task(), outcome);
    }

    /// The first versions refuse anonymous VMAs that have no anon_vma yet, read faults included (`lock_vma_under_rcu`, 6.8); the very first
    /// (6.5) also files and VMAs armed with userfaultfd.
    private @Nullable Vma lockVma(VmFault fault) {
        Vma vma = fault.mm().lockVmaUnderRcu(fault.task(), fault.address());
        if (vma != null && refusesVmaLock(vma)) {
            fault.mm().endRead(fault.task(), vma);
            memory.vmstat().count(VmStat.Item.VMA_LOCK_ABORT);
            return null;
        }
        return vma;
    }

    private boolean refusesVmaLock(Vma vma) {
        if (!vma.isAnonymous()) {
            return vmaLockForPlainAnonymous;
        }
        return (vmaLockNeedsAnonVma && vma.anonVma() == null) || (vmaLockForPlainAnonymous && vma.is(VmFlags.VM_UFFD_FLAGS));
    }

    /// `lock_mm_and_find_vma`: a trylock, then a killable wait.
    private FaultOutcome underMmapLock(VmFault fault, int flags) {
        Mm mm = fault.mm();
        Task task = fault.task();
        if (!mm.mmapLock().downReadTrylock(task) && !mm.mmapLock().downReadKillable(task)) {
            return FaultOutcome.KILLED;
        }
        Vma vma = mm.vmas().lookup(fault.address());
        if (vma == null) {
            if (!stackGrowth.expand(task, mm, fault.address())) {
                return FaultOutcome.KILLED;
            }
            vma = mm.vmas().lookup(fault.address());
        }
        FaultOutcome outcome = vma != null && vma.allows(fault.isWrite()) ? handle(fault.in(vma, flags)) : FaultOutcome.BAD_ACCESS;
        if (!outcome.isRetry()) {
            mm.mmapLock().upRead(task);
        }
        return outcome;
    }

    /// `fault_signal_pending`: a killed task does not retry.
    private static FaultOutcome unlessKilled(Task task, FaultOutcome outcome) {
        return outcome.isRetry() && task.isKilled() ? FaultOutcome.KILLED : outcome;
    }

    /// `handle_mm_fault`, the caller holding mmap_lock or the VMA lock, as the fault's flags say. On a retry that lock has been released.
    public FaultOutcome handle(VmFault fault) {
        fault.task().charge(costs, Cost.FAULT_WALK);
        fault.lookUp();
        if (!fault.foundTable()) {
            if (fault.has(FaultFlags.SPECULATIVE)) {
                return FaultOutcome.RETRY;
            }
            FaultOutcome huge = hugeFault.handle(fault);
            if (huge != null) {
                return huge;
            }
        }
        long entry = fault.entry();
        if (entry == Pte.NONE) {
            return fault.vma().isAnonymous() ? anonymousFault.missing(fault) : fileFault.missing(fault);
        }
        if (!Pte.has(entry, Pte.PRESENT)) {
            return Pte.isMarker(entry) ? marker(fault, entry) : swapFault.fault(fault);
        }
        return fault.isWrite() && !Pte.has(entry, Pte.WRITE) ? writeProtected(fault) : FaultOutcome.SPURIOUS;
    }

    /// `handle_pte_marker`.
    private FaultOutcome marker(VmFault fault, long entry) {
        if (entry == Pte.UFFD_WP) {
            return fileFault.writeProtectMarker(fault);
        }
        return Pte.isGuard(entry) ? FaultOutcome.BAD_ACCESS : FaultOutcome.POISONED;
    }

    /// `do_wp_page`: the zero page is replaced by a folio, a folio is reused or copied.
    private FaultOutcome writeProtected(VmFault fault) {
        Vma vma = fault.vma();
        if (Pte.has(fault.entry(), Pte.UFFD_WP) && vma.is(VmFlags.VM_UFFD_WP)) {
            return Objects.requireNonNull(vma.userfaultfd()).handle(fault, VmFlags.VM_UFFD_WP);
        }
        if (vma.is(VmFlags.VM_SHARED)) {
            return fileFault.writeShared(fault);
        }
        return Pte.hasFolio(fault.entry()) ? copyOnWrite.fault(fault) : anonymousFault.write(fault);
    }

    /// See [AnonymousFault#add].
    public void addAnonFolio(Task task, Vma vma, long address, int frame) {
        anonymousFault.add(task, vma, address, frame);
    }

    /// MADV_WILLNEED: see [SwapFault#readAhead].
    public void readAhead(Task task, Mm mm, long start, long end) {
        swapFault.readAhead(task, mm, start, end);
    }
}
