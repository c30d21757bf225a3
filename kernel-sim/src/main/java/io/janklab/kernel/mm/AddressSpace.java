package io.janklab.kernel.mm;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.advise.Madvise;
import io.janklab.kernel.mm.advise.ProcessMadvise;
import io.janklab.kernel.mm.binder.BinderAlloc;
import io.janklab.kernel.mm.fault.FaultHandler;
import io.janklab.kernel.mm.map.AnonName;
import io.janklab.kernel.mm.map.Brk;
import io.janklab.kernel.mm.map.DupMmap;
import io.janklab.kernel.mm.map.Mincore;
import io.janklab.kernel.mm.map.Mlock;
import io.janklab.kernel.mm.map.Mmap;
import io.janklab.kernel.mm.map.Mprotect;
import io.janklab.kernel.mm.map.Mremap;
import io.janklab.kernel.mm.map.Mseal;
import io.janklab.kernel.mm.map.Munmap;
import io.janklab.kernel.mm.map.UnmappedArea;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.proc.ProcFile;
import io.janklab.kernel.mm.space.FaultResult;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.uffd.Userfaultfd;
import io.janklab.kernel.uapi.Mman;
import org.jspecify.annotations.Nullable;

/// The operations on one address space: the system calls of mm, each wired to the part of the kernel that implements it.
///
/// Calls return like the kernel: a value, or −errno.
public final class AddressSpace {
    /// Addresses from here on are not user space's.
    public static final long TASK_SIZE = Addresses.TASK_SIZE;

    private final AddressSpaces all;
    private final Mm mm;
    private final FaultHandler faults;
    private final Mmap mmap;
    private final Munmap munmap;
    private final Mprotect mprotect;
    private final Mremap mremap;
    private final Brk brk;
    private final Mlock mlock;
    private final Mincore mincore;
    private final Mseal mseal;
    private final AnonName anonName;
    private final Madvise madvise;
    private final ProcessMadvise processMadvise;

    AddressSpace(AddressSpaces all, Mm mm) {
        this.all = all;
        this.mm = mm;
        this.faults = all.faults();
        UnmappedArea unmappedArea = new UnmappedArea(mm);
        munmap = new Munmap(mm);
        mlock = new Mlock(mm, all.populate());
        mmap = new Mmap(mm, unmappedArea, munmap, all.populate());
        mprotect = new Mprotect(mm, all.populate());
        mremap = new Mremap(mm, unmappedArea, munmap, all.populate());
        brk = new Brk(mm, munmap, all.populate());
        mincore = new Mincore(mm);
        mseal = new Mseal(mm);
        anonName = new AnonName(mm);
        madvise = new Madvise(mm, all.madviseLocks(), all.emptyTables(), faults, all.populate(), all.collapse(), all.khugepaged());
        processMadvise = new ProcessMadvise(mm);
    }

    /// Its state.
    public Mm mm() {
        return mm;
    }

    /// The machine's other address spaces, and what works across them.
    public AddressSpaces all() {
        return all;
    }

    /// Takes a page fault at `address`.
    public FaultResult fault(Task task, long address, boolean write, boolean userMode) {
        return faults.fault(task, mm, address, write, userMode);
    }

    /// `mmap(2)`, anonymous.
    public long mmap(Task task, long address, long length, int protection, int flags) {
        return mmap.mmap(task, address, length, protection, flags, null, 0);
    }

    /// `mmap(2)` of `file` from byte `offset` on.
    public long mmap(Task task, long address, long length, int protection, int flags, @Nullable VirtualFile file, long offset) {
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

    /// `process_madvise(2)` by this process, on `target` (null if that is gone).
    public long processMadvise(Task task, @Nullable AddressSpace target, long[] starts, long[] lengths, int advice, int flags) {
        if (target == null || !target.mm.tryGet()) {
            return processMadvise.advise(task, null, starts, lengths, advice, flags);
        }
        long result = processMadvise.advise(task, target.madvise, starts, lengths, advice, flags);
        target.mm.put(task);
        return result;
    }

    /// `mremap(2)`.
    public long mremap(Task task, long address, long oldLength, long newLength, int flags, long newAddress) {
        return mremap.mremap(task, address, oldLength, newLength, flags, newAddress);
    }

    /// `brk(2)`. Returns the break, moved or not.
    public long brk(Task task, long wanted) {
        return brk.brk(task, wanted);
    }

    /// `mlock(2)`.
    public long mlock(Task task, long address, long length) {
        return mlock.mlock(task, address, length, 0);
    }

    /// `mlock2(2)`.
    public long mlock2(Task task, long address, long length, int flags) {
        return mlock.mlock(task, address, length, flags);
    }

    /// `mlockall(2)`.
    public long mlockall(Task task, int flags) {
        return mlock.mlockall(task, flags);
    }

    /// `munlockall(2)`.
    public long munlockall(Task task) {
        return mlock.munlockall(task);
    }

    /// `munlock(2)`.
    public long munlock(Task task, long address, long length) {
        return mlock.munlock(task, address, length);
    }

    /// `mincore(2)`: 1 in `resident` for each page that is mapped, 0 for the others.
    public long mincore(Task task, long address, long length, byte[] resident) {
        return mincore.mincore(task, address, length, resident);
    }

    /// `mseal(2)`.
    public long mseal(Task task, long address, long length, long flags) {
        return mseal.mseal(task, address, length, flags);
    }

    /// `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME)`; null removes the name.
    public long setAnonName(Task task, long address, long length, @Nullable String name) {
        return anonName.set(task, address, length, name);
    }

    /// `mmap(2)` of `/dev/binder`, as libbinder does it: where this process's transactions arrive. Null if there is no room.
    public @Nullable BinderAlloc openBinder(Task task, long length) {
        VirtualFile pages = mm.memory().pageCache().createBinder((int) (Addresses.pageAlign(length) >>> Addresses.PAGE_SHIFT));
        long start = mmap(task, 0, length, Mman.PROT_READ, Mman.MAP_PRIVATE | Mman.MAP_NORESERVE, pages, 0);
        return start < 0 ? null : new BinderAlloc(mm, pages, start);
    }

    /// `userfaultfd(2)` and its handshake, with these `UFFD_FEATURE_…` bits.
    public Userfaultfd userfaultfd(int features) {
        return new Userfaultfd(mm, faults, features);
    }

    /// Opens its `/proc/PID/maps`.
    public ProcFile openMaps() {
        return ProcFile.maps(mm, mm.memory().profile().is(Switch.PROC_MAPS_LOCK, SwitchValue.VMA));
    }

    /// Opens its `/proc/PID/smaps`.
    public ProcFile openSmaps() {
        return ProcFile.smaps(mm, mm.memory().profile().is(Switch.PROC_SMAPS_LOCK, SwitchValue.VMA));
    }

    /// Opens its `/proc/PID/numa_maps`.
    public ProcFile openNumaMaps() {
        return ProcFile.numaMaps(mm, mm.memory().profile().is(Switch.PROC_NUMA_MAPS_LOCK, SwitchValue.VMA));
    }

    /// `fork(2)`: the address space of the child `childTgid`, or null if memory ran out or SIGKILL came; then nothing is left of it.
    public @Nullable AddressSpace fork(Task task, int childTgid, String childName) {
        AddressSpace child = all.create(childTgid, childName);
        if (new DupMmap(mm).fork(task, child.mm)) {
            return child;
        }
        child.exit(task);
        return null;
    }

    /// Ends the process's own use of it (`exit_mm`); it is torn down when its last other user is done.
    public void exit(Task task) {
        mm.exit(task);
    }

    /// Tears it down (`exit_mmap`): unmaps under mmap_lock for reading, frees page tables under it for writing.
    void tearDown(Task task) {
        munmap.exit(task);
        all.remove(this);
    }

    @Override
    public String toString() {
        return mm.toString();
    }
}
