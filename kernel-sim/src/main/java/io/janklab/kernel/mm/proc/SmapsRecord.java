package io.janklab.kernel.mm.proc;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.PageWalk;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.PteTable;
import java.util.Objects;

/// One VMA of `/proc/PID/smaps` (Linux `show_smap`): its line of maps, what a walk of its page tables counted, its flags.
final class SmapsRecord implements VmaRecord {
    /// Mnemonics by bit of `vm_flags`, or by the bit that stands for one of those beyond 32 ([VmFlags]).
    private static final String[] MNEMONICS = {
        "rd", "wr", "ex", "sh", "mr", "mw", "me", "ms", "gd", "um", "pf", "gu", "uw", "lo", null, "sr", "rr", "dc", "de", "lf", "ac", "nr",
        "ht", null, null, "wf", "dd", "ui", "mm", "hg", "nh", "mg"
    };

    private final MapsRecord maps = new MapsRecord();
    private final VmaCursor vmas;

    SmapsRecord(VmaCursor vmas) {
        this.vmas = vmas;
    }

    @Override
    public void show(Task task, Vma vma, StringBuilder out) {
        MemoryStats stats = new MemoryStats(vma.mm().memory());
        PageWalk.range(task, vmas.walkLock(), vma, vma.start(), vma.end(),
                (walker, huge, from, to) -> countHuge(walker, vma, huge, stats),
                (walker, table, first, last) -> count(walker, table, first, last, stats));
        maps.show(task, vma, out);
        kib(out, "Size", vma.end() - vma.start());
        long pageSize = vma.is(VmFlags.VM_HUGETLB) ? Objects.requireNonNull(vma.file()).reservations().pageSize() : Addresses.PAGE_SIZE;
        kib(out, "KernelPageSize", pageSize);
        kib(out, "MMUPageSize", pageSize);
        stats(out, stats);
        kib(out, "Locked", vma.is(VmFlags.VM_LOCKED) ? stats.pss() : 0);
        out.append("THPeligible:           0\nVmFlags: ");
        flags(out, vma);
    }

    private static void count(Task task, PteTable table, int first, int last, MemoryStats stats) {
        for (int i = table.nextUsed(first, last); i < last; i = table.nextUsed(i + 1, last)) {
            task.charge(stats.costs(), Cost.SMAPS_PTE);
            stats.count(table.get(i));
        }
    }

    private static void countHuge(Task task, Vma vma, HugePmd huge, MemoryStats stats) {
        task.charge(stats.costs(), Cost.SMAPS_PTE);
        if (vma.is(VmFlags.VM_HUGETLB)) {
            stats.countHugetlb(huge);
        } else {
            stats.countHuge(huge);
        }
    }

    private static void stats(StringBuilder out, MemoryStats stats) {
        kib(out, "Rss", stats.resident);
        kib(out, "Pss", stats.pss());
        kib(out, "Pss_Dirty", stats.pssDirty());
        kib(out, "Shared_Clean", stats.sharedClean);
        kib(out, "Shared_Dirty", stats.sharedDirty);
        kib(out, "Private_Clean", stats.privateClean);
        kib(out, "Private_Dirty", stats.privateDirty);
        kib(out, "Referenced", stats.referenced);
        kib(out, "Anonymous", stats.anonymous);
        kib(out, "KSM", 0);
        kib(out, "LazyFree", stats.lazyfree);
        kib(out, "AnonHugePages", stats.anonHuge);
        kib(out, "ShmemPmdMapped", 0);
        kib(out, "FilePmdMapped", stats.fileHuge);
        kib(out, "Shared_Hugetlb", stats.sharedHugetlb);
        kib(out, "Private_Hugetlb", stats.privateHugetlb);
        kib(out, "Swap", stats.swap);
        kib(out, "SwapPss", stats.swapPss());
    }

    private static void kib(StringBuilder out, String label, long bytes) {
        String number = Long.toString(bytes >>> 10);
        out.append(label).append(':').repeat(' ', 23 - label.length() - number.length()).append(number).append(" kB\n");
    }

    /// `show_smap_vma_flags`.
    private static void flags(StringBuilder out, Vma vma) {
        for (int bit = 0; bit < MNEMONICS.length; bit++) {
            if (MNEMONICS[bit] != null && vma.is(1 << bit)) {
                out.append(MNEMONICS[bit]).append(' ');
            }
        }
        out.append(vma.is(VmFlags.VM_DROPPABLE) ? "dp " : "").append(vma.is(VmFlags.VM_SEALED) ? "sl \n" : "\n");
    }
}
