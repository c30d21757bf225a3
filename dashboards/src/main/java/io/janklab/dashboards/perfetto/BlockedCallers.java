package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.Interned;
import io.janklab.dashboards.perfetto.Fields.InternedData;
import io.janklab.dashboards.perfetto.Fields.Packet;
import io.janklab.kernel.trace.TracedTask;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a task sleeps in D state, as `sched_blocked_reason` has it: the innermost function outside of scheduler and lock code
/// (`get_wchan`), so that of a wait for `mmap_lock` it is the one that asked for it. Each symbol is written once, before its first use.
final class BlockedCallers {
    /// Since 6.5 a fault asks for `mmap_lock` there, before in the architecture's handler.
    private static final String FAULT = "lock_mm_and_find_vma";
    private static final String OLD_FAULT = "do_page_fault";
    private static final String PAGE_WAIT = "folio_wait_bit_common";
    /// The functions of system calls that take `mmap_lock` under another name than their entry's.
    private static final Map<String, String> FUNCTIONS = Map.ofEntries(
            Map.entry("mmap", "vm_mmap_pgoff"),
            Map.entry("munmap", "__vm_munmap"),
            Map.entry("mprotect", "do_mprotect_pkey"),
            Map.entry("madvise", "do_madvise"),
            Map.entry("process_madvise", "do_madvise"),
            Map.entry("mlock", "do_mlock"),
            Map.entry("mseal", "do_mseal"),
            Map.entry("process_vm_readv", "process_vm_rw_core"),
            Map.entry("read(/proc/PID/mem)", "access_remote_vm"),
            Map.entry("read(/proc/PID/cmdline)", "access_remote_vm"),
            Map.entry("read(/proc/PID/maps)", "m_start"),
            Map.entry("fork", "dup_mm"),
            Map.entry("clone", "dup_mm"));

    private final PacketWriter packets;
    private final String fault;
    private final Map<String, Long> iids = new LinkedHashMap<>();

    /// @param release the kernel's, as `uname -r` prints it
    BlockedCallers(PacketWriter packets, String release) {
        this.packets = packets;
        this.fault = isBefore65(release) ? OLD_FAULT : FAULT;
    }

    private static boolean isBefore65(String release) {
        String[] numbers = release.split("[^0-9]+");
        int major = Integer.parseInt(numbers[0]);
        return major < 6 || (major == 6 && Integer.parseInt(numbers[1]) < 5);
    }

    /// The interned id of the function in which a task sleeps that waits for a lock, or for a page's contents if `wait` is null; 0 if
    /// no task sleeps there.
    long of(TracedTask task, @Nullable LockWaitSlice wait) {
        String function = function(task, wait);
        return function == null ? 0 : iids.computeIfAbsent(function, this::tell);
    }

    private @Nullable String function(TracedTask task, @Nullable LockWaitSlice wait) {
        if (wait == null) {
            return PAGE_WAIT;
        }
        return switch (wait.lock().lockClass()) {
            case MMAP_LOCK -> caller(task, fault);
            case ANON_VMA, I_MMAP -> caller(task, "rmap_walk");
            case MUTEX -> caller(task, "mutex_lock");
            case HUGETLB_VMA -> caller(task, "hugetlb_fault");
            case VMA_LOCK -> "__vma_start_write";
            case FOLIO -> PAGE_WAIT;
            case FUTEX -> "futex_wait_queue";
            case PAGE_TABLE, SPINLOCK -> null;
        };
    }

    /// @param outside of system calls, and in copies to and from user space, which fault
    private static String caller(TracedTask task, String outside) {
        String call = task.systemCall();
        if (call == null || call.startsWith("copy_")) {
            return outside;
        }
        if (call.startsWith("ioctl(UFFDIO_")) {
            return "userfaultfd_ioctl";
        }
        int end = call.indexOf('(');
        return FUNCTIONS.getOrDefault(call, "__do_sys_" + (end < 0 ? call : call.substring(0, end)));
    }

    private long tell(String symbol) {
        long iid = iids.size() + 1L;
        ProtoMessage entry = new ProtoMessage().number(Interned.IID, iid).text(Interned.NAME, symbol);
        packets.write(new ProtoMessage()
                .message(Packet.INTERNED_DATA, new ProtoMessage().message(InternedData.KERNEL_SYMBOLS, entry))
                .number(Packet.SEQUENCE_FLAGS, Packet.NEEDS_INCREMENTAL_STATE));
        return iid;
    }
}
