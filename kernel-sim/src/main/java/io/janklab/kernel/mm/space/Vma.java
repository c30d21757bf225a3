package io.janklab.kernel.mm.space;

import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.VmaLock;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A range of addresses with one set of rights (Linux `struct vm_area_struct`), of anonymous memory or of a file. It is its own lock.
public final class Vma extends VmaLock implements PageInterval {
    private static final AnonVma[] NO_ANON_VMAS = {};

    private Mm mm;
    private long start;
    private long end;
    private long pgoff;
    private int flags;
    private @Nullable AnonVma anonVma;
    private @Nullable FaultOwner userfaultfd;
    private @Nullable String anonName;
    private @Nullable VirtualFile file;
    private @Nullable HugetlbVma hugetlb;
    /// The anon_vmas it is on, if there are others beside [#anonVma].
    private AnonVma @Nullable [] inheritedChain;

    public Vma(Mm mm, long start, long end, long pgoff, int flags) {
        super(mm.lockSequence());
        this.mm = mm;
        this.start = start;
        this.end = end;
        this.pgoff = pgoff;
        this.flags = flags;
    }

    /// As it is at this moment, for a task that holds no lock on it (`pvma` of a speculative fault).
    public Vma copyOnce() {
        Interleaving.read(mm.memory().interleaving(), Shared.VMA, lockId(), this);
        Vma copy = new Vma(mm, start, end, pgoff, flags);
        copy.setAnonVmas(anonVma, inheritedChain);
        copy.file = file;
        return copy;
    }

    /// As a new one, of nothing that the old one was (`vm_area_alloc`).
    void reuse(Mm newMm, long newStart, long newEnd, long newPgoff, int newFlags) {
        reuse(newMm.lockSequence());
        mm = newMm;
        start = newStart;
        end = newEnd;
        pgoff = newPgoff;
        flags = newFlags;
        anonVma = null;
        userfaultfd = null;
        anonName = null;
        file = null;
        hugetlb = null;
        inheritedChain = null;
    }

    public Mm mm() {
        return mm;
    }

    public long start() {
        return start;
    }

    /// The first address beyond it.
    public long end() {
        return end;
    }

    public boolean contains(long address) {
        return address >= start && address < end;
    }

    @Override
    public long pages() {
        return (end - start) >>> Addresses.PAGE_SHIFT;
    }

    /// Page offset of its start: for anonymous memory, the address it was first mapped at, in pages.
    @Override
    public long pgoff() {
        return pgoff;
    }

    /// Page offset of an address in it (`linear_page_index`).
    public long index(long address) {
        return pgoff + ((address - start) >>> Addresses.PAGE_SHIFT);
    }

    /// The address of a page offset in it (`vma_address`).
    public long address(long index) {
        return start + ((index - pgoff) << Addresses.PAGE_SHIFT);
    }

    /// Moves its bounds; for [VmaTree] alone, which must keep its keys.
    void setBounds(long newStart, long newEnd) {
        pgoff += (newStart - start) >> Addresses.PAGE_SHIFT;
        start = newStart;
        end = newEnd;
    }

    /// Bits of [VmFlags].
    public int flags() {
        return flags;
    }

    public boolean is(int mask) {
        return (flags & mask) != 0;
    }

    /// The same, while another task may be setting flags (`READ_ONCE(vma->vm_flags)`).
    public boolean isOnce(int mask) {
        Interleaving.read(mm.memory().interleaving(), Shared.VMA, lockId(), this);
        return is(mask);
    }

    /// The caller holds the VMA write lock.
    public void setFlags(int newFlags) {
        Interleaving.note(mm.memory().interleaving(), Shared.VMA, lockId(), true);
        flags = newFlags;
    }

    /// Sets a flag under a read lock, while others look at other flags (`vma_flag_set_atomic`).
    public void setFlagAtomic(int flag) {
        Interleaving.note(mm.memory().interleaving(), Shared.VMA, lockId(), true);
        flags |= flag;
    }

    /// The name given by `PR_SET_VMA_ANON_NAME`, or null.
    public @Nullable String anonName() {
        return anonName;
    }

    public void setAnonName(@Nullable String newAnonName) {
        anonName = newAnonName;
    }

    /// The userfaultfd armed on it, or null (`vm_userfaultfd_ctx`).
    public @Nullable FaultOwner userfaultfd() {
        return userfaultfd;
    }

    void setUserfaultfd(@Nullable FaultOwner newUserfaultfd) {
        userfaultfd = newUserfaultfd;
    }

    /// Whether it maps no file (`vma_is_anonymous`).
    public boolean isAnonymous() {
        return file == null;
    }

    /// The file it maps, or null.
    public @Nullable VirtualFile file() {
        return file;
    }

    public void setFile(@Nullable VirtualFile newFile) {
        file = newFile;
        if (file != null && file.isHugetlb() && hugetlb == null) {
            hugetlb = new HugetlbVma(mm.memory().locking(), file.name());
        }
    }

    /// What it has beside other VMAs; only of one of hugetlb memory.
    public HugetlbVma hugetlb() {
        return Objects.requireNonNull(hugetlb, "no hugetlb memory");
    }

    /// Whether it can be split at an address inside it (`vm_ops->may_split`): huge pages of hugetlb never are.
    public boolean maySplitAt(long address) {
        return file == null || !file.isHugetlb() || !file.reservations().isInside(address);
    }

    /// Null until the first write fault.
    public @Nullable AnonVma anonVma() {
        return anonVma;
    }

    /// The same, while another task may be attaching one (`READ_ONCE(vma->anon_vma)`).
    @Nullable AnonVma anonVmaOnce() {
        Interleaving.read(mm.memory().interleaving(), Shared.VMA, lockId(), this);
        return anonVma;
    }

    void setAnonVma(AnonVma newAnonVma) {
        Interleaving.note(mm.memory().interleaving(), Shared.VMA, lockId(), true);
        anonVma = newAnonVma;
    }

    /// Every anon_vma that folios it maps may belong to: its own and, in a forked child, its parent's (`anon_vma_chain`). Do not change.
    public AnonVma[] anonVmaChain() {
        if (inheritedChain != null) {
            return inheritedChain;
        }
        return anonVma == null ? NO_ANON_VMAS : new AnonVma[] {anonVma};
    }

    /// Whether it is on one anon_vma at most (`list_is_singular`); a forked child is not.
    public boolean hasSingularChain() {
        return inheritedChain == null;
    }

    void setAnonVmas(@Nullable AnonVma newAnonVma, AnonVma @Nullable [] chain) {
        anonVma = newAnonVma;
        inheritedChain = chain == null || chain.length < 2 ? null : chain;
    }

    /// Access bits of its page-table entries (`vm_get_page_prot` of a private mapping: never writable until a write fault).
    public long pteBits() {
        boolean writesUnnoticed = file != null && file.isShmem() && is(VmFlags.VM_WRITE) && !is(VmFlags.VM_UFFD_WP);
        return VmFlags.pteBits(flags) | (writesUnnoticed ? Pte.WRITE : 0);
    }

    /// In place of the entry `pte` of a file's page, just emptied, a marker remembers that it was write-protected by way of a userfaultfd
    /// (`pte_install_uffd_wp_if_needed`).
    public void keepWriteProtection(PteTable table, int index, long pte) {
        if (file != null && is(VmFlags.VM_UFFD_WP) && Pte.has(pte, Pte.UFFD_WP)) {
            table.install(index, Pte.UFFD_WP);
        }
    }

    /// Whether its folios are kept in memory (`VM_LOCKED`).
    public boolean isMlocked() {
        return is(VmFlags.VM_LOCKED);
    }

    /// Whether the access is allowed ([VmFlags#isReadable]).
    public boolean allows(boolean write) {
        return write ? is(VmFlags.VM_WRITE) : VmFlags.isReadable(flags);
    }

    @Override
    public String name() {
        if (file != null) {
            return anonName == null ? file.name() : "[anon_shmem:" + anonName + "]";
        }
        return anonName == null ? "[anon]" : "[anon:" + anonName + "]";
    }

    /// What it maps: its file's name, or the one it was given by prctl; empty if neither.
    public String label() {
        return file != null && anonName == null ? file.name() : Objects.requireNonNullElse(anonName, "");
    }

    /// As a line of `/proc/PID/maps` begins.
    @Override
    public String toString() {
        return String.format("%08x-%08x %c%c%c%c", start, end, is(VmFlags.VM_READ) ? 'r' : '-', is(VmFlags.VM_WRITE) ? 'w' : '-',
                is(VmFlags.VM_EXEC) ? 'x' : '-', is(VmFlags.VM_MAYSHARE) ? 's' : 'p');
    }
}
