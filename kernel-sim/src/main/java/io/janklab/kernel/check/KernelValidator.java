package io.janklab.kernel.check;

import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.HugetlbPool;
import io.janklab.kernel.mm.page.Lru;
import io.janklab.kernel.mm.page.Zram;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Checks a quiescent kernel: no task inside a system call or fault, RCU drained. Nothing may be leaked, counted wrongly or locked.
public final class KernelValidator {
    private static final int MOST_REPORTED = 20;

    private final MemoryManager memory;
    private final Scheduler scheduler;
    private final FolioTable folios;
    private final List<String> violations = new ArrayList<>();
    /// How many entries map each frame.
    private int[] mappings = {};
    /// How many pages of files the address space at hand maps.
    private long filePages;
    /// How many entries refer to each swap slot.
    private int[] swapEntries = {};
    /// Whether each frame holds a page of a file.
    private boolean[] cached = {};

    public KernelValidator(MemoryManager memory, Scheduler scheduler) {
        this.memory = memory;
        this.scheduler = scheduler;
        this.folios = memory.folios();
    }

    /// @throws KernelBug naming the violations, the first twenty at most
    public void check() {
        violations.clear();
        memory.batches().drainAll();
        mappings = new int[memory.frames().touched()];
        swapEntries = new int[memory.swap().slots()];
        files();
        int tables = 0;
        for (Mm mm : memory.mms()) {
            locks(mm);
            vmas(mm);
            pageTables(mm);
            tables += mm.pageTable().tables();
        }
        frames(tables);
        hugetlb();
        lru();
        swap();
        anonVmas();
        tasks();
        if (!violations.isEmpty()) {
            throw new KernelBug(violations);
        }
    }

    /// Pages of files; they may but need not be mapped.
    private void files() {
        cached = new boolean[mappings.length];
        for (VirtualFile file : memory.pageCache().files()) {
            expect(!file.mmapRwsem().isLocked(), "%s: i_mmap_rwsem is held", file);
            for (Vma vma : file.mappings()) {
                expect(vma.isAttached() && vma.file() == file, "%s: %s does not map it", file, vma);
            }
            for (int index = 0; index < file.pages(); index++) {
                int frame = file.frame(index);
                if (frame != FolioTable.NO_FRAME) {
                    expect(!cached[frame], "%s: frame %d is cached twice", file, frame);
                    cached[frame] = true;
                }
            }
        }
    }

    private void expect(boolean holds, String format, Object... arguments) {
        if (!holds && violations.size() < MOST_REPORTED) {
            violations.add(String.format(Locale.ROOT, format, arguments));
        }
    }

    private void locks(Mm mm) {
        expect(!mm.mmapLock().isLocked(), "%s: mmap_lock is held", mm);
        expect(!mm.mmapLock().isContended(), "%s: mmap_lock has waiters", mm);
        expect((mm.lockSequence().value() & 1) == 0, "%s: mm_lock_seq is odd", mm);
        expect(mm.gathersInFlight() == 0, "%s: %d mmu_gathers are under way", mm, mm.gathersInFlight());
    }

    private void vmas(Mm mm) {
        List<Vma> vmas = mm.vmas().list();
        expect(vmas.size() == mm.mapCount(), "%s: map_count is %d for %d VMAs", mm, mm.mapCount(), vmas.size());
        long end = 0;
        for (Vma vma : vmas) {
            expect(vma.start() < vma.end(), "%s: %s is empty", mm, vma);
            expect(((vma.start() | vma.end()) & Addresses.PAGE_SIZE - 1) == 0, "%s: %s is misaligned", mm, vma);
            expect(vma.start() >= end, "%s: %s overlaps its predecessor", mm, vma);
            expect(mm.vmas().lookup(vma.start()) == vma, "%s: %s is not found by its address", mm, vma);
            expect(vma.file() == null || vma.file().mappings().contains(vma), "%s: %s is not among its file's mappings", mm, vma);
            expect(vma.isAttached(), "%s: %s is detached", mm, vma);
            expect(!vma.isReadLocked(), "%s: %s is read-locked", mm, vma);
            for (AnonVma anonVma : vma.anonVmaChain()) {
                expect(anonVma.contains(vma), "%s: %s is not on its anon_vma %d", mm, vma, anonVma.id());
            }
            end = vma.end();
        }
    }

    private void pageTables(Mm mm) {
        PageTable pageTable = mm.pageTable();
        long resident = 0;
        filePages = 0;
        for (PteTable table = pageTable.first(0, Addresses.TASK_SIZE); table != null; table = pageTable.first(table.end(),
                Addresses.TASK_SIZE)) {
            resident += entries(mm, table);
        }
        resident += mm.pageTable().hugeMappings().stream().mapToLong(huge -> hugeMapping(mm, huge)).sum();
        expect(resident == mm.residentPages(), "%s: RSS is %d pages, %d are mapped", mm, mm.residentPages(), resident);
        expect(filePages == mm.filePages(), "%s: RssFile is %d pages, %d of files are mapped", mm, mm.filePages(), filePages);
    }

    /// @return how many pages it maps
    private int hugeMapping(Mm mm, HugePmd huge) {
        Vma vma = mm.vmas().lookup(huge.base());
        boolean inside = vma != null && huge.end() <= vma.end();
        expect(inside, "%s: huge mapping of %x reaches beyond its VMA", mm, huge.base());
        expect(!huge.hasDeposit() || folios.has(huge.frame(), FolioTable.ALLOCATED | FolioTable.TABLE),
                "%s: huge mapping of %x has no deposited table", mm, huge.base());
        if (!Pte.hasFolio(huge.entry())) {
            return 0;
        }
        int step = mm.hugePmds().isWhole(huge) ? PteTable.ENTRIES : 1;
        long before = filePages;
        for (int i = 0; inside && i < PteTable.ENTRIES; i += step) {
            long address = huge.base() + i * Addresses.PAGE_SIZE;
            entry(mm, address, huge.pte(address));
        }
        if (vma != null && vma.is(VmFlags.VM_HUGETLB)) {
            filePages = before;
            return 0;
        }
        filePages = filePages == before ? before : before + PteTable.ENTRIES;
        return PteTable.ENTRIES;
    }

    /// @return how many entries map a folio
    private int entries(Mm mm, PteTable table) {
        int used = 0;
        int resident = 0;
        for (int i = table.nextUsed(0, PteTable.ENTRIES); i < PteTable.ENTRIES; i = table.nextUsed(i + 1, PteTable.ENTRIES)) {
            used++;
            resident += entry(mm, table.base() + ((long) i << Addresses.PAGE_SHIFT), table.get(i)) ? 1 : 0;
        }
        expect(used == table.used(), "%s: table at %x counts %d entries, has %d", mm, table.base(), table.used(), used);
        expect(!table.isDetached(), "%s: table at %x is detached", mm, table.base());
        expect(!table.lock().isLocked(), "%s: table at %x is locked", mm, table.base());
        expect(folios.has(table.frame(), FolioTable.ALLOCATED | FolioTable.TABLE), "%s: table at %x has no frame", mm, table.base());
        return resident;
    }

    private boolean entry(Mm mm, long address, long pte) {
        Vma vma = mm.vmas().lookup(address);
        expect(vma != null, "%s: %x is mapped outside of any VMA", mm, address);
        if (Pte.isSwap(pte)) {
            swapEntries[Pte.slot(pte)]++;
        }
        if (!Pte.hasFolio(pte) || vma == null) {
            return Pte.hasFolio(pte);
        }
        int frame = Pte.frame(pte);
        mappings[frame]++;
        if (folios.has(frame, FolioTable.ANON)) {
            anonymousEntry(mm, vma, address, pte, frame);
        } else {
            fileEntry(mm, vma, address, pte, frame);
        }
        return true;
    }

    private void fileEntry(Mm mm, Vma vma, long address, long pte, int frame) {
        filePages++;
        boolean ofItsFile = vma.file() != null && vma.file().frame(vma.index(address)) == frame;
        expect(ofItsFile, "%s: %x maps frame %d, which is neither anonymous memory nor its file's page", mm, address, frame);
        expect((pte & Pte.WRITE) == 0 || vma.is(VmFlags.VM_SHARED), "%s: %x is writable, but the file's page is not to be written",
                mm, address);
    }

    private void anonymousEntry(Mm mm, Vma vma, long address, long pte, int frame) {
        expect(folios.has(frame, FolioTable.ALLOCATED | FolioTable.ANON), "%s: %x maps frame %d, which is not anonymous memory", mm,
                address, frame);
        expect(Arrays.stream(vma.anonVmaChain()).anyMatch(anonVma -> anonVma.id() == folios.anonVmaId(frame)),
                "%s: frame %d at %x is not of its VMA's anon_vmas", mm, frame, address);
        expect(folios.index(frame) == vma.index(address), "%s: frame %d at %x has index %x", mm, frame, address, folios.index(frame));
        expect((pte & Pte.WRITE) == 0 || vma.is(VmFlags.VM_WRITE), "%s: %x is writable in a VMA that is not", mm, address);
        expect((pte & Pte.WRITE) == 0 || folios.has(frame, FolioTable.ANON_EXCLUSIVE), "%s: %x is writable, but frame %d is shared", mm,
                address, frame);
    }

    private void frames(int tables) {
        int allocated = 0;
        int tableFrames = 0;
        int zramFrames = 0;
        for (int frame = 0; frame < mappings.length; frame++) {
            if (folios.has(frame, FolioTable.ALLOCATED)) {
                allocated++;
                if (folios.has(frame, FolioTable.TABLE)) {
                    tableFrames++;
                } else if (folios.has(frame, FolioTable.ZRAM)) {
                    zramFrames++;
                } else if (!folios.has(frame, FolioTable.TAIL) && !isFreeHuge(frame)) {
                    folio(frame);
                }
            }
        }
        expect(allocated == memory.frames().allocated(), "%d frames are in use, %d counted", allocated, memory.frames().allocated());
        Zram device = memory.swap().device();
        int pool = device == null ? 0 : device.poolFrames();
        expect(zramFrames == pool, "%d frames hold compressed pages, zram has %d", zramFrames, pool);
        expect(tableFrames == tables, "%d frames hold page tables, %d tables exist", tableFrames, tables);
    }

    private void folio(int frame) {
        int mapcount = folios.mapcount(frame);
        expect(mapcount == mappings[frame], "frame %d has mapcount %d, is mapped %d times", frame, mapcount, mappings[frame]);
        expect(mapcount <= 1 || !folios.has(frame, FolioTable.ANON_EXCLUSIVE), "frame %d is exclusive and mapped %d times",
                frame, mapcount);
        int cache = cached[frame] || folios.has(frame, FolioTable.SWAPCACHE) ? 1 : 0;
        expect(mapcount + cache > 0, "frame %d is leaked: nothing maps it", frame);
        expect(folios.refcount(frame) == mapcount + cache, "frame %d has %d references for %d mappings", frame,
                folios.refcount(frame), mapcount);
        expect(!folios.has(frame, FolioTable.LOCKED), "frame %d is locked", frame);
        boolean unlisted = cached[frame] || folios.has(frame, FolioTable.HUGETLB);
        expect(unlisted || folios.has(frame, FolioTable.LRU), "frame %d is on no LRU list", frame);
    }

    private boolean isFreeHuge(int frame) {
        return folios.has(frame, FolioTable.HUGETLB) && memory.hugetlb().pool().isFree(frame);
    }

    private void hugetlb() {
        HugetlbPool pool = memory.hugetlb().pool();
        int used = 0;
        for (int frame = 0; frame < mappings.length; frame++) {
            used += folios.has(frame, FolioTable.HUGETLB) && !pool.isFree(frame) ? 1 : 0;
        }
        expect(used + pool.free() == pool.total(), "%d huge pages of %d are in use, %d are free", used, pool.total(), pool.free());
        int reserved = memory.pageCache().files().stream()
                .filter(VirtualFile::isHugetlb)
                .mapToInt(file -> file.reservations().count())
                .sum();
        expect(reserved == pool.reserved(), "%d huge pages are reserved, files have %d", pool.reserved(), reserved);
    }

    private void lru() {
        expect(memory.folioLocks().inUse() == 0, "%d folios are locked or waited for", memory.folioLocks().inUse());
        expect(memory.pageCache().device().inFlight() == 0, "%d requests are not answered by storage",
                memory.pageCache().device().inFlight());
        int listed = 0;
        for (int list = 0; list < Lru.LISTS; list++) {
            int length = 0;
            int frame = memory.lru().oldest(list);
            while (frame != FolioTable.NO_FRAME && length <= mappings.length) {
                expect(folios.has(frame, FolioTable.LRU), "frame %d is on an LRU list without the flag", frame);
                expect(memory.lru().listOf(frame) == list, "frame %d is on the wrong LRU list", frame);
                length++;
                frame = memory.lru().newer(frame);
            }
            expect(length == memory.lru().size(list), "LRU list %d counts %d folios, has %d", list, memory.lru().size(list), length);
            listed += length;
        }
        int flagged = 0;
        for (int frame = 0; frame < mappings.length; frame++) {
            flagged += folios.has(frame, FolioTable.LRU) ? 1 : 0;
        }
        listed += memory.lru().size(Lru.UNEVICTABLE);
        expect(listed == flagged, "%d folios are on LRU lists, %d say so", listed, flagged);
    }

    private void swap() {
        for (Mm mm : memory.mms()) {
            expect(mm.swappedPages() >= 0, "%s: has %d pages in swap", mm, mm.swappedPages());
        }
        long entries = 0;
        int used = 0;
        for (int slot = 0; slot < swapEntries.length; slot++) {
            int references = memory.swap().references(slot);
            expect(references == swapEntries[slot], "swap slot %d counts %d entries, has %d", slot, references, swapEntries[slot]);
            used += references > 0 || memory.swap().cachedFrame(slot) != FolioTable.NO_FRAME ? 1 : 0;
            entries += swapEntries[slot];
        }
        long counted = memory.mms().stream().mapToLong(Mm::swappedPages).sum();
        expect(entries == counted, "%d entries are in swap, %d counted", entries, counted);
        expect(used == memory.swap().used(), "%d swap slots are in use, %d counted", used, memory.swap().used());
    }

    private void anonVmas() {
        long inVmas = memory.mms().stream()
                .flatMap(mm -> mm.vmas().list().stream())
                .flatMap(vma -> Arrays.stream(vma.anonVmaChain()))
                .distinct()
                .peek(anonVma -> expect(!anonVma.rwsem().isLocked(), "anon_vma %d is locked", anonVma.id()))
                .count();
        expect(inVmas == memory.anonVmas().count(), "%d anon_vmas exist, VMAs use %d", memory.anonVmas().count(), inVmas);
    }

    private void tasks() {
        for (Task task : scheduler.tasks()) {
            expect(task.held().count() == 0, "%s holds %s", task, task.held());
        }
    }
}
