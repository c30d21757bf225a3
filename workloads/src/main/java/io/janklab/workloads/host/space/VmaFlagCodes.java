package io.janklab.workloads.host.space;

import io.janklab.kernel.mm.space.VmFlags;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The two-letter codes of VMA flags in the `VmFlags:` line of smaps (Linux `fs/proc/task_mmu.c`, `show_smap_vma_flags`).
final class VmaFlagCodes {
    private static final Map<String, Integer> CODES = new TreeMap<>(Map.of(
            "rd", VmFlags.VM_READ,
            "wr", VmFlags.VM_WRITE,
            "ex", VmFlags.VM_EXEC,
            "mr", VmFlags.VM_MAYREAD,
            "mw", VmFlags.VM_MAYWRITE,
            "me", VmFlags.VM_MAYEXEC,
            "lo", VmFlags.VM_LOCKED,
            "sr", VmFlags.VM_SEQ_READ,
            "rr", VmFlags.VM_RAND_READ));

    static {
        CODES.put("sh", VmFlags.VM_SHARED);
        CODES.put("ms", VmFlags.VM_MAYSHARE);
        CODES.put("dc", VmFlags.VM_DONTCOPY);
        CODES.put("nr", VmFlags.VM_NORESERVE);
        CODES.put("wf", VmFlags.VM_WIPEONFORK);
        CODES.put("dd", VmFlags.VM_DONTDUMP);
        CODES.put("gd", VmFlags.VM_GROWSDOWN);
        CODES.put("um", VmFlags.VM_UFFD_MISSING);
        CODES.put("uw", VmFlags.VM_UFFD_WP);
        CODES.put("hg", VmFlags.VM_HUGEPAGE);
        CODES.put("nh", VmFlags.VM_NOHUGEPAGE);
        CODES.put("mg", VmFlags.VM_MERGEABLE);
        CODES.put("lf", VmFlags.VM_LOCKONFAULT);
        CODES.put("ui", VmFlags.VM_UFFD_MINOR);
        CODES.put("ht", VmFlags.VM_HUGETLB);
        CODES.put("dp", VmFlags.VM_DROPPABLE);
        CODES.put("sl", VmFlags.VM_SEALED);
    }

    private VmaFlagCodes() {}

    static Set<String> all() {
        return CODES.keySet();
    }

    /// In alphabetical order.
    static String of(int flags) {
        StringBuilder text = new StringBuilder();
        CODES.forEach((code, bit) -> {
            if ((flags & bit) != 0) {
                text.append(text.isEmpty() ? "" : " ").append(code);
            }
        });
        return text.toString();
    }
}
