package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FrameWatch;
import io.janklab.kernel.mm.table.Pte;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The TLB entries of each core, on watched machines: a core goes on using a translation until it is flushed.
///
/// An entry stays until a flush has reached every core; a real TLB may drop it sooner, which only hides mistakes. A store through an entry
/// that was loaded clean walks the tables again, to set the dirty bit, as x86 and arm64 do.
///
/// Invariant: no entry maps a frame that is free.
final class TlbEntries implements FrameWatch {
    private final List<List<Entry>> cores = new ArrayList<>();

    /// Of the address space of the process `tgid`, which tags it as an ASID does.
    private record Entry(int tgid, long page, long pte) {
        boolean isOf(int other, long start, long end) {
            return tgid == other && page >= start && page < end;
        }
    }

    TlbEntries(int cpus) {
        for (int cpu = 0; cpu < cpus; cpu++) {
            cores.add(new ArrayList<>());
        }
    }

    /// The entry by which the core of `task` reaches `address` without a page walk, or [Pte#NONE].
    long lookup(Task task, int tgid, long address, boolean write) {
        long needed = Pte.PRESENT | Pte.ACCESSIBLE | (write ? Pte.WRITE | Pte.DIRTY : 0);
        for (Entry entry : cores.get(task.cpu().id())) {
            if (entry.isOf(tgid, Addresses.pageFloor(address), address + 1)) {
                return Pte.has(entry.pte, needed) ? entry.pte : Pte.NONE;
            }
        }
        return Pte.NONE;
    }

    /// The core of `task` has walked the tables and found `pte`, or [Pte#NONE]: then it drops the old entry (x86 and arm64 keep no entry
    /// that has faulted).
    void fill(Task task, int tgid, long address, long pte) {
        long page = Addresses.pageFloor(address);
        List<Entry> core = cores.get(task.cpu().id());
        core.removeIf(entry -> entry.isOf(tgid, page, page + 1));
        if (pte != Pte.NONE) {
            core.add(new Entry(tgid, page, pte));
        }
    }

    /// A flush of `[start, end)` has reached every core.
    void drop(int tgid, long start, long end) {
        for (List<Entry> core : cores) {
            core.removeIf(entry -> entry.isOf(tgid, start, end));
        }
    }

    /// @throws KernelRuleBroken if a core can still reach one of `count` frames, which are about to be freed
    @Override
    public void beforeFree(int first, int count) {
        for (int cpu = 0; cpu < cores.size(); cpu++) {
            for (Entry entry : cores.get(cpu)) {
                int frame = Pte.frame(entry.pte);
                if (Pte.hasFolio(entry.pte) && frame >= first && frame < first + count) {
                    throw new KernelRuleBroken(String.format(Locale.ROOT,
                            "stale TLB entry: frame %d is freed while core %d still maps %x of process %d to it", frame, cpu,
                            entry.page, entry.tgid));
                }
            }
        }
    }
}
