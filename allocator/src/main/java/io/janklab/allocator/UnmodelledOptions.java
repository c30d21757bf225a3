package io.janklab.allocator;

import java.util.Map;

/// jemalloc 5.3's options that a simulated heap does not have. Each is accepted at jemalloc's default, which changes nothing, so that a
/// real `MALLOC_CONF` can be used as it is; any other value is refused.
final class UnmodelledOptions {
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("abort", "false"),
            Map.entry("abort_conf", "false"),
            Map.entry("confirm_conf", "false"),
            Map.entry("dss", "secondary"),
            Map.entry("experimental_infallible_new", "false"),
            Map.entry("hpa", "false"),
            Map.entry("hpa_dirty_mult", "0.25"),
            Map.entry("hpa_hugification_threshold", "1992294"),
            Map.entry("hpa_hugify_delay_ms", "10000"),
            Map.entry("hpa_min_purge_interval_ms", "5000"),
            Map.entry("hpa_sec_batch_fill_extra", "0"),
            Map.entry("hpa_sec_bytes_after_flush", "131072"),
            Map.entry("hpa_sec_max_alloc", "32768"),
            Map.entry("hpa_sec_max_bytes", "262144"),
            Map.entry("hpa_sec_nshards", "4"),
            Map.entry("hpa_slab_max_alloc", "65536"),
            Map.entry("junk", "false"),
            Map.entry("lg_prof_interval", "-1"),
            Map.entry("lg_prof_sample", "19"),
            Map.entry("metadata_thp", "disabled"),
            Map.entry("mutex_max_spin", "600"),
            Map.entry("percpu_arena", "disabled"),
            Map.entry("prof", "false"),
            Map.entry("prof_accum", "false"),
            Map.entry("prof_active", "true"),
            Map.entry("prof_final", "false"),
            Map.entry("prof_gdump", "false"),
            Map.entry("prof_leak", "false"),
            Map.entry("prof_leak_error", "false"),
            Map.entry("prof_prefix", "jeprof"),
            Map.entry("prof_thread_active_init", "true"),
            Map.entry("stats_interval", "-1"),
            Map.entry("stats_interval_opts", ""),
            Map.entry("stats_print", "false"),
            Map.entry("stats_print_opts", ""),
            Map.entry("thp", "default"),
            Map.entry("utrace", "false"),
            Map.entry("xmalloc", "false"),
            Map.entry("zero", "false"));

    private UnmodelledOptions() {}

    /// Whether jemalloc has an option of that name which is not modelled.
    static boolean has(String key) {
        return DEFAULTS.containsKey(key);
    }

    /// @throws IllegalArgumentException if the value is not jemalloc's default
    static void check(String key, String value) {
        if (!value.equals(DEFAULTS.get(key))) {
            throw new IllegalArgumentException("heap option " + key + " is not modelled: leave it out, or at jemalloc's '"
                    + DEFAULTS.get(key) + "'");
        }
    }
}
