package io.janklab.allocator.art;

/// Which bytes live, without modelling objects: some for ever (classes, data the app keeps), some for a while, most only until the next
/// collection. As many old bytes die as young ones survive, oldest first, so that the live heap keeps its size.
///
/// @param liveBytes reachable at any time
/// @param permanentShare share of those that never dies, 0 … 1
/// @param survival share of the bytes allocated since the last collection that survive the next, 0 … 1
public record Lifetimes(long liveBytes, double permanentShare, double survival) {
    public Lifetimes {
        if (liveBytes < 0 || !(permanentShare >= 0 && permanentShare <= 1) || !(survival >= 0 && survival <= 1)) {
            throw new IllegalArgumentException("impossible lifetimes: " + liveBytes + " bytes, shares " + permanentShare + " and "
                    + survival);
        }
    }

    /// Whole pages.
    long permanentBytes() {
        return MemMap.pageAlign((long) (liveBytes * permanentShare));
    }

    long survivorsOf(long youngBytes) {
        return (long) (youngBytes * survival);
    }
}
