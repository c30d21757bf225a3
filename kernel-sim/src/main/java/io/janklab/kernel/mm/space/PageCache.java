package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Storage;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.FrameAllocator;
import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// The files of the machine and how their pages come into memory (Linux `mm/filemap.c`, `mm/readahead.c`).
///
/// Pages stay until they are dropped: reclaim does not scan them.
public final class PageCache {
    /// `VM_READAHEAD_PAGES`: 128 KiB.
    public static final int READAHEAD_PAGES = 32;

    private static final String SHMEM_NAME = "/dev/zero (deleted)";
    private static final String HUGETLB_NAME = "/anon_hugepage (deleted)";

    private final MemoryManager memory;
    private final List<VirtualFile> files = new ArrayList<>();
    private final BlockDevice device;
    private int inodes;

    PageCache(MemoryManager memory, Simulation simulation) {
        this.memory = memory;
        this.device = new BlockDevice(simulation, memory.folioLocks(), Storage.UFS);
    }

    /// A new file of `pages` pages, none of them in memory.
    public VirtualFile create(String name, int pages) {
        VirtualFile file = new VirtualFile(memory, name, pages, ++inodes, false, null);
        files.add(file);
        return file;
    }

    /// What a process maps of `/dev/binder`: the driver's own pages, which it installs itself (`binder_mmap`).
    public VirtualFile createBinder(int pages) {
        VirtualFile file = create("/dev/binderfs/binder", pages);
        file.mapWith(VmFlags.VM_DONTCOPY | VmFlags.VM_MIXEDMAP, VmFlags.VM_MAYWRITE);
        return file;
    }

    /// The file behind a new mapping of shared anonymous memory (`shmem_zero_setup`).
    public VirtualFile createShmem(int pages) {
        VirtualFile file = new VirtualFile(memory, SHMEM_NAME, pages, ++inodes, true, null);
        files.add(file);
        return file;
    }

    /// The file behind a new mapping of huge pages (`hugetlb_file_setup`).
    public VirtualFile createHugetlb(int pages, HugetlbReservations reservations) {
        VirtualFile file = new VirtualFile(memory, HUGETLB_NAME, pages, ++inodes, false, reservations);
        files.add(file);
        return file;
    }

    /// The last mapping of shared anonymous memory has gone, and all its pages with it (`shmem_evict_inode`, `hugetlbfs_evict_inode`).
    void delete(VirtualFile file) {
        files.remove(file);
        if (file.isHugetlb()) {
            file.reservations().closeAll();
        }
        for (int index = 0; index < file.pages(); index++) {
            int frame = file.frame(index);
            if (frame != FolioTable.NO_FRAME) {
                file.setFrame(index, FolioTable.NO_FRAME);
                memory.batches().put(frame);
            }
        }
    }

    /// A page of shared anonymous memory that has never been touched (`shmem_get_folio_gfp`): a zeroed one, unless another task was faster.
    ///
    /// @return false if memory ran out
    public boolean addZeroed(Task task, VirtualFile file, long index) {
        int frame = memory.allocateZeroed(task);
        if (frame == FolioTable.NO_FRAME) {
            return false;
        }
        if (!addShmem(file, index, frame)) {
            memory.batches().put(frame);
        }
        return true;
    }

    /// Makes a folio the page of shared anonymous memory; its reference is the file's from then on (`shmem_add_to_page_cache`).
    ///
    /// @return false if the page has one already
    public boolean addShmem(VirtualFile file, long index, int frame) {
        Interleaving.beginAtomic(memory.interleaving(), Shared.PAGE_CACHE, file.id(index), file);
        boolean first = file.frame(index) == FolioTable.NO_FRAME;
        if (first) {
            file.setFrame(index, frame);
        }
        Interleaving.endAtomic(memory.interleaving());
        return first;
    }

    /// Takes a locked folio that is mapped nowhere out of its file, and drops the file's reference (`filemap_remove_folio`).
    public void remove(VirtualFile file, long index, int frame) {
        file.setFrame(index, FolioTable.NO_FRAME);
        memory.batches().put(frame);
    }

    public List<VirtualFile> files() {
        return Collections.unmodifiableList(files);
    }

    public BlockDevice device() {
        return device;
    }

    /// Starts reading the missing pages of `[first, last)` (`page_cache_ra_unbounded`).
    ///
    /// @return false if memory ran out
    public boolean read(Task task, VirtualFile file, long first, long last) {
        long end = Math.min(last, file.pages());
        int[] missing = new int[(int) Math.max(0, end - first)];
        int count = 0;
        boolean enough = true;
        for (long index = Math.max(0, first); index < end && enough; index++) {
            if (file.frame(index) == FolioTable.NO_FRAME) {
                int frame = memory.allocate(task, 0);
                enough = frame != FolioTable.NO_FRAME;
                if (enough && add(file, index, frame)) {
                    missing[count++] = frame;
                }
            }
        }
        if (count > 0) {
            task.charge(memory.costs(), Cost.IO_SUBMIT);
            task.settle();
            device.read(Arrays.copyOf(missing, count));
        }
        return enough;
    }

    /// `filemap_add_folio`, locked. False if another task was faster.
    private boolean add(VirtualFile file, long index, int frame) {
        Interleaving.beginAtomic(memory.interleaving(), Shared.PAGE_CACHE, file.id(index), file);
        boolean first = file.frame(index) == FolioTable.NO_FRAME;
        if (first) {
            memory.folioLocks().lockForIo(frame);
            memory.copyContents(FolioTable.NO_FRAME, frame);
            file.setFrame(index, frame);
        } else {
            memory.batches().put(frame);
        }
        Interleaving.endAtomic(memory.interleaving());
        return first;
    }

    /// The folio of a page, with a reference taken to it, or [FolioTable#NO_FRAME] if it is not in memory (`filemap_get_folio`).
    public int get(VirtualFile file, long index) {
        Interleaving.beginAtomic(memory.interleaving(), Shared.PAGE_CACHE, file.id(index), file);
        int frame = file.frame(index);
        if (frame != FolioTable.NO_FRAME) {
            memory.folios().get(memory.folios().head(frame));
        }
        Interleaving.endAtomic(memory.interleaving());
        return frame;
    }

    /// Brings pages `[first, last)` into memory at once and at no cost, as if they had been read long ago.
    public void preload(VirtualFile file, long first, long last) {
        for (long index = first; index < Math.min(last, file.pages()); index++) {
            if (file.frame(index) == FolioTable.NO_FRAME) {
                int frame = memory.frames().allocate(0);
                memory.copyContents(FolioTable.NO_FRAME, frame);
                file.setFrame(index, frame);
            }
        }
    }

    /// Drops every page that is neither mapped nor being read (`/proc/sys/vm/drop_caches`).
    public void drop() {
        for (VirtualFile file : files.stream().filter(each -> !each.isShmem() && !each.isHugetlb()).toList()) {
            for (int index = 0; index < file.pages(); index++) {
                int frame = file.frame(index);
                if (frame != FolioTable.NO_FRAME && isUnused(frame)) {
                    drop(file, index, frame);
                }
            }
        }
    }

    /// Only the first page of a huge folio counts for it.
    private boolean isUnused(int frame) {
        FolioTable folios = memory.folios();
        boolean unused = folios.refcount(frame) == 1 && !folios.isLocked(frame) && !folios.has(frame, FolioTable.TAIL);
        for (int i = 1; unused && folios.has(frame, FolioTable.LARGE) && i < FrameAllocator.HUGE_FRAMES; i++) {
            unused = folios.refcount(frame + i) == 1;
        }
        return unused;
    }

    private void drop(VirtualFile file, int index, int frame) {
        int pages = memory.folios().has(frame, FolioTable.LARGE) ? FrameAllocator.HUGE_FRAMES : 1;
        for (int i = 0; i < pages; i++) {
            file.setFrame(index + i, FolioTable.NO_FRAME);
        }
        memory.batches().put(frame);
    }
}
