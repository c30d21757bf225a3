package io.janklab.kernel.mm.space;

import org.jspecify.annotations.Nullable;

/// The attributes that two neighbouring VMAs must share to be merged (Linux `is_mergeable_vma`).
///
/// `anonName`, `userfaultfd` and `file` are null where there is none.
public record VmaTraits(int flags, @Nullable String anonName, @Nullable FaultOwner userfaultfd, @Nullable VirtualFile file) {
    /// Anonymous memory without a name or a userfaultfd.
    public static VmaTraits of(int flags) {
        return new VmaTraits(flags, null, null, null);
    }

    public static VmaTraits of(Vma vma) {
        return new VmaTraits(vma.flags(), vma.anonName(), vma.userfaultfd(), vma.file());
    }

    public VmaTraits withFlags(int newFlags) {
        return new VmaTraits(newFlags, anonName, userfaultfd, file);
    }

    public VmaTraits withAnonName(@Nullable String newAnonName) {
        return new VmaTraits(flags, newAnonName, userfaultfd, file);
    }

    public VmaTraits withUserfaultfd(@Nullable FaultOwner newUserfaultfd) {
        return new VmaTraits(flags, anonName, newUserfaultfd, file);
    }

    public VmaTraits withFile(@Nullable VirtualFile newFile) {
        return new VmaTraits(flags, anonName, userfaultfd, newFile);
    }

    /// Sticky flags may differ: the merged VMA has those of both.
    public boolean matches(Vma vma) {
        return ((flags ^ vma.flags()) & ~VmFlags.VM_STICKY) == 0
                && !vma.is(VmFlags.VM_SPECIAL)
                && userfaultfd == vma.userfaultfd()
                && file == vma.file()
                && (anonName == null ? vma.anonName() == null : anonName.equals(vma.anonName()));
    }

    /// The caller holds the VMA write lock.
    public void applyTo(Vma vma) {
        vma.setFile(file);
        vma.setFlags(flags);
        vma.setAnonName(anonName);
        vma.setUserfaultfd(userfaultfd);
    }
}
