package io.janklab.workloads.host.conform;

import io.janklab.workloads.host.sys.Region;

/// One VMA as `/proc/PID/smaps` shows it: bounds, `rw-p`, name, sizes in KiB, and the two-letter flags both sides know.
record Area(long start, long end, String permissions, String name, long rss, long anonymous, long anonHugePages, long lazyFree, long swap, long locked, String flags) {
    @Override
    public String toString() {
        return String.format(
                "%s-%s %s%s rss=%d anon=%d huge=%d lazyfree=%d swap=%d locked=%d [%s]",
                Region.describe(start), Region.describe(end), permissions, name.isEmpty() ? "" : " " + name, rss, anonymous, anonHugePages, lazyFree, swap, locked, flags);
    }
}
