package io.janklab.program;

import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.uapi.Mman;

/// Which calls may be made: those that cannot change anything outside the region, where the JVM lives.
///
/// A range may leave the region only where the kernel refuses it before it looks at any mapping.
public final class Confinement {
    private static final long ALL_OF_MLOCKALL = Mman.MCL_CURRENT | Mman.MCL_FUTURE | Mman.MCL_ONFAULT;

    private Confinement() {}

    public static boolean permits(Call call) {
        return switch (call.operation()) {
            case MMAP -> permitsMmap(call.a(), call.b(), call.d());
            case MUNMAP -> inside(call.a(), call.b()) || wraps(call.a(), call.b()) || tooLong(call.a(), call.b());
            case MPROTECT, MADVISE -> inside(call.a(), call.b()) || wraps(call.a(), call.b());
            case PROCESS_MADVISE -> inside(call.a(), call.b()) && inside(call.c(), call.d());
            case UFFD_REGISTER, UFFD_UNREGISTER, UFFD_WAKE, UFFD_ZEROPAGE, UFFD_WRITEPROTECT, UFFD_POISON, UFFD_CONTINUE ->
                    inside(call.a(), call.b());
            case UFFD_COPY, UFFD_MOVE -> inside(call.a(), call.c()) && inside(call.b(), call.c());
            case MREMAP -> permitsMremap(call.a(), call.b(), call.c(), call.d(), call.e());
            case MLOCK, MLOCK2, MUNLOCK, SET_ANON_NAME -> inside(call.a(), call.b()) || wraps(call.a(), call.b());
            case MSEAL -> inside(call.a(), call.b()) || endsInGap(call) || sealsNothing(call);
            case MMAP_FILE -> permitsMmap(call.a(), call.b(), call.d());
            case LOAD, STORE -> inside(call.a(), Region.PAGE);
            case MINCORE, READ, WRITE, TOUCH, FORK, MAPS, SMAPS, AREAS, READV, READ_MEM, COPY_TO_USER, COPY_FROM_USER ->
                    inside(call.a(), call.b());
            case MLOCKALL, MUNLOCKALL, FORK_KEEP, FORK_END, UFFD_READ, RECLAIM, DRAIN, EXIT -> true;
        };
    }

    /// Whether the rest of the process is spared on a host: what mlockall locks is all that the JVM has, or will have.
    public static boolean sparesTheRest(Call call) {
        boolean refused = call.a() == 0 || call.a() == Mman.MCL_ONFAULT || (call.a() & ~ALL_OF_MLOCKALL) != 0;
        return call.operation() != Operation.MLOCKALL || refused;
    }

    /// Whether the region can be cleared after the call: memory sealed by mseal stays for ever.
    public static boolean canBeUndone(Call call) {
        return call.operation() != Operation.MSEAL || sealsNothing(call);
    }

    /// Nothing is sealed if any of it is not mapped: the page at [Region#HOLE] never is.
    private static boolean sealsNothing(Call call) {
        boolean refused = call.c() != 0 || call.a() % Region.PAGE != 0 || wraps(call.a(), call.b());
        long toHole = Region.HOLE - call.a();
        boolean reachesHole = inside(call.a(), 0) && call.b() > toHole && call.b() <= toHole + 2 * Region.GAP;
        return refused || call.b() == 0 || reachesHole;
    }

    /// What lies there is a mapping of the region that reaches beyond it.
    private static boolean endsInGap(Call call) {
        return inside(call.a(), 0) && call.b() >= 0 && call.b() <= Region.END + Region.GAP - call.a();
    }

    /// Without MAP_FIXED nothing that exists is ever replaced.
    private static boolean permitsMmap(long address, long length, long flags) {
        return (flags & Mman.MAP_FIXED) == 0 || inside(address, length) || wraps(0, length) || tooLong(address, length);
    }

    /// Old range, range after growing in place, and new range; where the kernel chooses the place, it chooses a free one.
    private static boolean permitsMremap(long address, long oldLength, long newLength, long flags, long newAddress) {
        boolean named = (flags & (Mman.MREMAP_FIXED | Mman.MREMAP_DONTUNMAP)) != 0;
        return inside(address, oldLength) && inside(address, newLength) && (!named || inside(newAddress, newLength));
    }

    private static boolean inside(long address, long length) {
        return address >= Region.START && address <= Region.END && length >= 0 && length <= Region.END - address;
    }

    /// Rounding up to pages, or adding, overflows 64 bits.
    private static boolean wraps(long address, long length) {
        long aligned = length + Region.PAGE - 1 & -Region.PAGE;
        return (length != 0 && aligned == 0) || Long.compareUnsigned(address + aligned, address) < 0;
    }

    private static boolean tooLong(long address, long length) {
        return Long.compareUnsigned(length, AddressSpace.TASK_SIZE) > 0 && address >= 0;
    }
}
