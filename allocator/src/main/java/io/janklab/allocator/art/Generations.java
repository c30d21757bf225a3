package io.janklab.allocator.art;

/// Whether the next collection is a young one. The first is not; after a full one it is, and as long as young ones free memory at least as
/// fast as full ones do on average (`gc/heap.cc`, `GrowForUtilization`).
final class Generations {
    private boolean nextIsYoung;
    private long fullFreed;
    private long fullNs;

    boolean nextIsYoung() {
        return nextIsYoung;
    }

    void ended(boolean young, long freed, long ns, boolean withinTarget) {
        if (!young) {
            fullFreed += freed;
            fullNs += ns;
            nextIsYoung = true;
        } else {
            nextIsYoung = withinTarget && (double) freed / ns >= (double) fullFreed / fullNs;
        }
    }
}
