package io.janklab.kernel.mm;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.MmLockSequence;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.lock.SpinLock;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.uapi.Capability;
import io.janklab.kernel.uapi.Mman;
import java.util.EnumSet;

/// One address space (Linux `struct mm_struct`).
public final class Mm {
    /// `DEFAULT_MAX_MAP_COUNT`: USHRT_MAX − 5.
    public static final int MAX_MAP_COUNT = 65_530;
    /// One page short of 2^47.
    public static final long TASK_SIZE = (1L << 47) - PageTable.PAGE_SIZE;
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
    private final FaultHandler faultHandler;
    private final Mmap mmap;
    private final Munmap munmap;
    private final Mprotect mprotect;
    private final Madvise madvise;
    private long argStart;
    private long argEnd;
    private final Mlock mlock;
    private final Brk brk;
    private final EnumSet<Capability> capabilities = EnumSet.noneOf(Capability.class);
    /// Execution alone gets a protection key (`execute-only`).
    private final boolean hasPkeys;
    private boolean forbidsZeropage;
    private boolean thpDisabled;
    private long residentPages;
    private long swappedPages;
    private int gathersInFlight;
    /// `rule.vma-address-recheck`.
    private final boolean rechecksAddress;

    Mm(MemoryManager memory, int tgid, String name) {
        this.memory = memory;
        this.tgid = tgid;
        this.name = name;
        vmas = new VmaTree(memory.interleaving(), tgid);
        pageTable = new PageTable(memory.interleaving(), tgid);
        hasPkeys = memory.profile().is(Switch.EXECUTE_ONLY, "pkey");
        forbidsZeropage = memory.profile().is(Switch.ZERO_PAGE, "off");
        rechecksAddress = memory.profile().keeps(Switch.RULE_VMA_ADDRESS_RECHECK);
        mmapLock = new RwSemaphore(memory.locking(), LockClass.MMAP_LOCK, name);
        lockSequence = new MmLockSequence(memory.locking(), memory.profile());
        ptes = new PteLock(this);
        hugePmds = new HugePmds(this);
        pmdLock = new SpinLock(memory.locking(), LockClass.PAGE_TABLE);
        faultHandler = new FaultHandler(this);
        munmap = new Munmap(this);
        mmap = new Mmap(this);
        mprotect = new Mprotect(this);
        madvise = new Madvise(this);
        mlock = new Mlock(this);
        brk = new Brk(this);
    }

    // What may be asked of it

    /// `mmap(2)`, anonymous. Returns the address or −errno.
    public long mmap(Task task, long address, long length, int protection, int flags) {
        return mmap.mmap(task, address, length, protection, flags, null, 0);
    }

    /// `mmap(2)` of `file` from byte `offset` on.
    public long mmap(Task task, long address, long length, int protection, int flags, VirtualFile file, long offset) {
        return mmap.mmap(task, address, length, protection, flags, file, offset);
    }

    /// `munmap(2)`.
    public long munmap(Task task, long address, long length) {
        return munmap.munmap(task, address, length);
    }

    /// `mprotect(2)`.
    public long mprotect(Task task, long address, long length, int protection) {
        return mprotect.mprotect(task, address, length, protection);
    }

    /// `madvise(2)`.
    public long madvise(Task task, long address, long length, int advice) {
        return madvise.madvise(task, address, length, advice);
    }

    /// `fork(2)`: the address space of the child `childTgid`, or null if memory ran out.
    public Mm fork(Task task, int childTgid, String childName) {
        return new DupMmap(this).fork(task, memory.newMm(childTgid, childName));
    }

    /// `mremap(2)`. Returns the address or −errno.
    public long mremap(Task task, long address, long oldLength, long newLength, int flags, long newAddress) {
        return new Mremap(this).mremap(task, address, oldLength, newLength, flags, newAddress);
    }

    /// `brk(2)`. Returns the break, moved or not.
    public long brk(Task task, long wanted) {
        return brk.brk(task, wanted);
    }

    /// `mlock(2)`.
    public long mlock(Task task, long address, long length) {
        return mlock.mlock(task, address, length);
    }

    /// `munlock(2)`.
    public long munlock(Task task, long address, long length) {
        return mlock.munlock(task, address, length);
    }

    /// `mincore(2)`: 1 in `resident` for each page that is mapped, 0 for the others.
    public long mincore(Task task, long address, long length, byte[] resident) {
        return new Mincore(this).mincore(task, address, length, resident);
    }

    /// `mseal(2)`.
    public long mseal(Task task, long address, long length, long flags) {
        return new Mseal(this).mseal(task, address, length, flags);
    }

    /// `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME)`; null takes the name away.
    public long setAnonName(Task task, long address, long length, String anonName) {
        return new AnonName(this).set(task, address, length, anonName);
    }

    /// `process_madvise(2)` by this process, on `target` (null if that is gone).
    public long processMadvise(Task task, Mm target, long[] starts, long[] lengths, int advice, int flags) {
        return new ProcessMadvise(this).advise(task, target, starts, lengths, advice, flags);
    }

    /// Opens `/proc/PID/maps` of this address space.
    public ProcFile openMaps() {
        boolean byVmaLock = memory.profile().is(Switch.PROC_MAPS_LOCK, "vma");
        return new ProcFile(VmaCursor.of(this, byVmaLock), new MapsRecord());
    }

    /// Opens `/proc/PID/smaps` of this address space.
    public ProcFile openSmaps() {
        VmaCursor cursor = VmaCursor.of(this, memory.profile().is(Switch.PROC_SMAPS_LOCK, "vma"));
        return new ProcFile(cursor, new SmapsRecord(cursor));
    }

    /// Gives the process a capability.
    public void grant(Capability capability) {
        capabilities.add(capability);
    }

    boolean has(Capability capability) {
        return capabilities.contains(capability);
    }

    /// From now on no fault maps the shared zero page here: as s390 has it for a process that uses storage keys (`mm_forbids_zeropage`).
    public void forbidZeropage() {
        forbidsZeropage = true;
    }

    boolean forbidsZeropage() {
        return forbidsZeropage;
    }

    /// `prctl(PR_SET_THP_DISABLE)`: neither faults nor khugepaged nor MADV_COLLAPSE make huge pages here.
    public void disableThp() {
        thpDisabled = true;
    }

    boolean isThpDisabled() {
        return thpDisabled;
    }

    /// What a child keeps of its parent's settings (`mmf_init_flags`).
    void inheritSettings(Mm parent) {
        forbidsZeropage = parent.forbidsZeropage;
        thpDisabled = parent.thpDisabled;
    }

    /// The flags that `PROT_…` comes to: rights, and the key of memory that is for execution alone.
    int flagsOf(int protection) {
        int key = hasPkeys && protection == Mman.PROT_EXEC ? VmFlags.VM_PKEY_EXECUTE_ONLY : 0;
        return VmFlags.ofProtection(protection) | key;
    }

    /// RLIMIT_MEMLOCK, in bytes.
    public void setLockLimit(long bytes) {
        mlock.setLimit(bytes);
    }

    /// Takes a page fault at `address`.
    public FaultResult fault(Task task, long address, boolean write, boolean userMode) {
        return faultHandler.fault(task, address, write, userMode);
    }

    /// The entry by which `task` reaches `address` in one instant, as the hardware does: from its core's TLB, where these are watched, else
    /// from the page tables; [Pte#NONE] if that takes a fault.
    public long translate(Task task, long address, boolean write) {
        if (!memory.isWatched()) {
            return pageTable.translate(address, write);
        }
        memory.interleaving().read(Shared.TLB, tgid, this);
        memory.interleaving().beginAtomic();
        TlbEntries tlb = memory.tlbEntries();
        long pte = tlb.lookup(task, this, address, write);
        if (pte == Pte.NONE) {
            pte = pageTable.translate(address, write);
            tlb.fill(task, this, address, pte);
            if (Pte.hasFolio(pte)) {
                memory.interleaving().note(Shared.FOLIO, Pte.frame(pte), true);
            }
        }
        memory.interleaving().endAtomic();
        return pte;
    }

    /// The frame mapped at `address`, or [FolioTable#NO_FRAME] if that is nothing or the zero page.
    public int frameAt(long address) {
        HugePmd huge = pageTable.huge(address);
        long pte = huge != null ? huge.pte(address) : ptes.peek(address);
        return Pte.hasFolio(pte) ? Pte.frame(pte) : FolioTable.NO_FRAME;
    }

    /// Gives everything back (`exit_mmap`): unmaps under mmap_lock for reading, frees page tables under it for writing.
    public void exit(Task task) {
        munmap.exit(task);
        memory.forget(this);
    }

    /// `userfaultfd(2)` and its handshake, with these `UFFD_FEATURE_…` bits.
    public Userfaultfd userfaultfd(int features) {
        return new Userfaultfd(this, features);
    }

    // mmap_lock

    /// `mmap_write_lock`.
    public void writeLock(Task task) {
        mmapLock.downWrite(task);
        lockSequence.begin();
    }

    /// `mmap_write_lock_killable`.
    ///
    /// @return false if SIGKILL came first: the lock is not held
    boolean writeLockKillable(Task task) {
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

    SpinLock pmdLock() {
        return pmdLock;
    }

    PteLock ptes() {
        return ptes;
    }

    HugePmds hugePmds() {
        return hugePmds;
    }

    /// The first PTE table that maps anything in `[start, end)`, for walkers that know base pages only: huge mappings there are split
    /// first. Null if there is none.
    PteTable firstTable(Task task, long start, long end) {
        hugePmds.split(task, start, end);
        return pageTable.first(start, end);
    }

    // VMA locks

    /// Finds the VMA at `address` and read-locks it, or gives up (`lock_vma_under_rcu`). Never waits.
    ///
    /// @return the locked VMA, or null: fall back to mmap_lock
    public Vma lockVmaUnderRcu(Task task, long address) {
        Vma vma = vmas.lookup(address);
        while (vma != null) {
            if (vma.tryReadLock(task)) {
                if (vma.contains(address) || !rechecksAddress) {
                    return vma;
                }
                endRead(task, vma);
                break;
            }
            if (vma.isAttached()) {
                break;
            }
            memory.vmstat().count(VmStat.Item.VMA_LOCK_MISS);
            vma = vmas.lookup(address);
        }
        memory.vmstat().count(VmStat.Item.VMA_LOCK_ABORT);
        return null;
    }

    /// `vma_end_read`.
    public void endRead(Task task, Vma vma) {
        vma.endRead(task);
    }

    /// `vma_start_write`: waits for the VMA's readers, in D state, whatever signals come.
    void startWrite(Task task, Vma vma) {
        vma.startWrite(task);
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

    Mlock mlock() {
        return mlock;
    }

    Brk brk() {
        return brk;
    }

    Madvise adviser() {
        return madvise;
    }

    /// `get_unmapped_area`.
    long unmappedArea(Vma vma, long hint, long length, boolean fixed) {
        return mmap.unmappedArea(vma, hint, length, fixed);
    }

    Munmap munmap() {
        return munmap;
    }

    FaultHandler faultHandler() {
        return faultHandler;
    }

    // Arguments

    /// Where the command line lies (`prctl(2)`, PR_SET_MM_ARG_START and _END).
    public void setArguments(long start, long end) {
        argStart = start;
        argEnd = end;
    }

    long argStart() {
        return argStart;
    }

    long argEnd() {
        return argEnd;
    }

    // Identity and counters

    public int tgid() {
        return tgid;
    }

    public String name() {
        return name;
    }

    public int mapCount() {
        return vmas.size();
    }

    /// RSS in pages.
    public long residentPages() {
        return residentPages;
    }

    /// `VmSwap` in pages (`MM_SWAPENTS`).
    public long swappedPages() {
        return swappedPages;
    }

    /// An entry that referred to a page in swap is gone.
    void dropSwap(long pte) {
        swappedPages--;
        memory.swap().release(Pte.slot(pte));
    }

    void addSwapped(long pages) {
        swappedPages += pages;
    }

    /// Adds to RSS (`add_mm_counter`) and traces it.
    void addResident(Task task, long pages) {
        residentPages += pages;
        memory.tracepoints().rssStat(task.now(), tgid, residentPages);
    }

    /// VmPTE in bytes.
    public long pageTableBytes() {
        return pageTable.bytes();
    }

    void tracePageTables(Task task) {
        memory.tracepoints().pageTables(task.now(), tgid, pageTable.bytes());
    }

    void gatherBegins() {
        memory.interleaving().write(Shared.TLB_PENDING, tgid, this);
        gathersInFlight++;
    }

    void gatherEnds() {
        memory.interleaving().write(Shared.TLB_PENDING, tgid, this);
        gathersInFlight--;
    }

    /// `tlb_flush_pending`.
    public int gathersInFlight() {
        memory.interleaving().read(Shared.TLB_PENDING, tgid, this);
        return gathersInFlight;
    }

    @Override
    public String toString() {
        return name + " (tgid " + tgid + ")";
    }
}
