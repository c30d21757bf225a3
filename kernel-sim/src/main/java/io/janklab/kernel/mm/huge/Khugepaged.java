package io.janklab.kernel.mm.huge;

import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.fault.HugeDaemon;
import io.janklab.kernel.mm.fault.HugePolicy;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.PteTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The kernel thread that makes huge pages of base pages (Linux `mm/khugepaged.c`): every ten seconds it scans eight of them.
///
/// It starts when the first address space asks for huge pages, and has the lowest priority.
public final class Khugepaged implements HugeDaemon {
    /// `khugepaged_scan_sleep_millisecs`.
    static final long SCAN_SLEEP_NS = 10_000_000_000L;
    /// `khugepaged_pages_to_scan`: 4096 base pages.
    private static final int HUGE_PAGES_TO_SCAN = 8;
    private static final int KERNEL_TGID = 0;
    private static final int MAX_NICE = 19;

    private final Scheduler scheduler;
    private final HugePolicy policy;
    @SuppressWarnings("NullAway.Init")
    private Collapse collapse;
    private final List<Mm> registered = new ArrayList<>();
    private boolean running;
    private boolean stopped;
    /// Where the next round begins.
    private @Nullable Mm cursor;
    private long cursorAddress;

    public Khugepaged(Scheduler scheduler, HugePolicy policy) {
        this.scheduler = scheduler;
        this.policy = policy;
    }

    /// How it collapses; set before any address space asks for huge pages.
    public void collapseBy(Collapse how) {
        collapse = how;
    }

    /// From now on it takes no address space any more, as with a `scan_sleep_millisecs` without end.
    public void stop() {
        stopped = true;
    }

    /// `khugepaged_enter_vma`.
    @Override
    public void enter(Mm mm) {
        if (stopped || registered.contains(mm)) {
            return;
        }
        registered.add(mm);
        if (!running) {
            running = true;
            scheduler.spawn(scheduler.newTid(), KERNEL_TGID, "khugepaged", "kernel", TaskAttributes.normal(MAX_NICE), this::run);
        }
    }

    /// `khugepaged_exit`.
    public void exit(Mm mm) {
        registered.remove(mm);
        if (cursor == mm) {
            cursor = null;
        }
    }

    /// Runs until no address space needs it any more.
    private void run(Task self) {
        while (!registered.isEmpty()) {
            scan(self);
            self.napUntil(self.now() + SCAN_SLEEP_NS);
        }
        running = false;
    }

    /// `khugepaged_do_scan`, which begins with `lru_add_drain_all`: one address space per round (`khugepaged_scan_mm_slot`). An mmap_lock
    /// that is not free at once ends it.
    private void scan(Task self) {
        // Explorers let it begin a round at any moment: theirs would never end if each changed something.
        if (!scheduler.interleaving().isExploring()) {
            registered.getFirst().memory().drainAll(self);
        }
        if (registered.isEmpty()) {
            return;
        }
        if (cursor == null) {
            cursor = registered.getFirst();
            cursorAddress = 0;
        }
        Mm mm = cursor;
        int budget = HUGE_PAGES_TO_SCAN;
        while (budget-- > 0 && cursor == mm && mm.mmapLock().downReadTrylock(self)) {
            long base = nextCandidate(mm, cursorAddress);
            if (base < 0) {
                next(mm);
                mm.mmapLock().upRead(self);
                return;
            }
            cursorAddress = base + Addresses.PMD_SIZE;
            if (collapse.anonymous(self, mm, base, true).locked()) {
                mm.mmapLock().upRead(self);
            }
            self.condResched();
        }
    }

    /// The address space may have exited meanwhile, and may have been the last one.
    private void next(Mm mm) {
        int at = registered.indexOf(mm);
        cursor = registered.isEmpty() ? null : registered.get((at + 1) % registered.size());
        cursorAddress = 0;
    }

    /// The first 2 MiB from `address` on that may be huge and are mapped by a table; −1 if there is none.
    private long nextCandidate(Mm mm, long address) {
        PteTable table = mm.pageTable().first(address, Addresses.TASK_SIZE);
        while (table != null) {
            Vma vma = mm.vmas().lookup(table.base());
            if (vma != null && vma.file() == null && policy.allows(vma, table.base())) {
                return table.base();
            }
            table = mm.pageTable().next(table, Addresses.TASK_SIZE);
        }
        return -1;
    }
}
