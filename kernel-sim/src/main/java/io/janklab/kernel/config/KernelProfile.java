package io.janklab.kernel.config;

import static io.janklab.kernel.config.SwitchValue.*;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A kernel as a set of [Switch] values: a version's production behaviour, with any of its switches flipped.
///
/// The behaviour of each version is taken from the Linux trees of those versions (`arch/*/mm/fault.c`, `mm/madvise.c`, `mm/pt_reclaim.c`).
public final class KernelProfile {
    private static final Pattern POINT_RELEASE = Pattern.compile("(\\d+\\.\\d+)\\.(\\d{1,4})");
    /// The users of VMA locks, apart from faults.
    private static final List<Switch> VMA_LOCK_USERS = List.of(Switch.MADVISE_DONTNEED_LOCK, Switch.MADVISE_FREE_LOCK,
            Switch.MADVISE_GUARD_LOCK, Switch.UFFD_LOCK, Switch.PROC_MAPS_LOCK, Switch.PROC_SMAPS_LOCK,
            Switch.PROC_NUMA_MAPS_LOCK, Switch.REMOTE_ACCESS_LOCK, Switch.BINDER_INSTALL_LOCK);

    private final String name;
    private final EnumMap<Switch, String> values;
    /// Parts of the kernel that a user has replaced, by type.
    private final Map<Class<?>, Supplier<?>> own;

    private KernelProfile(String name, EnumMap<Switch, String> values, Map<Class<?>, Supplier<?>> own) {
        this.name = name;
        this.own = own;
        this.values = values;
    }

    /// The production kernel of `version` on `architecture`.
    public static KernelProfile of(KernelVersion version, Architecture architecture) {
        EnumMap<Switch, String> values = new EnumMap<>(Switch.class);
        set(values, Switch.FAULT_VMA_LOCK, version.since(KernelVersion.V6_6) ? ALL : OFF);
        set(values, Switch.FAULT_RETRY, MMAP);
        set(values, Switch.FAULT_FILE_VMA_LOCK, version.since(KernelVersion.V6_12) ? ALL : MAP_PAGES);
        // "mm/filemap: allow arch to request folio size for exec memory", in the pull request "MM updates for 6.17-rc1"; Linux 6.18 was
        // seen to do so.
        set(values, Switch.FAULT_EXEC_READAHEAD, version.since(KernelVersion.V6_17) ? ONWARDS : AROUND);
        set(values, Switch.FAULT_ANON_VMA, version.since(KernelVersion.V6_12) ? TRYLOCK : RETRY);
        // "x86: mm: accelerate pagefault when badaccess", "arm64: mm: accelerate pagefault when VM_FAULT_BADACCESS": the series
        // is named in "MM updates for 6.10-rc1".
        set(values, Switch.FAULT_BAD_ACCESS, version.since(KernelVersion.V6_12) ? VMA : MMAP);
        SwitchValue earlyForm = version.since(KernelVersion.V6_6) ? RWSEM : NONE;
        set(values, Switch.VMA_LOCK_FORM, version.since(KernelVersion.V6_17) ? REFCOUNT : earlyForm);
        set(values, Switch.MADVISE_DONTNEED_LOCK, version.since(KernelVersion.V6_17) ? VMA : MMAP);
        set(values, Switch.MADVISE_FREE_LOCK, version.since(KernelVersion.V6_17) ? VMA : MMAP);
        set(values, Switch.UFFD_LOCK, version.since(KernelVersion.V6_12) ? VMA : MMAP);
        // "mm/userfaultfd: support WP on multiple VMAs" (a1b92a3f1498), in mm-stable since 29 March 2023, for 6.4-rc1.
        set(values, Switch.UFFD_WRITEPROTECT, version.since(KernelVersion.V6_6) ? SEVERAL : ONE_MAPPING);
        set(values, Switch.UFFD_POISON, version.since(KernelVersion.V6_6) ? ON : OFF);
        set(values, Switch.UFFD_SHMEM, WP);
        set(values, Switch.UFFD_MOVE_RMAP, version.since(KernelVersion.V6_19) ? FOLIO : ANON_VMA);
        SwitchValue guardByMmapLock = version.since(KernelVersion.V6_14) ? MMAP : NONE;
        set(values, Switch.MADVISE_GUARD_LOCK, version.since(KernelVersion.V6_19) ? VMA : guardByMmapLock);
        SwitchValue guardedFiles = version.since(KernelVersion.V6_17) ? ANON_VMA : REFUSED;
        set(values, Switch.GUARD_FILES, version.since(KernelVersion.V6_19) ? AS_THEY_ARE : guardedFiles);
        SwitchValue partByMapCount = version.since(KernelVersion.V6_6) ? FIRST_PAGE : PAGE;
        SwitchValue partByEstimate = version.since(KernelVersion.V6_12) ? ESTIMATE : partByMapCount;
        set(values, Switch.MADVISE_HUGE_PART, version.since(KernelVersion.V6_17) ? EXACT : partByEstimate);
        set(values, Switch.THP_SPLIT_ZEROS, version.since(KernelVersion.V6_12) ? ON : OFF);
        set(values, Switch.COLLAPSE_READ_ONLY, version.since(KernelVersion.V6_19) ? ON : OFF);
        // "mm/khugepaged: retract_page_tables() without mmap or vma lock" (1d65b771bc08) and "… collapse_pte_mapped_thp() with
        // mmap_read_lock()", 6.6.
        set(values, Switch.COLLAPSE_FILE_LOCK, version.since(KernelVersion.V6_6) ? PAGE_TABLE : MMAP_TRYLOCK);
        set(values, Switch.LAZYFREE_REFERENCED, version.since(KernelVersion.V6_17) ? LAZYFREE : SWAP_BACKED);
        SwitchValue anyAdvice = version.since(KernelVersion.V6_14) ? RANGES : HINTS;
        set(values, Switch.MADVISE_KNOWN, COLLAPSE);
        // "mm/madvise: batch tlb flushes for MADV_FREE" (01bef02bf930) and "… MADV_DONTNEED[_LOCKED]" (43c4cfde7e37), in the pull
        // request "MM updates for 6.16-rc1".
        set(values, Switch.MADVISE_GATHER, version.since(KernelVersion.V6_17) ? SEVERAL : ONE_MAPPING);
        // "mm/madvise: don't perform madvise VMA walk for MADV_POPULATE_(READ|WRITE)", in "MM updates for 6.10-rc1".
        set(values, Switch.MADVISE_POPULATE_HOLES, version.since(KernelVersion.V6_12) ? STOP : SKIP);
        // "mm: madvise: pageout: ignore references rather than clearing young", in "MM updates for 6.9-rc1".
        set(values, Switch.MADVISE_PAGEOUT_USE, version.since(KernelVersion.V6_12) ? IGNORE : FORGET);
        set(values, Switch.PROCESS_MADVISE, version.since(KernelVersion.V6_17) ? VECTOR : anyAdvice);
        set(values, Switch.FORK_VMA_LOCK, version.since(KernelVersion.V6_19) ? KILLABLE : UNINTERRUPTIBLE);
        set(values, Switch.PROC_MAPS_LOCK, version.since(KernelVersion.V6_17) ? VMA : MMAP);
        set(values, Switch.PROC_SMAPS_LOCK, version.since(KernelVersion.V7_2) ? VMA : MMAP);
        set(values, Switch.PROC_NUMA_MAPS_LOCK, version.since(KernelVersion.V7_2) ? VMA : MMAP);
        SwitchValue droppable = version.since(KernelVersion.V6_12) ? ON : OFF;
        // "userfaultfd: correctly prevent registering VM_DROPPABLE regions", in "MM updates for 6.17-rc1".
        set(values, Switch.MAP_DROPPABLE, version.since(KernelVersion.V6_17) ? NEW : droppable);
        set(values, Switch.MSEAL, version.since(KernelVersion.V6_12) ? ON : OFF);
        set(values, Switch.VMA_MERGE_UNFAULTED, version.since(KernelVersion.V6_17) ? NEW : OLD);
        set(values, Switch.REMOTE_ACCESS_LOCK, MMAP);
        SwitchValue binderByMmapLock = version.since(KernelVersion.V6_12) ? MMAP_PAGE : MMAP_RANGE;
        set(values, Switch.BINDER_INSTALL_LOCK, version.since(KernelVersion.V6_14) ? VMA : binderByMmapLock);
        set(values, Switch.MREMAP, version.since(KernelVersion.V6_17) ? SEVERAL : ONE_MAPPING);
        // "mm: extend MREMAP_DONTUNMAP to non-anonymous mappings" (a4609387859f, 5.13).
        set(values, Switch.MREMAP_DONTUNMAP, ALL);
        set(values, Switch.MREMAP_PTL_ORDER, OLD_FIRST);
        set(values, Switch.MPROTECT_UNACCOUNT, version.since(KernelVersion.V6_12) ? ON : OFF);
        // "mm: convert free_pages_and_swap_cache() to use folios_put()" (4907e80b76af, 6.9) stopped calling lru_add_drain().
        set(values, Switch.LRU_DRAIN_IN_FREE, version.since(KernelVersion.V6_12) ? OFF : ON);
        // "mm: remove unnecessary calls to lru_add_drain" (1aa43598c03b), in mm-stable on 26 January 2025, for 6.14-rc1.
        set(values, Switch.LRU_DRAIN_IN_UNMAP, version.since(KernelVersion.V6_14) ? OFF : ON);
        // As Android configures them.
        set(values, Switch.THP, MADVISE);
        set(values, Switch.THP_ZERO_WRITE, version.since(KernelVersion.V6_14) ? HUGE : SPLIT);
        set(values, Switch.KSM, OFF);
        // "mm: anonymous shared memory naming" (d09e8ca6cb93, 6.2-rc1).
        set(values, Switch.ANON_VMA_NAME, version.since(KernelVersion.V6_6) ? ON : PRIVATE);
        set(values, Switch.MEMORY_FAILURE, ON);
        set(values, Switch.PREEMPT, FULL);
        // The machine's share: the values most machines have.
        set(values, Switch.ZERO_PAGE, ON);
        set(values, Switch.EXECUTE_ONLY, READABLE);
        // The series "Handle hugetlb faults under the VMA lock", and "mm/hugetlb: restore the reservation if needed" (df7a6d1f6405), 6.9.
        set(values, Switch.HUGETLB, version.since(KernelVersion.V6_12) ? RESTORED : MOVED);
        // x86-64 since 6.14; any architecture with RCU-freed tables since 7.0.
        KernelVersion ptReclaimSince = architecture == Architecture.X86_64 ? KernelVersion.V6_14 : KernelVersion.V7_0;
        set(values, Switch.PT_RECLAIM, version.since(ptReclaimSince) ? ON : OFF);
        // What made that reclaim possible.
        set(values, Switch.MMU_GATHER_TABLES, version.since(ptReclaimSince) ? RCU : SEMI_RCU);
        // "x86/mm/tlb: Update mm_cpumask lazily" (209954cbc7d0) and "… Only trim the mm_cpumask once a second" (6db2526c1d69), 6.14.
        set(values, Switch.X86_CPUMASK, version.since(KernelVersion.V6_14) ? LAZY : EXACT);
        Switch.rules().forEach(rule -> set(values, rule, ON));
        // Came with the reclaim of empty tables, which made it necessary. Readers of /proc/PID/maps, which it protects, took mmap_lock
        // then.
        set(values, Switch.RULE_MAP_FIXED_ONE_STORE, version.since(KernelVersion.V6_12) ? ON : OFF);
        set(values, Switch.RULE_PMD_RECHECK, version.since(KernelVersion.V6_14) ? ON : OFF);
        set(values, Switch.RWSEM_POLICY, LINUX);
        set(values, Switch.ORACLE, OFF);
        return new KernelProfile(version.label(), values, Map.of());
    }

    private static void set(Map<Switch, String> values, Switch key, SwitchValue value) {
        values.put(key, key.checked(value.label()));
    }

    /// Android's common kernel of that branch.
    public static KernelProfile of(AndroidKernel kernel, Architecture architecture) {
        EnumMap<Switch, String> values = new EnumMap<>(of(kernel.base(), architecture).values);
        kernel.changes().forEach((key, value) -> set(values, key, value));
        return new KernelProfile(kernel.label(), values, Map.of());
    }

    /// The kernel of that label, mainline's, a point release of it (`6.6.57`), or Android's; null if there is none.
    public static @Nullable KernelProfile byLabel(String label, Architecture architecture) {
        KernelVersion version = KernelVersion.byLabel(label);
        if (version != null) {
            return of(version, architecture);
        }
        Matcher point = POINT_RELEASE.matcher(label);
        if (point.matches()) {
            return asOf(point.group(1), Integer.parseInt(point.group(2)), architecture);
        }
        AndroidKernel android = AndroidKernel.byLabel(label);
        return android == null ? null : of(android, architecture);
    }

    /// The point release `point` of a series, without the fixes that came later ([DatedFix]): `6.6.57`. Null if the series is not known.
    private static @Nullable KernelProfile asOf(String series, int point, Architecture architecture) {
        EnumMap<Switch, String> values = ofSeries(series, architecture);
        if (values == null) {
            return null;
        }
        for (DatedFix fix : DatedFix.values()) {
            if (!fix.isIn(series, point)) {
                set(values, fix.rule(), OFF);
            }
        }
        return new KernelProfile(series + "." + point, values, Map.of());
    }

    /// The kernel of a series (`6.18`), whether or not that has a profile of its own; null if it is not known.
    public static @Nullable KernelProfile bySeries(String series, Architecture architecture) {
        EnumMap<Switch, String> values = ofSeries(series, architecture);
        return values == null ? null : new KernelProfile(series, values, Map.of());
    }

    private static @Nullable EnumMap<Switch, String> ofSeries(String series, Architecture architecture) {
        KernelVersion version = KernelVersion.byLabel(series);
        if (version != null) {
            return of(version, architecture).values();
        }
        SeriesBetween between = SeriesBetween.byLabel(series);
        return between == null ? null : between.values(architecture);
    }

    /// A copy.
    EnumMap<Switch, String> values() {
        return new EnumMap<>(values);
    }

    /// The labels of all kernels: mainline's, then Android's.
    public static List<String> labels() {
        Stream<String> mainline = Stream.of(KernelVersion.values()).map(KernelVersion::label);
        return Stream.concat(mainline, Stream.of(AndroidKernel.values()).map(AndroidKernel::label)).toList();
    }

    /// This profile with one switch set, named after the change (`6.17+pt-reclaim=on`); itself if the value is the same.
    ///
    /// @throws IllegalArgumentException if the switch has no such value
    public KernelProfile with(Switch key, String value) {
        if (key.checked(value).equals(values.get(key))) {
            return this;
        }
        EnumMap<Switch, String> copy = new EnumMap<>(values);
        copy.put(key, value);
        return new KernelProfile(name + "+" + key.key() + "=" + value, copy, own);
    }

    /// @throws IllegalArgumentException if the switch does not take this value
    public KernelProfile with(Switch key, SwitchValue value) {
        return with(key, value.label());
    }

    /// This profile with a part of the user's own, named by the switch `key`: `label` is its value, which need not be among its choices.
    ///
    /// @param part  the type of what is replaced
    /// @param maker makes one for each machine
    public <T> KernelProfile with(Switch key, String label, Class<T> part, Supplier<? extends T> maker) {
        EnumMap<Switch, String> copy = new EnumMap<>(values);
        copy.put(key, label);
        Map<Class<?>, Supplier<?>> parts = new HashMap<>(own);
        parts.put(part, maker);
        return new KernelProfile(name + "+" + label, copy, parts);
    }

    /// This profile with one switch as `other` has it, a part of the user's own included.
    public KernelProfile with(Switch key, KernelProfile other) {
        if (key != Switch.RWSEM_POLICY) {
            return with(key, other.value(key));
        }
        EnumMap<Switch, String> copy = new EnumMap<>(values);
        copy.put(key, other.value(key));
        return new KernelProfile(name + "+" + key.key() + "=" + other.value(key), copy, other.own);
    }

    /// The switches whose values are not those of `other`, in declaration order.
    public List<Switch> differencesTo(KernelProfile other) {
        return Stream.of(Switch.values()).filter(key -> !value(key).equals(other.value(key))).toList();
    }

    /// A fresh instance of the user's part of that type; null if the kernel has its own.
    public <T> @Nullable T own(Class<T> part) {
        Supplier<?> maker = own.get(part);
        return maker == null ? null : part.cast(maker.get());
    }

    public String name() {
        return name;
    }

    public String value(Switch key) {
        return Objects.requireNonNull(values.get(key));
    }

    /// The value of a switch that has no parts of a user's own.
    public SwitchValue choice(Switch key) {
        return SwitchValue.of(value(key));
    }

    /// @throws IllegalArgumentException if the switch does not take this value
    public boolean is(Switch key, SwitchValue value) {
        return value(key).equals(key.checked(value.label()));
    }

    /// Whether the kernel keeps this safety rule (`rule.…`).
    public boolean keeps(Switch rule) {
        return is(rule, ON);
    }

    /// Whether there are readers under VMA locks, so that writers must take them: the kernel has them, or a switch that needs them was set.
    public boolean hasVmaLocks() {
        return !is(Switch.VMA_LOCK_FORM, NONE) || !is(Switch.FAULT_VMA_LOCK, OFF)
                || VMA_LOCK_USERS.stream().anyMatch(user -> value(user).startsWith("vma"));
    }

    /// Every switch and its value, in declaration order; of the safety rules only those that are off.
    public Map<String, String> switches() {
        Map<String, String> listed = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (!key.isRule() || !keeps(key)) {
                listed.put(key.key(), value);
            }
        });
        return listed;
    }

    @Override
    public String toString() {
        return name;
    }
}
