package io.janklab.allocator.art;

/// How large the heap may become, and how far it grows beyond the live objects (the `dalvik.vm.heap…` properties; bytes).
///
/// @param initialBytes `heapstartsize`
/// @param growthLimitBytes `heapgrowthlimit`: beyond it an allocation fails
/// @param targetUtilization `heaptargetutilization`: share of the heap that is to be live after a collection
/// @param minFreeBytes `heapminfree`, `maxFreeBytes` `heapmaxfree`: bounds of what is free then
/// @param foregroundMultiplier by which that is multiplied while the user sees the app (`-XX:ForegroundHeapGrowthMultiplier`)
public record FootprintOptions(
        long initialBytes, long growthLimitBytes, double targetUtilization, long minFreeBytes, long maxFreeBytes,
        double foregroundMultiplier) {
    public FootprintOptions {
        if (!(targetUtilization > 0 && targetUtilization < 1) || minFreeBytes > maxFreeBytes || initialBytes > growthLimitBytes) {
            throw new IllegalArgumentException("impossible heap sizes: utilization " + targetUtilization
                    + ", free " + minFreeBytes + " … " + maxFreeBytes + ", initial " + initialBytes + " of " + growthLimitBytes);
        }
    }
}
