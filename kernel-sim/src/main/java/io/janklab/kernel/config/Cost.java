package io.janklab.kernel.config;

/// The cost of each step of the kernel, in nanoseconds on a core of capacity 1024 (slower cores take proportionally longer).
///
/// No cost of a phone's page fault or madvise has been published; these defaults are parameters to vary, scaled from the x86
/// figures cited, and a device file or a calibration replaces them.
public enum Cost implements Price {
    // Entry and scheduling
    SYSCALL("syscall", 120, "enter and leave the kernel"),
    KERNEL_COLD("kernel.cold", 0,
            "enter the kernel with cold caches: the first time by each call or fault after 20 µs or more in user mode"),
    KERNEL_COLDER("kernel.colder", 0, "the same after an interrupt, on top of kernel.cold"),
    FAULT_ENTRY("fault.entry", 300, "take a page fault exception and return from it"),
    CONTEXT_SWITCH("sched.switch", 1_500, "switch a core to another task"),
    IDLE_EXIT("sched.idle-exit", 3_000, "leave the idle loop, on top of the switch"),
    IDLE_ENTRY("sched.idle-entry", 0, "from going idle until the core has halted; woken before that, it need not be interrupted"),
    IDLE_TURN("sched.idle-turn", 0, "from going idle until a core that is woken before it has halted leaves the idle loop"),
    WAKE("sched.wake", 400, "try_to_wake_up, paid by the waker"),
    WAKE_IDLE("sched.wake.idle", 0, "interrupt a core that has halted, for the task woken there; paid by the waker on top"),
    INTERRUPT("irq", 700, "take an interrupt: the cost of an IPI to its receiver"),
    INTERRUPT_IN_KERNEL("irq.kernel", 0, "an interrupt of the kernel itself, on top: a hypervisor may have to help it return"),
    IPI_SEND("ipi.send", 300, "send one inter-processor interrupt"),
    IPI_DELIVERY("ipi.delivery", 0, "an inter-processor interrupt's way to the other core"),

    // Locks
    LOCK("lock.fast", 12, "an uncontended atomic acquire or release"),
    LOCK_TRANSFER("lock.transfer", 60, "a lock's cache line arrives from another core"),
    LOCK_QUEUE("lock.queue", 150, "enter a sleeping lock's wait queue"),
    FUTEX("futex", 350, "hash-bucket work of one futex wait or wake, beside the system call"),

    // Faults
    FAULT_WALK("fault.walk", 150, "find the VMA and walk its page tables"),
    PAGE_ALLOC("page.alloc", 65, "take a page from the per-CPU list and charge it"),
    LRU_ADD("lru.add", 25, "one folio joins its LRU list; paid for a whole batch of them when that is full"),
    PAGE_ZERO("page.zero", 130, "clear a 4 KiB page"),
    PAGE_COPY("page.copy", 250, "copy a 4 KiB page"),
    HUGE_ZERO("huge.zero", 60_000, "clear a 2 MiB page"),
    HUGE_SPLIT("huge.split", 6_000, "split a 2 MiB mapping into 512 entries"),
    PAGE_TABLE_ALLOC("pgtable.alloc", 300, "allocate and clear a page table"),
    FAULT_AROUND_PTE("fault-around.pte", 20, "map one more resident page around a file fault"),
    IO_SUBMIT("io.submit", 3_000, "build and queue one read of a file"),
    SCAN_PTE("scan.pte", 6, "look at one present PTE and its folio without changing them"),
    PTE_SET("pte.set", 25, "write a PTE, with its reverse map and counters"),
    ANON_VMA_PREPARE("anon-vma.prepare", 350, "attach an anon_vma to a VMA"),

    // Zap, lazyfree, TLB
    MADVISE("madvise", 100, "madvise's own bookkeeping"),
    ZAP_PTE("zap.pte", 45, "clear one present PTE: reverse map, counters, gather"),
    ZAP_SKIP("zap.skip", 1, "step over one empty PTE"),
    FREE_PTE("free.pte", 20, "clean one PTE for MADV_FREE or MADV_COLD"),
    LRU_MOVE("lru.move", 20, "move one folio to another LRU list, as the first MADV_FREE of a page does"),
    PTE_DIRTY("pte.dirty", 0, "store to a page whose PTE is writable but clean, as after MADV_FREE"),
    GUARD_PTE("guard.pte", 15, "install or remove one guard marker"),
    PAGE_FREE("page.free", 60, "return one page to the allocator"),
    PAGE_TABLE_FREE("pgtable.free", 250, "return one page table"),
    TLBI("tlbi.page", 15, "invalidate one page's translation (arm64: broadcast)"),
    TLBI_ALL("tlbi.all", 700, "invalidate an address space's translations"),
    TLB_FLUSH("tlbi.flush", 0, "one flush, and what was gathered for it, on top of the translations it invalidates"),

    // userfaultfd
    SIGNAL("signal", 1_200, "deliver a signal to a handler, and return from it"),
    USERFAULTFD("uffd", 150, "a userfaultfd ioctl's own bookkeeping"),
    UFFD_MOVE_PTE("uffd.move.pte", 60, "look at both ends of one page's move, beside the entries' own cost"),

    // Swap
    ZRAM_COMPRESS("zram.compress", 6_000, "compress a page with lz4, at about 0.7 GB/s"),
    ZRAM_DECOMPRESS("zram.decompress", 2_000, "decompress a page with lz4, at about 2 GB/s"),

    // VMAs
    MMAP("mmap", 900, "mmap's own work, a new VMA included"),
    BRK("brk", 900, "brk's own work when the heap grows, a new VMA included"),
    MUNMAP("munmap", 700, "munmap's own work for one VMA"),
    MPROTECT("mprotect", 350, "mprotect's own work for one VMA"),
    PROTECT_PTE("protect.pte", 18, "change one present PTE's protection"),
    MREMAP("mremap", 900, "mremap's own work, a new VMA included"),
    MOVE_TABLE("move.table", 60, "move a whole page table to another directory entry"),
    MOVE_PTE("move.pte", 20, "move one entry to another table"),
    MAPS_LINE("maps.line", 600, "make one line of /proc/PID/maps"),
    SMAPS_PTE("smaps.pte", 15, "count one entry for /proc/PID/smaps"),
    LOOK_PTE("look.pte", 4, "look at one entry (mincore)"),
    VMA_SPLIT("vma.split", 650, "split a VMA"),
    VMA_MERGE("vma.merge", 450, "merge VMAs that are there, or move the boundary between two"),
    VMA_EXPAND("vma.expand", 450, "extend a VMA over new memory, instead of making one"),
    VMA_NEW("vma.new", 0, "make a VMA for new or moved memory, on top of mmap, brk or mremap"),

    // Fork
    FORK("fork", 25_000, "fork's own work outside the address space"),
    FORK_VMA("fork.vma", 450, "copy one VMA"),
    FORK_PTE("fork.pte", 30, "copy one present PTE: reverse map, counters, write protection"),

    // Copies
    COPY_USER_PAGE("copy-user.page", 160, "copy 4 KiB between kernel and user");

    private final String key;
    private final long defaultNs;
    private final String meaning;

    Cost(String key, long defaultNs, String meaning) {
        this.key = key;
        this.defaultNs = defaultNs;
        this.meaning = meaning;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public long defaultNs() {
        return defaultNs;
    }

    /// Whether it may be given as a [Spread]: the steps whose chance reaches the percentiles of short calls.
    public boolean mayVary() {
        return this == IPI_DELIVERY || this == IDLE_EXIT || this == KERNEL_COLD;
    }

    public String meaning() {
        return meaning;
    }
}
