package io.janklab.workloads.app.process;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.uapi.Mman;

/// The operations of `dlopen` of one library on the address space, as in bionic's `linker/linker_phdr.cpp`: mmap_lock for writing 18 times,
/// and a copied page for every page that is relocated.
///
/// **Caveat.** The linker's own tables, which it makes writable before and read-only after, are left out.
public final class DynamicLinker {
    private static final long PAGE = Hardware.PAGE_SIZE;
    /// Program headers, section headers, `.dynamic`, its strings: read through mappings of their own (`MappedFileFragment`).
    private static final int FRAGMENTS = 4;
    /// `kLibraryAlignment`: this much more is reserved, and the excess is unmapped again.
    private static final long ALIGNMENT = 256 << 10;
    /// lld's four segments, in eighths of the file: read-only data, code, data that are read-only after relocation, data.
    private static final int[] EIGHTHS = {2, 4, 1, 1};
    private static final int[] PROTECTION = {Mman.PROT_READ, Mman.PROT_READ | Mman.PROT_EXEC, Mman.PROT_RW, Mman.PROT_RW};
    private static final int RELRO = 2;

    private final Mappings mappings;
    private final UserMemory memory;

    public DynamicLinker(Mappings mappings, UserMemory memory) {
        this.mappings = mappings;
        this.memory = memory;
    }

    /// Loads the library and relocates `relocatedBytes` of it.
    public void load(Task task, VirtualFile library, long relocatedBytes) {
        long[] fragments = readHeaders(task, library);
        long eighth = library.pages() / 8 * PAGE;
        long start = reserve(task, 8 * eighth + PAGE);
        long relro = loadSegments(task, library, start, eighth);
        long bss = start + 8 * eighth;
        mappings.mapFixed(task, bss, PAGE, Mman.PROT_RW);
        mappings.name(task, bss, PAGE, ".bss");
        for (long done = 0; done < Math.min(relocatedBytes, eighth); done += PAGE) {
            memory.write(task, relro + done, Long.BYTES);
        }
        mappings.protect(task, relro, eighth, Mman.PROT_READ);
        for (long fragment : fragments) {
            mappings.unmap(task, fragment, PAGE);
        }
    }

    private long[] readHeaders(Task task, VirtualFile library) {
        long[] fragments = new long[FRAGMENTS];
        for (int i = 0; i < FRAGMENTS; i++) {
            fragments[i] = mappings.mapFile(task, 0, PAGE, Mman.PROT_READ, library, (long) i * library.pages() / FRAGMENTS * PAGE);
            memory.read(task, fragments[i], PAGE);
        }
        return fragments;
    }

    /// `ReserveWithAlignmentPadding`.
    private long reserve(Task task, long bytes) {
        long all = mappings.reserve(task, bytes + ALIGNMENT);
        long start = (all + ALIGNMENT - 1) & -ALIGNMENT;
        if (start > all) {
            mappings.unmap(task, all, start - all);
        }
        if (start < all + ALIGNMENT) {
            mappings.unmap(task, start + bytes, all + ALIGNMENT - start);
        }
        return start;
    }

    /// Returns the address of the segment that becomes read-only after relocation.
    private long loadSegments(Task task, VirtualFile library, long start, long eighth) {
        long at = start;
        long relro = 0;
        for (int segment = 0; segment < EIGHTHS.length; segment++) {
            relro = segment == RELRO ? at : relro;
            mappings.mapFile(task, at, EIGHTHS[segment] * eighth, PROTECTION[segment], library, at - start);
            at += EIGHTHS[segment] * eighth;
        }
        return relro;
    }
}
