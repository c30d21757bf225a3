package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.MmLockSequence;
import io.janklab.kernel.lock.ReadAttempt;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.lock.SpinLock;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.uapi.Capability;
import io.janklab.kernel.uapi.Mman;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The state of one address space (Linux `struct mm_struct`): its VMAs, its page tables, their locks, its counters.
public final class Mm {
    /// `DEFAULT_MAX_MAP_COUNT`: USHRT_MAX − 5.
    public static final int MAX_MAP_COUNT = 65_530;
    /// `mmap_min_addr`.
    public static final long MIN_ADDRESS = 0x1_0000;
    /// Where the heap of `brk(2)` begins; no randomisation.
    public static final long START_BRK = 0x5555_5556_0000L;
    /// Where top-down placement begins; no randomisation.
    public static final long MMAP_BASE = 0x7fff_f7ff_f000L;

    private final MemoryManager memory;
    private final int tgid;
    private final String name;
    private final RwSemaphore mmapLock;
    private final MmLockSequence lockSequence;
    /// `page_table_lock`, which here also stands for the PMD locks.
    private final SpinLock pmdLock;
    private final VmaTree vmas;
    private final PageTable pageTable;
    private final PteLock ptes;
    private final HugePmds hugePmds;
    private long argStart;
    private long argEnd;
    private long lockLimitPages = (8L << 20) >>> Addresses.PAGE_SHIFT;
    private long brk = START_BRK;
    private final EnumSet<Capability> capabilities = EnumSet.noneOf(Capability.class);
    /// Execute-only memory gets a protection key (`execute-only`).
    private final boolean hasPkeys;
    private boolean forbidsZeropage;
    private boolean thpDisabled;
    /// `mm_users`: the process itself, and others that work on its memory.
    private int users = 1;
    private final Consumer<Task> teardown;
    private int defaultFlags;
    private long residentPages;
    private long filePages;
    private long swappedPages;
    private int gathersInFlight;
    /// `rule.vma-address-recheck`.
    private final boolean rechecksAddress;
    private final boolean exitWaitsForUsers;

    Mm(MemoryManager memory, int tgid, String name, Consumer<Task> teardown) {
        this.teardown = teardown;
        this.memory = memory;
        this.tgid = tgid;
        this.name = name;
        vmas = new VmaTree(memory.interleaving(), tgid, memory.rcu()::call);
        pageTable = new PageTable(memory.interleaving(), tgid);
        hasPkeys = memory.profile().is(Switch.EXECUTE_ONLY, SwitchValue.PKEY);
        forbidsZeropage = memory.profile().is(Switch.ZERO_PAGE, SwitchValue.OFF);
        rechecksAddress = memory.profile().keeps(Switch.RULE_VMA_ADDRESS_RECHECK);
        exitWaitsForUsers = memory.profile().keeps(Switch.RULE_EXIT_WAITS_FOR_USERS);
        mmapLock = new RwSemaphore(memory.locking(), LockClass.MMAP_LOCK, name);
        lockSequence = new MmLockSequence(memory.locking(), memory.profile());
        ptes = new PteLock(pageTable, memory.rcu(), memory.profile());
        hugePmds = new HugePmds(this);
        pmdLock = new SpinLock(memory.locking(), LockClass.PAGE_TABLE);
    }

    /// Gives the process a capability.
    public void grant(Capability capability) {
        capabilities.add(capability);
    }

    public boolean has(Capability capability) {
        return capabilities.contains(capability);
    }

    public boolean forbidsZeropage() {
        return forbidsZeropage;
    }

    /// `prctl(PR_SET_THP_DISABLE)`: neither faults nor khugepaged nor MADV_COLLAPSE make huge pages here.
    public void disableThp() {
        thpDisabled = true;
    }

    public boolean isThpDisabled() {
        return thpDisabled;
    }

    /// Copies the settings that a child inherits (`mmf_init_flags`).
    public void inheritSettings(Mm parent) {
        forbidsZeropage = parent.forbidsZeropage;
        thpDisabled = parent.thpDisabled;
    }

    /// The flags for `PROT_…`: rights, and the key of execute-only memory.
    public int flagsOf(int protection) {
        int key = hasPkeys && protection == Mman.PROT_EXEC ? VmFlags.VM_PKEY_EXECUTE_ONLY : 0;
        return VmFlags.ofProtection(protection) | key;
    }

    /// VM_LOCKED_MASK of mappings to come (`mm->def_flags`).
    public int defaultFlags() {
        return defaultFlags;
    }

    public void setDefaultFlags(int flags) {
        defaultFlags = flags;
    }

    /// Whether the process may lock memory at all (`can_do_mlock`).
    public boolean canLock() {
        return lockLimitPages > 0 || has(Capability.IPC_LOCK);
    }

    /// Whether there may be a mapping of `bytes` bytes more with these flags (`mlock_future_ok`).
    public boolean mayLock(int flags, long bytes) {
        return !VmFlags.any(flags, VmFlags.VM_LOCKED) || has(Capability.IPC_LOCK)
                || lockedPages(0, Addresses.TASK_SIZE) + (bytes >>> Addresses.PAGE_SHIFT) <= lockLimitPages;
    }

    /// `mm->locked_vm`, or the part of it in `[start, end)`.
    public long lockedPages(long start, long end) {
        long pages = 0;
        for (Vma vma = vmas.findIntersection(start, end); vma != null; vma = vmas.findIntersection(vma.end(), end)) {
            if (vma.is(VmFlags.VM_LOCKED)) {
                pages += (Math.min(end, vma.end()) - Math.max(start, vma.start())) >>> Addresses.PAGE_SHIFT;
            }
        }
        return pages;
    }

    /// RLIMIT_MEMLOCK, in bytes.
    public void setLockLimit(long bytes) {
        lockLimitPages = bytes >>> Addresses.PAGE_SHIFT;
    }

    /// RLIMIT_MEMLOCK, in pages.
    public long lockLimitPages() {
        return lockLimitPages;
    }

    /// Where the heap of `brk(2)` ends.
    public long brk() {
        return brk;
    }

    public void setBrk(long newBrk) {
        brk = newBrk;
    }

    /// The entry by which `task` reaches `address` in one instant, as the hardware does: from its core's TLB, where TLBs are watched, else
    /// from the page tables; [Pte#NONE] if that takes a fault.
    public long translate(Task task, long address, boolean write) {
        TlbEntries tlb = memory.tlb().entries();
        if (tlb == null) {
            return pageTable.translate(address, write);
        }
        Interleaving.read(memory.interleaving(), Shared.TLB, tgid, this);
        Interleaving.beginAtomic(memory.interleaving());
        long pte = tlb.lookup(task, tgid, address, write);
        if (pte == Pte.NONE) {
            pte = pageTable.translate(address, write);
            tlb.fill(task, tgid, address, pte);
            if (Pte.hasFolio(pte)) {
                Interleaving.note(memory.interleaving(), Shared.FOLIO, Pte.frame(pte), true);
            }
        }
        Interleaving.endAtomic(memory.interleaving());
        return pte;
    }

    /// The frame mapped at `address`, or [FolioTable#NO_FRAME] if that is none or the zero page.
    public int frameAt(long address) {
        HugePmd huge = pageTable.huge(address);
        long pte = huge != null ? huge.pte(address) : ptes.peek(address);
        return Pte.hasFolio(pte) ? Pte.frame(pte) : FolioTable.NO_FRAME;
    }

    // mmap_lock

    /// `mmap_write_lock`.
    public void writeLock(Task task) {
        mmapLock.downWrite(task);
        lockSequence.begin();
    }

    /// `mmap_write_trylock`.
    public boolean writeTrylock(Task task) {
        boolean held = mmapLock.downWriteTrylock(task);
        if (held) {
            lockSequence.begin();
        }
        return held;
    }

    /// `mmap_write_lock_killable`.
    ///
    /// @return false if SIGKILL came first: the lock is not held
    public boolean writeLockKillable(Task task) {
        boolean held = mmapLock.downWriteKillable(task);
        if (held) {
            lockSequence.begin();
        }
        return held;
    }

    /// `mmap_write_unlock`: ends every VMA write lock too.
    public void writeUnlock(Task task) {
        task.settle();
        lockSequence.end(task);
        mmapLock.upWrite(task);
    }

    /// `mmap_write_downgrade`: ends every VMA write lock too.
    public void downgrade(Task task) {
        task.settle();
        lockSequence.end(task);
        mmapLock.downgradeWrite(task);
    }

    public RwSemaphore mmapLock() {
        return mmapLock;
    }

    public MmLockSequence lockSequence() {
        return lockSequence;
    }

    public SpinLock pmdLock() {
        return pmdLock;
    }

    public PteLock ptes() {
        return ptes;
    }

    public HugePmds hugePmds() {
        return hugePmds;
    }

    /// The first PTE table that maps anything in `[start, end)`, for walkers that know base pages only: huge mappings there are split
    /// first. Null if there is none.
    public @Nullable PteTable firstTable(Task task, long start, long end) {
        hugePmds.split(task, start, end);
        return pageTable.first(start, end);
    }

    /// A new VMA, in no tree yet (`vm_area_alloc`).
    public Vma newVma(long start, long end, long pgoff, int flags) {
        return memory.vmaCache().allocate(this, start, end, pgoff, flags);
    }

    /// Frees a VMA that can no longer be found (`vm_area_free`).
    public void freeVma(Task task, Vma vma) {
        memory.vmaCache().free(task, vma);
    }

    // VMA locks

    /// Finds the VMA at `address` and read-locks it, or gives up (`lock_vma_under_rcu`). Never waits.
    ///
    /// @return the locked VMA, or null: fall back to mmap_lock
    public @Nullable Vma lockVmaUnderRcu(Task task, long address) {
        ReadAttempt attempt = ReadAttempt.DETACHED;
        while (attempt == ReadAttempt.DETACHED) {
            Vma vma = vmas.lookup(address);
            if (vma == null) {
                break;
            }
            attempt = vma.startRead(task, lockSequence);
            if (attempt == ReadAttempt.LOCKED && (vma.contains(address) || !rechecksAddress)) {
                return vma;
            }
            miss(task, vma, attempt);
        }
        memory.vmstat().count(VmStat.Item.VMA_LOCK_ABORT);
        return null;
    }

    /// The VMA is not, or no longer, the one to lock.
    private void miss(Task task, Vma vma, ReadAttempt attempt) {
        if (attempt == ReadAttempt.LOCKED) {
            endRead(task, vma);
        } else if (attempt == ReadAttempt.DETACHED) {
            memory.vmstat().count(VmStat.Item.VMA_LOCK_MISS);
        }
    }

    /// `vma_end_read`.
    public void endRead(Task task, Vma vma) {
        vma.endRead(task);
    }

    /// `vma_start_write`: waits for the VMA's readers, in D state, uninterruptibly.
    public void startWrite(Task task, Vma vma) {
        vma.startWrite(task);
    }

    // Users

    /// Keeps it alive until [#put], unless it is being torn down already (`mmget_not_zero`).
    public boolean tryGet() {
        Interleaving.write(memory.interleaving(), Shared.MM_USERS, tgid, this);
        users += users > 0 ? 1 : 0;
        return users > 0;
    }

    /// Drops a user; the last one tears it down (`mmput`). The caller must not hold any of its locks.
    public void put(Task task) {
        Interleaving.write(memory.interleaving(), Shared.MM_USERS, tgid, this);
        dropUsers(task, 1);
    }

    /// The process has ended (`exit_mm`).
    public void exit(Task task) {
        Interleaving.write(memory.interleaving(), Shared.MM_USERS, tgid, this);
        dropUsers(task, exitWaitsForUsers ? 1 : users);
    }

    private void dropUsers(Task task, int count) {
        boolean alive = users > 0;
        users = Math.max(0, users - count);
        if (alive && users == 0) {
            teardown.accept(task);
            lockSequence.drop();
        }
    }

    /// Whether it is being torn down (`hpage_collapse_test_exit`). The caller holds mmap_lock.
    public boolean isExiting() {
        return users == 0;
    }

    // Parts

    public MemoryManager memory() {
        return memory;
    }

    public VmaTree vmas() {
        return vmas;
    }

    public PageTable pageTable() {
        return pageTable;
    }

    // Arguments

    /// Where the command line lies (`prctl(2)`, PR_SET_MM_ARG_START and _END).
    public void setArguments(long start, long end) {
        argStart = start;
        argEnd = end;
    }

    public long argStart() {
        return argStart;
    }

    public long argEnd() {
        return argEnd;
    }

    // Identity and counters

    public int tgid() {
        return tgid;
    }

    String name() {
        return name;
    }

    public int mapCount() {
        return vmas.size();
    }

    /// RSS in pages.
    public long residentPages() {
        return residentPages;
    }

    /// `RssFile` in pages; the rest of RSS is anonymous.
    public long filePages() {
        return filePages;
    }

    /// `VmSwap` in pages (`MM_SWAPENTS`).
    public long swappedPages() {
        return swappedPages;
    }

    /// An entry that referred to a page in swap has been removed.
    public void dropSwap(Task task, long pte) {
        addSwapped(task, -1);
        memory.swap().release(Pte.slot(pte));
    }

    public void addSwapped(Task task, long pages) {
        swappedPages += pages;
        memory.tracepoints().rssStat(task.now(), tgid, RssMember.SWAP, swappedPages);
    }

    /// Adds to RSS (`add_mm_counter`) and traces it.
    ///
    /// @param member FILE or ANON
    public void addResident(Task task, RssMember member, long pages) {
        residentPages += pages;
        filePages += member == RssMember.FILE ? pages : 0;
        memory.tracepoints().rssStat(task.now(), tgid, member, member == RssMember.FILE ? filePages : residentPages - filePages);
    }

    /// VmPTE in bytes.
    public long pageTableBytes() {
        return pageTable.bytes();
    }

    public void tracePageTables(Task task) {
        memory.tracepoints().pageTables(task.now(), tgid, pageTableBytes());
    }

    void gatherBegins() {
        Interleaving.write(memory.interleaving(), Shared.TLB_PENDING, tgid, this);
        gathersInFlight++;
    }

    void gatherEnds() {
        Interleaving.write(memory.interleaving(), Shared.TLB_PENDING, tgid, this);
        gathersInFlight--;
    }

    /// `tlb_flush_pending`.
    public int gathersInFlight() {
        Interleaving.read(memory.interleaving(), Shared.TLB_PENDING, tgid, this);
        return gathersInFlight;
    }

    @Override
    public String toString() {
        return name + " (tgid " + tgid + ")";
    }
}
