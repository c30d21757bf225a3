package io.janklab.kernel.mm.proc;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.Vma;

/// What a [ProcFile] shows of one VMA, whose lock, or mmap_lock, is held.
interface VmaRecord {
    void show(Task task, Vma vma, StringBuilder out);
}
