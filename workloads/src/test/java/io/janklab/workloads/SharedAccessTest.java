package io.janklab.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.janklab.kernel.interleave.Interleaving;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// State that tasks share reports each access to it: an unreported access would not be a point of choice, and a search would call itself
/// complete without having tried both orders there. `DataRaceTest` of kernel-sim watches that those with a reason keep to it.
final class SharedAccessTest {
    private static final JavaClasses KERNEL = new ClassFileImporter().importPackages("io.janklab.kernel.mm", "io.janklab.kernel.lock");

    /// Methods that may be silent, by class, and why.
    private static final Map<String, Set<String>> REASONS = Map.ofEntries(
            // They report through Locking, which every lock uses.
            Map.entry("RwSemaphore", Set.of("addReader", "downRead", "downReadKillable", "downReadTrylock", "downWriteTrylock",
                    "downgradeWrite", "isHandoff", "isLocked", "isReaderOwned", "isWriteLocked", "readers", "setWriter", "upRead",
                    "upWrite", "writer")),
            Map.entry("VmaLock", Set.of("endRead", "isAttached", "isReadLocked", "isWriteLocked", "readLockUnderMmapLock", "reuse",
                    "endWrite", "startRead", "tryStartWrite")),
            Map.entry("RwsemWaiter", Set.of("bypassed", "hasHandoff")),
            Map.entry("Locking", Set.of("newLockId")),
            // Only under a lock that reports: i_mmap_rwsem, mmap_lock, the anon_vma's lock, lru_lock, mm_lock_seq's writer. How a file is
            // aligned is set before the first task runs.
            Map.entry("VirtualFile", Set.of("alignHuge", "alignsHuge", "insert", "link", "mapWith", "mappings", "pages", "remove", "unlink",
                    "vmFlags")),
            Map.entry("AnonVma", Set.of("activate", "deactivate", "isReusable", "leaveParent")),
            Map.entry("MmLockSequence", Set.of("endWrite", "writeLocked")),
            Map.entry("FolioTable", Set.of("describe", "mlockCount", "next", "populate", "prev", "setMlockCount", "setNext", "setPrev")),
            Map.entry("Mm", Set.of("addResident", "addSwapped", "argEnd", "argStart", "brk", "canLock", "defaultFlags",
                    "disableThp", "dropSwap", "filePages", "forbidsZeropage", "grant", "has", "inheritSettings", "isExiting",
                    "isThpDisabled", "lockLimitPages", "mayLock", "residentPages", "setArguments", "setBrk", "setDefaultFlags",
                    "setLockLimit", "swappedPages")),
            // Only under mmap_lock, its own lock, or that of its anon_vmas or file; isOnce and anonVmaOnce are for callers without any of
            // them.
            Map.entry("Vma", Set.of("address", "allows", "anonName", "anonVma", "anonVmaChain", "contains", "end", "file", "flags",
                    "hasSingularChain", "hugetlb", "index", "is", "isAnonymous", "isMlocked", "keepWriteProtection", "label",
                    "maySplitAt", "mm", "name", "pages", "pgoff", "pteBits", "reuse", "setAnonName", "setAnonVmas", "setBounds", "setFile",
                    "setUserfaultfd", "start", "toString", "userfaultfd")),
            // `cpu_needs_drain` reads other cores' counts without a lock: folios that come later need not be drained.
            Map.entry("MlockBatches", Set.of("hasAny")),
            // put, putBack and freeFrozen leave the batches alone: they change a folio that the caller alone can reach, or whose count
            // (atomic) has come to zero, and the lists under lru_lock.
            Map.entry("LruBatches", Set.of("freeFrozen", "hasAny", "put", "putBack", "watch")),
            // Counts and lists for the validator and for display, or that decide nothing another task can see.
            Map.entry("AnonVmas", Set.of("count")),
            Map.entry("FolioLocks", Set.of("inUse", "isUnderIo")),
            Map.entry("PteTable", Set.of("describe")),
            Map.entry("Lru", Set.of("size")),
            Map.entry("Rcu", Set.of("pending", "toString")),
            Map.entry("PageTable", Set.of("bytes", "tables", "takeDirtied")),
            Map.entry("FrameAllocator", Set.of("allocated", "failNth", "free", "isFailurePending", "touched")),
            Map.entry("HugetlbPool", Set.of("free", "isFree", "reserved", "total")),
            Map.entry("Swap", Set.of("free", "slots", "used")),
            Map.entry("PageCache", Set.of("create", "createBinder", "createHugetlb", "createShmem", "delete", "drop", "files")),
            // Set up before the first task runs, or by the only user of the address space.
            Map.entry("AddressSpaces", Set.of("create", "remove")),
            Map.entry("MemoryManager", Set.of("allocate", "contents", "forget", "gather", "gatherWhole", "isWatched",
                    "keepContents", "mms", "newMm", "putAndFreeSwap",
                    "relieveBy", "retire", "setWatermarkScaleFactor", "swap", "swapOn", "watch", "watermarks")),
            Map.entry("Tlb", Set.of("entries", "watch")),
            // Which address spaces it visits decides no more than when it comes to each, and where schedules are explored its naps end at
            // any moment.
            Map.entry("Khugepaged", Set.of("collapseBy", "enter", "exit", "stop")));

    /// Every method of `shared` that others can call and that comes to a field which changes.
    private static Set<String> silent(JavaClass shared) {
        Set<String> silent = new TreeSet<>();
        for (JavaMethod method : shared.getMethods()) {
            Set<JavaModifier> modifiers = method.getModifiers();
            boolean callable = !modifiers.contains(JavaModifier.PRIVATE) && !modifiers.contains(JavaModifier.STATIC);
            if (callable && touchesState(method, new HashSet<>()) && !tells(method, new HashSet<>())) {
                silent.add(method.getName());
            }
        }
        return silent;
    }

    private static boolean touchesState(JavaCodeUnit method, Set<JavaCodeUnit> seen) {
        if (!seen.add(method)) {
            return false;
        }
        boolean itself = method.getFieldAccesses().stream().anyMatch(access -> access.getTargetOwner().equals(method.getOwner())
                && access.getTarget().resolveMember().map(field -> !field.getModifiers().contains(JavaModifier.FINAL)
                        || field.getRawType().isArray() || field.getRawType().isAssignableTo(Collection.class)).orElse(false));
        return itself || own(method).anyMatch(called -> touchesState(called, seen));
    }

    private static boolean tells(JavaCodeUnit method, Set<JavaCodeUnit> seen) {
        if (!seen.add(method)) {
            return false;
        }
        return method.getMethodCallsFromSelf().stream().anyMatch(call -> call.getTargetOwner().isEquivalentTo(Interleaving.class))
                || own(method).anyMatch(called -> tells(called, seen));
    }

    private static Stream<? extends JavaCodeUnit> own(JavaCodeUnit method) {
        return method.getMethodCallsFromSelf().stream().filter(call -> call.getTargetOwner().equals(method.getOwner()))
                .flatMap(call -> call.getTarget().resolveMember().stream());
    }

    @Test
    void noAccessToSharedStateIsSilentWithoutAReason() {
        for (JavaClass each : KERNEL) {
            if (each.getMethodCallsFromSelf().stream().anyMatch(call -> call.getTargetOwner().isEquivalentTo(Interleaving.class))) {
                assertThat(REASONS.getOrDefault(each.getSimpleName(), Set.of()))
                        .as("%s: methods that come to what tasks share, silently and without a reason", each.getSimpleName())
                        .containsAll(silent(each));
            }
        }
    }

    @Test
    void everyLookIntoTheTreeOfVmasTells() {
        assertThat(silent(KERNEL.get("io.janklab.kernel.mm.space.VmaTree"))).isEmpty();
        assertThat(REASONS).doesNotContainKey("VmaTree");
    }
}
