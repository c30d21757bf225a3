package io.janklab.kernel.mm.proc;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageWalk;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import java.util.Objects;

/// One line of `/proc/PID/numa_maps` (Linux `show_numa_map`), on a machine of one node and without policies: where the VMA begins, and what
/// a walk of its page tables counted, in pages.
final class NumaMapsRecord implements VmaRecord {
    /// What would end or confuse a field of the line.
    private static final String ESCAPED = "\n\t= ";

    private final VmaCursor vmas;

    NumaMapsRecord(VmaCursor vmas) {
        this.vmas = vmas;
    }

    /// `struct numa_maps`.
    private static final class Counts {
        final FolioTable folios;
        /// Of one entry.
        final long pteNs;
        /// Of which the other counts are multiples.
        final long pageSize;
        long pages;
        long anon;
        long active;
        long dirty;
        long swapCache;
        int mostMappings;

        Counts(MemoryManager memory, long pageSize) {
            this.pageSize = pageSize;
            this.folios = memory.folios();
            this.pteNs = memory.costs().ns(Cost.SMAPS_PTE);
        }

        /// `gather_stats`.
        void gather(int frame, boolean dirtyPte) {
            pages++;
            dirty += dirtyPte || folios.has(frame, FolioTable.DIRTY) ? 1 : 0;
            swapCache += folios.has(frame, FolioTable.SWAPCACHE) ? 1 : 0;
            active += folios.has(frame, FolioTable.ACTIVE) || folios.has(frame, FolioTable.UNEVICTABLE) ? 1 : 0;
            anon += folios.has(frame, FolioTable.ANON) ? 1 : 0;
            mostMappings = Math.max(mostMappings, folios.mapcount(frame));
        }
    }

    @Override
    public void show(Task task, Vma vma, StringBuilder out) {
        task.charge(vma.mm().memory().costs(), Cost.MAPS_LINE);
        boolean hugetlb = vma.is(VmFlags.VM_HUGETLB);
        long pageSize = hugetlb ? Objects.requireNonNull(vma.file()).reservations().pageSize() : Addresses.PAGE_SIZE;
        Counts counts = new Counts(vma.mm().memory(), pageSize);
        PageWalk.range(task, vmas.walkLock(), vma, vma.start(), vma.end(),
                (walker, huge, from, to) -> gatherHuge(walker, huge, counts),
                (walker, table, first, last) -> gather(walker, table, first, last, counts));
        String start = Long.toHexString(vma.start());
        out.repeat('0', Math.max(0, 8 - start.length())).append(start).append(" default");
        if (vma.file() != null) {
            out.append(" file=").append(SeqPath.mangled(vma.file().name(), ESCAPED));
        } else if (vma.start() < vma.mm().brk() && vma.end() > Mm.START_BRK) {
            out.append(" heap");
        }
        if (hugetlb) {
            out.append(" huge");
        }
        if (counts.pages > 0) {
            show(counts, out);
        }
        out.append('\n');
    }

    private static void gather(Task task, PteTable table, int first, int last, Counts counts) {
        for (int i = table.nextUsed(first, last); i < last; i = table.nextUsed(i + 1, last)) {
            task.charge(counts.pteNs);
            long pte = table.get(i);
            if (Pte.hasFolio(pte)) {
                counts.gather(Pte.frame(pte), Pte.has(pte, Pte.DIRTY));
            }
        }
    }

    private static void gatherHuge(Task task, HugePmd huge, Counts counts) {
        task.charge(counts.pteNs);
        for (long address = huge.base(); Pte.hasFolio(huge.entry()) && address < huge.end(); address += counts.pageSize) {
            counts.gather(counts.folios.head(Pte.frame(huge.pte(address))), Pte.has(huge.entry(), Pte.DIRTY));
        }
    }

    private static void show(Counts counts, StringBuilder out) {
        show(out, "anon", counts.anon, counts.anon > 0);
        show(out, "dirty", counts.dirty, counts.dirty > 0);
        show(out, "mapped", counts.pages, counts.pages != counts.anon && counts.pages != counts.dirty);
        show(out, "mapmax", counts.mostMappings, counts.mostMappings > 1);
        show(out, "swapcache", counts.swapCache, counts.swapCache > 0);
        show(out, "active", counts.active, counts.active < counts.pages);
        show(out, "N0", counts.pages, true);
        show(out, "kernelpagesize_kB", counts.pageSize >>> 10, true);
    }

    private static void show(StringBuilder out, String name, long value, boolean worth) {
        if (worth) {
            out.append(' ').append(name).append('=').append(value);
        }
    }
}
