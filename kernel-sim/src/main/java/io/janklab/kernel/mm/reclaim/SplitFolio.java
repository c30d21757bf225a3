package io.janklab.kernel.mm.reclaim;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.FrameAllocator;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;

/// Huge folios of which only mappings have been split ([FolioTable#UNSPLIT]): the questions that walkers of page tables ask about them,
/// and what splits them for good (Linux `split_folio`).
public final class SplitFolio {
    private static final long BITS_OF_A_BATCH = Pte.PRESENT | Pte.ACCESSIBLE | Pte.UFFD_WP;

    private final MemoryManager memory;
    private final FolioTable folios;
    private final Rmap rmap;
    private final SwitchValue sharing;
    private final boolean splitsWholeOnes;
    private final boolean givesUpZeros;

    public SplitFolio(MemoryManager memory) {
        this.memory = memory;
        this.folios = memory.folios();
        this.rmap = new Rmap(memory);
        this.sharing = memory.profile().choice(Switch.MADVISE_HUGE_PART);
        this.splitsWholeOnes = sharing == SwitchValue.PAGE || sharing == SwitchValue.FIRST_PAGE;
        this.givesUpZeros = memory.profile().is(Switch.THP_SPLIT_ZEROS, SwitchValue.ON);
    }

    /// Whether the frame is a page of a folio that is not split yet.
    private boolean isPart(int frame) {
        return folios.has(frame, FolioTable.UNSPLIT);
    }

    /// Whether an entry maps such a page.
    public boolean mapsPart(long pte) {
        return Pte.hasFolio(pte) && isPart(Pte.frame(pte));
    }

    private static int first(int frame) {
        return frame & -FrameAllocator.HUGE_FRAMES;
    }

    /// How many entries from `index` on, below `last`, map neighbouring pages of its folio alike (`madvise_folio_pte_batch`).
    public int batch(PteTable table, int index, int last) {
        long entry = table.get(index);
        int frame = Pte.frame(entry);
        int most = Math.min(last - index, first(frame) + FrameAllocator.HUGE_FRAMES - frame);
        int count = 1;
        while (count < most && isNext(entry, table.get(index + count), count)) {
            count++;
        }
        return count;
    }

    private boolean isNext(long entry, long other, int distance) {
        boolean alike = (other & BITS_OF_A_BATCH) == (entry & BITS_OF_A_BATCH);
        return alike && Pte.hasFolio(other) && Pte.frame(other) == Pte.frame(entry) + distance && isPart(Pte.frame(other));
    }

    /// Whether `count` pages are a whole folio.
    public static boolean isWhole(int count) {
        return count == FrameAllocator.HUGE_FRAMES;
    }

    /// Whether others than `mm` map pages of the folio, as far as the kernel knows (`folio_maybe_mapped_shared`; before it the map count of
    /// one page).
    public boolean isShared(Mm mm, int frame) {
        if (folios.has(frame, FolioTable.LARGE)) {
            return folios.mapcount(frame) != 1;
        }
        Interleaving.beginAtomic(memory.locking().interleaving(), Shared.MAPPINGS, first(frame), folios);
        boolean shared = switch (sharing) {
            case PAGE -> folios.mapcount(frame) != 1;
            case FIRST_PAGE -> mappings(first(frame)) != 1;
            case ESTIMATE -> mappings(first(frame)) > 1 || countMappings(frame) > FrameAllocator.HUGE_FRAMES;
            default -> isMappedElsewhere(mm, frame);
        };
        Interleaving.endAtomic(memory.locking().interleaving());
        return shared;
    }

    /// 0 for a page that is no longer there.
    private int mappings(int frame) {
        return isPart(frame) ? folios.mapcount(frame) : 0;
    }

    private int countMappings(int frame) {
        int count = 0;
        for (int page = first(frame); page < first(frame) + FrameAllocator.HUGE_FRAMES; page++) {
            count += mappings(page);
        }
        return count;
    }

    private boolean isMappedElsewhere(Mm mm, int frame) {
        for (int page = first(frame); page < first(frame) + FrameAllocator.HUGE_FRAMES; page++) {
            int mappings = mappings(page);
            if (mappings > 1 || mappings == 1 && !isMappedBy(mm, page)) {
                return true;
            }
        }
        return false;
    }

    private boolean isMappedBy(Mm mm, int frame) {
        AnonVma anonVma = memory.anonVmas().get(folios.anonVmaId(frame));
        boolean[] found = new boolean[1];
        if (anonVma != null) {
            long index = folios.index(frame);
            anonVma.forEach(index, vma -> found[0] |= vma.mm() == mm && maps(mm, vma.address(index), frame));
        }
        return found[0];
    }

    private static boolean maps(Mm mm, long address, int frame) {
        HugePmd huge = mm.pageTable().huge(address);
        PteTable table = huge == null ? mm.pageTable().find(address) : null;
        long entry = huge != null ? huge.pte(address) : table != null ? table.get(PteTable.index(address)) : Pte.NONE;
        return Pte.hasFolio(entry) && Pte.frame(entry) == frame;
    }

    /// Whether the folio is dirty: one flag speaks for all pages.
    public boolean isDirty(int frame) {
        boolean dirty = false;
        for (int page = first(frame); page < first(frame) + FrameAllocator.HUGE_FRAMES && !dirty; page++) {
            dirty = isPart(page) && folios.has(page, FolioTable.DIRTY);
        }
        return dirty;
    }

    /// Before 6.10 every large folio that a walk met was split, and the walk of a table ended at one that could not be.
    public boolean splitsWholeOnes() {
        return splitsWholeOnes;
    }

    /// Splits the folio that an entry of a locked table maps, unless others map it too or its lock is taken. The table is unlocked if that
    /// was done.
    ///
    /// @return whether it was
    public boolean tryToSplit(Task task, Mm mm, PteTable table, int index) {
        int frame = Pte.frame(table.get(index));
        if (isShared(mm, frame) || !memory.folioLocks().trylock(task, frame)) {
            return false;
        }
        folios.get(frame);
        table.lock().unlock(task);
        splitAndRelease(task, frame);
        return true;
    }

    /// Splits the mapping and the folio that it maps, which is locked, with a reference; releases both.
    public void split(Task task, HugePmd huge, Mm mm) {
        mm.hugePmds().split(task, huge.base(), huge.end());
        splitAndRelease(task, Pte.frame(huge.entry()));
    }

    private void splitAndRelease(Task task, int frame) {
        split(task, frame);
        memory.folioLocks().unlock(task, frame);
        memory.batches().put(frame);
    }

    /// Splits the folio of a page whose lock the caller holds, with a reference; no page table is locked. What the kernel can see to be
    /// zeroes becomes the zero page (`remap_page`, `try_to_map_unused_to_zeropage`).
    public void split(Task task, int frame) {
        AnonVma anonVma = memory.anonVmas().get(folios.anonVmaId(frame));
        if (!isPart(frame) || anonVma == null) {
            return;
        }
        anonVma.rwsem().downWrite(task);
        task.charge(countMappings(frame) * (memory.costs().ns(Cost.ZAP_PTE) + memory.costs().ns(Cost.PTE_SET)));
        for (int page = first(frame); page < first(frame) + FrameAllocator.HUGE_FRAMES; page++) {
            splitOff(task, page);
        }
        anonVma.rwsem().upWrite(task);
    }

    /// A page that is being unmapped may be freed at any moment.
    private void splitOff(Task task, int page) {
        if (!isPart(page) || !folios.tryGet(page)) {
            return;
        }
        if (isPart(page)) {
            folios.clear(page, FolioTable.UNSPLIT);
            if (givesUpZeros && memory.contents() != null && folios.has(page, FolioTable.ANON)) {
                rmap.replaceZeros(task, page);
            }
        }
        memory.batches().put(page);
    }
}
