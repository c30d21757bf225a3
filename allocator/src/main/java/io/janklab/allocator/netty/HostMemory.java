package io.janklab.allocator.netty;

import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.syscall.ProcessMemory;
import io.janklab.kernel.syscall.UserMemory;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The bytes of the process's memory. Used only under the process's lock, except for [#epoch].
///
/// Each simulated page carries a stamp, which the kernel keeps through swap and loses where it loses contents. A page without it reads
/// zero, whatever the host's memory still holds; its first access clears that memory.
final class HostMemory implements UserMemory {
    /// Stamp of a page whose bytes are the host's.
    private static final long HELD = 1;

    private final ProcessMemory pages;
    private final VmStat vmstat;
    /// The mappings, by first address.
    private final NavigableMap<Long, MappedRange> ranges = new TreeMap<>();
    /// The range found last; null if none has been since it was unmapped.
    private @Nullable MappedRange found;
    private long reclaimed;
    private volatile int epoch = 1;

    /// A mapped range, whole or part of a mapping.
    private record MappedRange(long start, long end, HostPages pages) {
        static MappedRange of(HostPages mapping) {
            return new MappedRange(mapping.base, mapping.base + mapping.bytes.capacity(), mapping);
        }

        boolean contains(long address) {
            return address >= start && address < end;
        }
    }

    HostMemory(Process process) {
        this.pages = (ProcessMemory) process.syscalls().memory();
        this.vmstat = process.mm().memory().vmstat();
    }

    /// Counts up when the kernel has taken pages back.
    int epoch() {
        return epoch;
    }

    // Mappings

    void map(HostPages mapping) {
        add(MappedRange.of(mapping));
    }

    private void add(MappedRange range) {
        ranges.put(range.start, range);
    }

    void unmap(long address, long length) {
        long end = address + length;
        for (Map.Entry<Long, MappedRange> hit = ranges.lowerEntry(end); hit != null
                && hit.getValue().end > address; hit = ranges.lowerEntry(end)) {
            MappedRange range = hit.getValue();
            ranges.remove(hit.getKey());
            range.pages.forget(Math.max(range.start, address), Math.min(range.end, end));
            if (range.start < address) {
                add(new MappedRange(range.start, address, range.pages));
            }
            if (range.end > end) {
                add(new MappedRange(end, range.end, range.pages));
            }
        }
        found = null;
    }

    /// The mapping that a mapped address belongs to.
    HostPages find(long address) {
        MappedRange last = found;
        if (last == null || !last.contains(address)) {
            last = ranges.floorEntry(address).getValue();
            found = last;
        }
        return last.pages;
    }

    /// The kernel has dropped these pages, or may from now on.
    void advised(long address, long length, boolean dropped) {
        HostPages mapping = find(address);
        mapping.forget(address, address + length);
        if (dropped) {
            mapping.zero(address, address + length);
        }
    }

    // Access

    /// Makes the range readable, or writable, as a load or store would.
    void touch(Task task, HostPages mapping, long address, long length, boolean write) {
        long end = address + Math.max(length, 1);
        for (long page = address & -HostPages.PAGE_SIZE; page < end; page += HostPages.PAGE_SIZE) {
            if (write) {
                pages.write(task, page, 1);
            }
            boolean held = pages.load(task, page) == HELD;
            if (!held) {
                mapping.zero(page, page + HostPages.PAGE_SIZE);
            }
            if (write && !held) {
                pages.store(task, page, HELD);
            }
            mapping.know(mapping.page(page), write, epoch);
        }
    }

    /// Checks whether the kernel has taken pages back. Under the process's lock: there is one writer of the epoch.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void noticeReclaim() {
        long taken = vmstat.get(VmStat.Item.PSWPOUT) + vmstat.get(VmStat.Item.PGLAZYFREED);
        if (taken != reclaimed) {
            reclaimed = taken;
            epoch++;
        }
    }

    @Override
    public void read(Task task, long address, long length) {
        touch(task, find(address), address, length, false);
    }

    @Override
    public void write(Task task, long address, long length) {
        touch(task, find(address), address, length, true);
    }

    @Override
    public void zero(Task task, long address, long length) {
        HostPages mapping = find(address);
        touch(task, mapping, address, length, true);
        mapping.zero(address, address + length);
    }

    @Override
    public void copy(Task task, long from, long to, long length) {
        HostPages source = find(from);
        HostPages target = find(to);
        touch(task, source, from, length, false);
        touch(task, target, to, length, true);
        target.bytes.put((int) (to - target.base), source.bytes, (int) (from - source.base), (int) length);
    }
}
