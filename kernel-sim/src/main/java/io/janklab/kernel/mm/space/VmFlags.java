package io.janklab.kernel.mm.space;

import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.uapi.Mman;

/// Bits of `vm_area_struct::vm_flags`, with Linux's values (`include/linux/mm.h`).
public final class VmFlags {
    public static final int VM_READ = 0x1;
    public static final int VM_WRITE = 0x2;
    public static final int VM_EXEC = 0x4;
    /// Writes reach the file, and all other mappings of it.
    public static final int VM_SHARED = 0x8;
    public static final int VM_MAYREAD = 0x10;
    public static final int VM_MAYWRITE = 0x20;
    public static final int VM_MAYEXEC = 0x40;
    public static final int VM_MAYSHARE = 0x80;
    /// Grows downwards when touched below its start.
    public static final int VM_GROWSDOWN = 0x100;
    public static final int VM_UFFD_MISSING = 0x200;
    /// Of a device's memory; VM_IO, too, which comes with it (`remap_pfn_range`).
    public static final int VM_PFNMAP = 0x400;
    public static final int VM_UFFD_WP = 0x1000;
    /// May hold guard markers (6.19).
    public static final int VM_MAYBE_GUARD = 0x800;
    public static final int VM_LOCKED = 0x2000;
    /// MAP_DROPPABLE. Linux has it beyond 32 bits; this is VM_IO's bit, for which VM_PFNMAP stands.
    public static final int VM_DROPPABLE = 0x4000;
    public static final int VM_SEQ_READ = 0x8000;
    public static final int VM_RAND_READ = 0x10000;
    public static final int VM_DONTCOPY = 0x20000;
    public static final int VM_DONTEXPAND = 0x40000;
    /// Of locked memory: pages are locked as they are faulted in, and not before.
    public static final int VM_LOCKONFAULT = 0x80000;
    /// Its pages are charged to the commit limit; otherwise it only decides which VMAs are compatible.
    public static final int VM_ACCOUNT = 0x100000;
    public static final int VM_NORESERVE = 0x200000;
    public static final int VM_HUGETLB = 0x400000;
    /// `mseal(2)`. Linux has it beyond 32 bits; this is VM_SYNC's bit, which only file mappings use.
    public static final int VM_SEALED = 0x800000;
    /// The protection key of execute-only memory on x86 (`execute_only_pkey`). Linux has keys beyond 32 bits; this is VM_ARCH_1's bit.
    public static final int VM_PKEY_EXECUTE_ONLY = 0x1000000;
    public static final int VM_WIPEONFORK = 0x2000000;
    public static final int VM_DONTDUMP = 0x4000000;
    /// Linux has it beyond 32 bits; this is VM_SOFTDIRTY's bit.
    public static final int VM_UFFD_MINOR = 0x8000000;
    static final int VM_MIXEDMAP = 0x10000000;
    public static final int VM_HUGEPAGE = 0x20000000;
    public static final int VM_NOHUGEPAGE = 0x40000000;
    public static final int VM_MERGEABLE = 0x80000000;

    /// The flags of mlock (`VM_LOCKED_MASK`).
    public static final int VM_LOCKED_MASK = VM_LOCKED | VM_LOCKONFAULT;
    /// Flags that do not keep VMAs apart; a merged one has those of both.
    public static final int VM_STICKY = VM_MAYBE_GUARD;
    /// VMAs that are never merged.
    public static final int VM_SPECIAL = VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP;
    /// Set while a userfaultfd is armed on the VMA.
    public static final int VM_UFFD_FLAGS = VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR;
    public static final int VM_ACCESS_FLAGS = VM_READ | VM_WRITE | VM_EXEC;
    /// The flags that mprotect replaces: the rights, and the key that comes with them.
    public static final int VM_PROTECTION_FLAGS = VM_ACCESS_FLAGS | VM_PKEY_EXECUTE_ONLY;

    private static final int MAY_SHIFT = 4;

    private VmFlags() {}

    /// The access bits of `PROT_…` (`calc_vm_prot_bits`); the values coincide.
    public static int ofProtection(int protection) {
        return protection & (Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC);
    }

    /// Whether a load may succeed; a right to write or execute implies one to read, unless a protection key says otherwise.
    static boolean isReadable(int flags) {
        return any(flags, VM_ACCESS_FLAGS) && !any(flags, VM_PKEY_EXECUTE_ONLY);
    }

    /// Whether `flags` may be given every access it has (`VM_MAY…`); mprotect's EACCES otherwise.
    public static boolean mayHaveItsAccess(int flags) {
        return (flags & ~(flags >> MAY_SHIFT) & VM_ACCESS_FLAGS) == 0;
    }

    /// Whether mmap charges such a mapping to the commit limit (`accountable_mapping`).
    public static boolean isAccountable(int flags) {
        return (flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE;
    }

    /// Access bits of the entries of a mapping with these flags.
    public static long pteBits(int flags) {
        return isReadable(flags) ? Pte.ACCESSIBLE : 0;
    }

    public static boolean any(int flags, int mask) {
        return (flags & mask) != 0;
    }
}
