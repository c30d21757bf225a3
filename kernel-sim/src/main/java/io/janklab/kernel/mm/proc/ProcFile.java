package io.janklab.kernel.mm.proc;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.Vma;

/// An open `/proc/PID/maps`, `smaps` or `numa_maps`: text generated VMA by VMA as it is read (Linux `fs/proc/task_mmu.c`, `fs/seq_file.c`).
///
/// Each `read(2)` yields as many whole records as fit into a page, under the lock of its kernel; between reads the address space may
/// change, and the next read continues at the address where the last one stopped.
public final class ProcFile {
    /// Bytes of the buffer; a record that does not fit waits for the next read.
    private static final int BUFFER = 4096;

    private final VmaCursor vmas;
    private final VmaRecord format;
    private long position;

    /// `/proc/PID/maps` of `mm`.
    ///
    /// @param byVmaLock whether each VMA is read under its own lock, mmap_lock otherwise
    public static ProcFile maps(Mm mm, boolean byVmaLock) {
        return new ProcFile(VmaCursor.of(mm, byVmaLock), new MapsRecord());
    }

    /// `/proc/PID/smaps` of `mm`, likewise.
    public static ProcFile smaps(Mm mm, boolean byVmaLock) {
        VmaCursor cursor = VmaCursor.of(mm, byVmaLock);
        return new ProcFile(cursor, new SmapsRecord(cursor));
    }

    /// `/proc/PID/numa_maps` of `mm`, likewise.
    public static ProcFile numaMaps(Mm mm, boolean byVmaLock) {
        VmaCursor cursor = VmaCursor.of(mm, byVmaLock);
        return new ProcFile(cursor, new NumaMapsRecord(cursor));
    }

    ProcFile(VmaCursor vmas, VmaRecord format) {
        this.vmas = vmas;
        this.format = format;
    }

    /// `read(2)`: the next records, or nothing at the end, to a killed reader, or of a process that has exited.
    public String read(Task task) {
        if (!vmas.mm.tryGet()) {
            return "";
        }
        String text = vmas.start(task) ? records(task) : "";
        vmas.mm.put(task);
        return text;
    }

    private String records(Task task) {
        StringBuilder buffer = new StringBuilder(BUFFER);
        Vma vma = vmas.next(task, position);
        while (vma != null) {
            int before = buffer.length();
            format.show(task, vma, buffer);
            if (before > 0 && buffer.length() > BUFFER) {
                buffer.setLength(before);
                break;
            }
            position = vma.end();
            vma = vmas.next(task, position);
        }
        vmas.stop(task);
        return buffer.toString();
    }
}
