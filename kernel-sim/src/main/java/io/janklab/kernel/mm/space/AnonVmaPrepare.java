package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import org.jspecify.annotations.Nullable;

/// Attaches an anon_vma to a VMA before its first anonymous folio (Linux `__vmf_anon_prepare`, `__anon_vma_prepare`).
public final class AnonVmaPrepare {
    private final MemoryManager memory;
    private final boolean needsMmapLock;
    private final boolean rechecks;
    /// Before 6.10.
    private final boolean retriesUnderMmapLock;

    public AnonVmaPrepare(MemoryManager memory) {
        this.memory = memory;
        this.needsMmapLock = memory.profile().keeps(Switch.RULE_ANON_VMA_NEEDS_MMAP_LOCK);
        this.rechecks = memory.profile().keeps(Switch.RULE_ANON_VMA_RECHECK);
        this.retriesUnderMmapLock = memory.profile().is(Switch.FAULT_ANON_VMA, SwitchValue.RETRY);
    }

    /// For a fault (`vmf_anon_prepare`).
    ///
    /// @return false if it must be retried under mmap_lock; then the lock of the fault has been released
    public boolean prepare(VmFault fault) {
        boolean underVmaLock = fault.has(FaultFlags.VMA_LOCK);
        if (fault.vma().anonVmaOnce() != null) {
            return true;
        }
        boolean mayAttach = !(underVmaLock && retriesUnderMmapLock) && !fault.has(FaultFlags.SPECULATIVE);
        if (mayAttach && prepare(fault.task(), fault.vma(), underVmaLock)) {
            return true;
        }
        fault.releaseLock();
        return false;
    }

    /// Under the VMA lock alone the neighbours are not stable: mmap_lock is needed too, but only by trylock.
    ///
    /// @return false if that failed: retry under mmap_lock
    public boolean prepare(Task task, Vma vma, boolean underVmaLock) {
        Mm mm = vma.mm();
        boolean takesMmapLock = underVmaLock && needsMmapLock;
        if (takesMmapLock && !mm.mmapLock().downReadTrylock(task)) {
            return false;
        }
        attach(task, vma);
        if (takesMmapLock) {
            mm.mmapLock().upRead(task);
        }
        return true;
    }

    private void attach(Task task, Vma vma) {
        AnonVma anonVma = findMergeable(vma);
        if (anonVma == null) {
            task.charge(memory.costs(), Cost.ANON_VMA_PREPARE);
            anonVma = memory.anonVmas().create(vma.mm().name());
        }
        anonVma.rwsem().downWrite(task);
        if (vma.anonVmaOnce() == null || !rechecks) {
            memory.anonVmas().attach(vma, anonVma);
        }
        anonVma.rwsem().upWrite(task);
        memory.anonVmas().releaseIfUnused(anonVma);
    }

    /// A neighbour's anon_vma, if the two VMAs might be merged one day (`find_mergeable_anon_vma`): the next first, then the previous.
    private static @Nullable AnonVma findMergeable(Vma vma) {
        VmaTree vmas = vma.mm().vmas();
        Vma next = vmas.next(vma);
        AnonVma nexts = next == null ? null : next.anonVmaOnce();
        if (next != null && nexts != null && next.hasSingularChain() && couldShare(vma, next)) {
            return nexts;
        }
        Vma prev = vmas.prev(vma);
        return prev != null && prev.hasSingularChain() && couldShare(prev, vma) ? prev.anonVmaOnce() : null;
    }

    /// `anon_vma_compatible`: adjacent, contiguous in page offset, and alike in all but their access rights and VM_MAYBE_GUARD.
    private static boolean couldShare(Vma lower, Vma upper) {
        return lower.end() == upper.start()
                && lower.file() == upper.file()
                && lower.index(lower.end()) == upper.pgoff()
                && ((lower.flags() ^ upper.flags()) & ~(VmFlags.VM_ACCESS_FLAGS | VmFlags.VM_STICKY)) == 0;
    }
}
