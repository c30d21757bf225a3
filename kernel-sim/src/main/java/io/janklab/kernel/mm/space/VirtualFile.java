package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.trace.LockClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file: its pages in memory, and the VMAs that map it (Linux `struct address_space`).
///
/// A page that is in memory holds one reference to its folio; while it is being read the folio is locked.
public final class VirtualFile {
    /// Pages in a node of the page cache's tree: as many as a page table maps.
    private static final int NODE = 512;

    private final MemoryManager memory;
    private final String name;
    private final int inode;
    private final Interleaving interleaving;
    private final int pages;
    /// Frame by page offset; a node is null while none of its pages is in memory.
    private final int[][] nodes;
    private final RwSemaphore mmapRwsem;
    private int flagsSet;
    private int flagsCleared;
    private final List<Vma> mappings = new ArrayList<>();
    private final boolean shmem;
    private boolean alignsHuge;
    /// Of hugetlb memory; null of any other.
    private final @Nullable HugetlbReservations reservations;
    /// References to the file other than its mappings' (`f_count`).
    private int users;

    /// @param reservations of hugetlb memory; null of any other
    VirtualFile(MemoryManager memory, String name, int pages, int inode, boolean shmem, @Nullable HugetlbReservations reservations) {
        this.reservations = reservations;
        this.memory = memory;
        this.shmem = shmem;
        this.inode = inode;
        this.interleaving = memory.interleaving();
        this.name = name;
        this.pages = pages;
        this.nodes = new int[(pages + NODE - 1) / NODE][];
        this.mmapRwsem = new RwSemaphore(memory.locking(), LockClass.I_MMAP, name);
    }

    public String name() {
        return name;
    }

    /// Its number, unique on this machine.
    public int inode() {
        return inode;
    }

    public int pages() {
        return pages;
    }

    /// Whether the file system places its mappings so that huge pages fit (`thp_get_unmapped_area`), as ext4 and XFS do.
    public boolean alignsHuge() {
        return alignsHuge;
    }

    /// From now on it is a file of such a file system.
    public void alignHuge() {
        alignsHuge = true;
    }

    /// Whether it is shared anonymous memory: nothing stands behind its pages, and it goes with the last mapping (`shmem_mapping`).
    public boolean isShmem() {
        return shmem;
    }

    /// Whether it is memory of MAP_HUGETLB, which goes with the last mapping, too (`is_file_hugepages`).
    public boolean isHugetlb() {
        return reservations != null;
    }

    /// What is reserved for it; only of hugetlb memory.
    public HugetlbReservations reservations() {
        return Objects.requireNonNull(reservations, "no hugetlb memory");
    }

    /// The folio of a page, or [FolioTable#NO_FRAME] if it is not in memory (`filemap_get_folio`).
    public int frame(long index) {
        Interleaving.read(interleaving, Shared.PAGE_CACHE, id(index), this);
        int[] node = index < pages ? nodes[(int) index / NODE] : null;
        return node == null ? FolioTable.NO_FRAME : node[(int) index % NODE];
    }

    public void setFrame(long index, int frame) {
        Interleaving.write(interleaving, Shared.PAGE_CACHE, id(index), this);
        int at = Objects.checkIndex((int) index, pages);
        if (nodes[at / NODE] == null) {
            nodes[at / NODE] = new int[NODE];
            Arrays.fill(nodes[at / NODE], FolioTable.NO_FRAME);
        }
        nodes[at / NODE][at % NODE] = frame;
    }

    /// The name of a page's slot, for accesses (`i_pages`).
    long id(long index) {
        return (long) inode << Integer.SIZE | index;
    }

    /// Its mappings get the flags `set` and lose the flags `cleared`, as a driver's `mmap` has it.
    void mapWith(int set, int cleared) {
        flagsSet = set;
        flagsCleared = cleared;
    }

    /// The flags of a mapping of it that was asked for with `flags`.
    public int vmFlags(int flags) {
        return flags & ~flagsCleared | flagsSet;
    }

    /// `i_mmap_rwsem`.
    public RwSemaphore mmapRwsem() {
        return mmapRwsem;
    }

    /// The VMAs that map it (`i_mmap`), in order of insertion.
    public List<Vma> mappings() {
        return Collections.unmodifiableList(mappings);
    }

    /// `vma_link_file`.
    public void link(Task task, Vma vma) {
        mmapRwsem.downWrite(task);
        insert(vma);
        mmapRwsem.upWrite(task);
    }

    /// `unlink_file_vma_batch_process`.
    public void unlink(Task task, Vma vma) {
        mmapRwsem.downWrite(task);
        Interleaving.write(interleaving, Shared.FILE, inode, this);
        remove(vma);
        if (reservations != null) {
            Mm mm = vma.mm();
            reservations.unmapped(mm, vma.pgoff(), vma.pages(), index -> mappings().stream()
                    .anyMatch(other -> other.mm() == mm && other.contains(other.address(index))));
        }
        boolean last = isUnused();
        mmapRwsem.upWrite(task);
        if (last) {
            memory.pageCache().delete(this);
        }
    }

    /// Takes a reference: the file outlasts its last mapping (`get_file`). A task that locks one of its folios has one, or a mapping.
    public void get() {
        Interleaving.add(interleaving, Shared.FILE, inode, this);
        users++;
    }

    /// Drops it (`fput`).
    public void put() {
        Interleaving.write(interleaving, Shared.FILE, inode, this);
        users--;
        if (isUnused()) {
            memory.pageCache().delete(this);
        }
    }

    /// Whether it is freed: it is shared anonymous memory, or hugetlb's, that can no longer be reached.
    private boolean isUnused() {
        return (shmem || reservations != null) && users == 0 && mappings.isEmpty();
    }

    /// The caller holds `i_mmap_rwsem` for writing.
    public void insert(Vma vma) {
        mappings.add(vma);
    }

    /// The caller holds `i_mmap_rwsem` for writing.
    public void remove(Vma vma) {
        if (!mappings.remove(vma)) {
            throw new KernelRuleBroken("kernel bug: VMA " + vma + " is not among the mappings of " + name);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
