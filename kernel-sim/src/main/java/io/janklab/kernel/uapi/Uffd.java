package io.janklab.kernel.uapi;

/// Numbers of `userfaultfd(2)` and its ioctls (Linux `include/uapi/linux/userfaultfd.h`).
public final class Uffd {
    /// A missing page raises SIGBUS in the task that touched it instead of waking a manager.
    public static final int UFFD_FEATURE_SIGBUS = 1 << 7;

    public static final int UFFDIO_REGISTER_MODE_MISSING = 1;
    public static final int UFFDIO_REGISTER_MODE_WP = 1 << 1;

    public static final int UFFDIO_COPY_MODE_DONTWAKE = 1;
    public static final int UFFDIO_COPY_MODE_WP = 1 << 1;
    public static final int UFFDIO_ZEROPAGE_MODE_DONTWAKE = 1;
    /// Android's own: give up with EAGAIN rather than wait for mmap_lock, or continue while others wait for it.
    public static final long UFFDIO_COPY_MODE_MMAP_TRYLOCK = 1L << 63;
    public static final long UFFDIO_ZEROPAGE_MODE_MMAP_TRYLOCK = 1L << 63;
    public static final int UFFDIO_WRITEPROTECT_MODE_WP = 1;
    public static final int UFFDIO_WRITEPROTECT_MODE_DONTWAKE = 1 << 1;
    public static final int UFFDIO_REGISTER_MODE_MINOR = 1 << 2;
    public static final int UFFDIO_CONTINUE_MODE_DONTWAKE = 1;
    public static final int UFFDIO_CONTINUE_MODE_WP = 1 << 1;
    public static final int UFFDIO_POISON_MODE_DONTWAKE = 1;
    public static final int UFFDIO_MOVE_MODE_DONTWAKE = 1;
    public static final int UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES = 1 << 1;

    private Uffd() {}
}
