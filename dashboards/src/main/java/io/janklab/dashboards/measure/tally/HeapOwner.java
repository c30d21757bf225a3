package io.janklab.dashboards.measure.tally;

/// The heap that a VMA belongs to, by the name that it was given.
final class HeapOwner {
    static final String JAVA = "Java heap";
    static final String NATIVE = "native heap";

    private HeapOwner() {}

    /// ART names all of its mappings `dalvik-…`; Scudo `scudo:…`, bionic's jemalloc `libc_malloc`, jemalloc elsewhere does not.
    ///
    /// @param vma the VMA's name, empty if it has none
    /// @return that heap, or else the VMA's name
    static String of(String vma) {
        if (vma.startsWith("dalvik-")) {
            return JAVA;
        }
        return vma.isEmpty() || vma.equals("libc_malloc") || vma.startsWith("scudo:") ? NATIVE : vma;
    }
}
