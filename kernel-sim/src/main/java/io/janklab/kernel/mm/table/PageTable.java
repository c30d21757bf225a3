package io.janklab.kernel.mm.table;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.TablePage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The page tables of one address space: four levels of 512 entries, 47 bits of address (`pgd`, `pud`, `pmd`, `pte`).
///
/// Each table occupies a frame of physical memory. The top level belongs to the address space and is not counted in VmPTE.
public final class PageTable {
    /// Levels of directories, by what one entry of theirs spans.
    static final int PMD = 0;
    static final int PUD = 1;
    static final int PGD = 2;

    private static final int ENTRIES = 512;
    private static final int ENTRY_BITS = 9;
    private static final long NO_KEY = -1;

    private final Interleaving interleaving;
    /// The address space's number.
    private final int id;
    private final Directory root = new Directory(0, FolioTable.NO_FRAME);
    private int tables;
    private long dirtied;
    private int hugePmds;

    // The PTE table looked up last.
    private long cachedKey = NO_KEY;
    private @Nullable PteTable cached;

    public PageTable(Interleaving interleaving, int id) {
        this.interleaving = interleaving;
        this.id = id;
    }

    /// A table of tables.
    private static final class Directory implements TablePage {
        final Object[] entries = new Object[ENTRIES];
        final long base;
        final int frame;
        int used;

        Directory(long base, int frame) {
            this.base = base;
            this.frame = frame;
        }

        @Override
        public long base() {
            return base;
        }

        @Override
        public int frame() {
            return frame;
        }

        @Override
        public void poison() {
            Arrays.fill(entries, null);
        }
    }

    /// Takes over a table that is no longer reachable.
    public interface Release {
        void tableDetached(TablePage table);
    }

    private static int index(long address, int level) {
        return (int) (address >>> (Addresses.PMD_SHIFT + level * ENTRY_BITS)) & ENTRIES - 1;
    }

    /// Bytes that one entry of a directory at `level` spans.
    private static long span(int level) {
        return 1L << (Addresses.PMD_SHIFT + level * ENTRY_BITS);
    }

    /// The name of a PMD entry, for accesses.
    private long entry(long address) {
        return (long) id << Integer.SIZE | 1 + (address >>> Addresses.PMD_SHIFT);
    }

    /// The name of the directories, and of all PMD entries together.
    private long directories() {
        return (long) id << Integer.SIZE;
    }

    private void writeEntry(long address) {
        Interleaving.write(interleaving, Shared.PMD, entry(address), this);
        Interleaving.note(interleaving, Shared.PMD, directories(), true);
    }

    /// The PTE table that maps `address`, or null.
    public @Nullable PteTable find(long address) {
        Interleaving.read(interleaving, Shared.PMD, entry(address), this);
        return address >>> Addresses.PMD_SHIFT == cachedKey ? cached : walk(address);
    }

    private @Nullable PteTable walk(long address) {
        Directory directory = root;
        for (int level = PGD; level > PMD; level--) {
            directory = (Directory) directory.entries[index(address, level)];
            if (directory == null) {
                return null;
            }
        }
        if (!(directory.entries[index(address, PMD)] instanceof PteTable table)) {
            return null;
        }
        cachedKey = address >>> Addresses.PMD_SHIFT;
        cached = table;
        return table;
    }

    // Huge mappings

    /// The huge mapping of `address`, or null.
    public @Nullable HugePmd huge(long address) {
        Interleaving.read(interleaving, Shared.PMD, entry(address), this);
        if (hugePmds == 0) {
            return null;
        }
        Directory pmd = directory(address, PMD);
        return pmd != null && pmd.entries[index(address, PMD)] instanceof HugePmd huge ? huge : null;
    }

    /// The first huge mapping that maps anything in `[start, end)`, or null.
    public @Nullable HugePmd firstHuge(long start, long end) {
        Interleaving.note(interleaving, Shared.PMD, directories(), false);
        return hugePmds == 0 ? null : firstHuge(root, PGD, start, end);
    }

    private static @Nullable HugePmd firstHuge(Directory directory, int level, long start, long end) {
        long span = span(level);
        for (int i = index(Math.max(start, directory.base), level); i < ENTRIES && directory.base + i * span < end; i++) {
            Object entry = directory.entries[i];
            if (level == PMD && entry instanceof HugePmd huge) {
                return huge;
            }
            HugePmd found = level > PMD && entry != null ? firstHuge((Directory) entry, level - 1, start, end) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /// Every huge mapping, lowest first.
    public List<HugePmd> hugeMappings() {
        List<HugePmd> all = new ArrayList<>();
        for (HugePmd huge = firstHuge(0, Addresses.TASK_SIZE); huge != null; huge = firstHuge(huge.end(), Addresses.TASK_SIZE)) {
            all.add(huge);
        }
        return all;
    }

    /// Whether the PMD entry for `address` is empty, or its directories are missing.
    public boolean isPmdNone(long address) {
        Interleaving.read(interleaving, Shared.PMD, entry(address), this);
        Directory pmd = directory(address, PMD);
        return pmd == null || pmd.entries[index(address, PMD)] == null;
    }

    /// Fills an empty PMD entry, whose directories exist; the deposited table counts as one.
    public void addHuge(HugePmd huge) {
        writeEntry(huge.base());
        Directory pmd = directory(huge.base(), PMD);
        checkNone(pmd, huge.base());
        pmd.entries[index(huge.base(), PMD)] = huge;
        pmd.used++;
        tables += huge.hasDeposit() ? 1 : 0;
        hugePmds++;
    }

    /// Empties a PMD entry (`pmdp_huge_get_and_clear`); the caller frees the folio and the deposited table.
    public void removeHuge(HugePmd huge) {
        writeEntry(huge.base());
        Directory pmd = directory(huge.base(), PMD);
        pmd.entries[index(huge.base(), PMD)] = null;
        pmd.used--;
        tables -= huge.hasDeposit() ? 1 : 0;
        hugePmds--;
    }

    /// Puts the table made of its deposit in its place (`pmd_populate`).
    public void splitHuge(HugePmd huge, PteTable table) {
        writeEntry(huge.base());
        directory(huge.base(), PMD).entries[index(huge.base(), PMD)] = table;
        hugePmds--;
    }

    /// A load or store of the page at `address` as the hardware does it: sets the accessed and dirty bits, if the access is allowed.
    ///
    /// @return false if it takes a page fault
    public boolean access(long address, boolean write) {
        PteTable table = find(address);
        if (table == null) {
            HugePmd huge = huge(address);
            return huge != null && huge.access(write);
        }
        int index = PteTable.index(address);
        if (write && table.isClean(index)) {
            dirtied++;
        }
        return table.access(index, write);
    }

    /// How many clean entries [#access] has made dirty since the last call.
    public long takeDirtied() {
        long taken = dirtied;
        dirtied = 0;
        return taken;
    }

    /// As [#access], but returns the entry that was used: [Pte#NONE] if it takes a page fault.
    public long translate(long address, boolean write) {
        PteTable table = find(address);
        if (table == null) {
            HugePmd huge = huge(address);
            return huge != null && huge.access(write) ? huge.pte(address) : Pte.NONE;
        }
        return table.translate(PteTable.index(address), write);
    }

    /// The first PTE table that maps anything in `[start, end)`, or null.
    public @Nullable PteTable first(long start, long end) {
        PteTable hit = find(start);
        if (hit != null) {
            return hit;
        }
        Interleaving.note(interleaving, Shared.PMD, directories(), false);
        return first(root, PGD, start, end);
    }

    /// The next one after `table`, or null.
    public @Nullable PteTable next(PteTable table, long end) {
        return table.end() < end ? first(table.end(), end) : null;
    }

    private static @Nullable PteTable first(Directory directory, int level, long start, long end) {
        long span = span(level);
        for (int i = index(Math.max(start, directory.base), level); i < ENTRIES; i++) {
            long base = directory.base + i * span;
            if (base >= end) {
                return null;
            }
            Object entry = directory.entries[i];
            PteTable found = level > PMD && entry != null
                    ? first((Directory) entry, level - 1, start, end)
                    : entry instanceof PteTable table ? table : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /// How many tables are missing on the way to `address`, PTE table included.
    public int missing(long address) {
        Interleaving.note(interleaving, Shared.PMD, directories(), false);
        Directory directory = root;
        for (int level = PGD; level > PMD; level--) {
            directory = (Directory) directory.entries[index(address, level)];
            if (directory == null) {
                return level + 1;
            }
        }
        return directory.entries[index(address, PMD)] == null ? 1 : 0;
    }

    /// Installs a new directory, in `frame`, in the topmost gap on the way to `address`.
    public void addDirectory(long address, int frame) {
        Interleaving.write(interleaving, Shared.PMD, directories(), this);
        Directory directory = root;
        int level = PGD;
        Object next = directory.entries[index(address, level)];
        while (next != null) {
            directory = (Directory) next;
            next = directory.entries[index(address, --level)];
        }
        directory.entries[index(address, level)] = new Directory(address & -span(level), frame);
        directory.used++;
        tables++;
    }

    /// Installs `table`; its directories exist.
    public void add(PteTable table) {
        writeEntry(table.base());
        Directory pmd = directory(table.base(), PMD);
        checkNone(pmd, table.base());
        pmd.entries[index(table.base(), PMD)] = table;
        pmd.used++;
        tables++;
    }

    /// `BUG_ON(!pmd_none(*pmd))`.
    private static void checkNone(Directory pmd, long base) {
        if (pmd.entries[index(base, PMD)] != null) {
            throw new KernelRuleBroken("kernel bug: the PMD entry for 0x" + Long.toHexString(base) + " is filled twice");
        }
    }

    /// Null if it is missing.
    private Directory directory(long address, int wanted) {
        Directory directory = root;
        for (int level = PGD; level > wanted && directory != null; level--) {
            directory = (Directory) directory.entries[index(address, level)];
        }
        return directory;
    }

    /// Removes one PTE table (`pmd_clear`); its directories stay. The caller frees its frame.
    public void remove(PteTable table) {
        writeEntry(table.base());
        Directory pmd = directory(table.base(), PMD);
        pmd.entries[index(table.base(), PMD)] = null;
        pmd.used--;
        forget(table);
    }

    /// Puts back a table that [#remove] has removed (`pmd_populate`).
    public void putBack(PteTable table) {
        table.attach();
        add(table);
    }

    /// Moves a table to the addresses from `base` on, whose directories exist.
    public void move(PteTable table, long base) {
        remove(table);
        add(table.movedTo(base));
    }

    private void forget(PteTable table) {
        table.detach();
        tables--;
        if (cached == table) {
            cachedKey = NO_KEY;
            cached = null;
        }
    }

    /// Removes every table that maps part of `[start, end)` and whose whole span lies in `[floor, ceiling)`, where nothing else is mapped
    /// (`free_pgd_range`).
    public void removeRange(long start, long end, long floor, long ceiling, Release release) {
        Interleaving.write(interleaving, Shared.PMD, directories(), this);
        removeRange(root, PGD, start, end, floor, ceiling, release);
    }

    private void removeRange(Directory directory, int level, long start, long end, long floor, long ceiling, Release release) {
        long span = span(level);
        for (int i = index(Math.max(start, directory.base), level); i < ENTRIES; i++) {
            long base = directory.base + i * span;
            if (base >= end) {
                return;
            }
            Object entry = directory.entries[i];
            if (entry == null) {
                continue;
            }
            if (level > PMD) {
                removeRange((Directory) entry, level - 1, start, end, floor, ceiling, release);
            }
            if (base >= floor && base + span <= ceiling) {
                Interleaving.note(interleaving, Shared.PMD, entry(base), true);
                directory.entries[i] = null;
                directory.used--;
                release.tableDetached(drop(entry));
            }
        }
    }

    private TablePage drop(Object entry) {
        if (entry instanceof PteTable table) {
            if (table.used() != 0) {
                throw new KernelRuleBroken("kernel bug: page table at 0x" + Long.toHexString(table.base()) + " freed with entries in use");
            }
            forget(table);
            return table;
        }
        if (entry instanceof HugePmd huge) {
            throw new KernelRuleBroken("kernel bug: huge mapping of 0x" + Long.toHexString(huge.base()) + " left behind");
        }
        Directory directory = (Directory) entry;
        if (directory.used != 0) {
            throw new KernelRuleBroken("kernel bug: page directory at 0x" + Long.toHexString(directory.base)
                    + " freed with entries in use");
        }
        tables--;
        return directory;
    }

    /// Tables below the top level.
    public int tables() {
        return tables;
    }

    /// VmPTE: bytes of tables below the top level.
    public long bytes() {
        return tables * Addresses.PAGE_SIZE;
    }
}
