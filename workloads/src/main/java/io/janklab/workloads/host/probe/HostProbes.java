package io.janklab.workloads.host.probe;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.RealAddressSpace;
import io.janklab.workloads.host.space.SimulatedAddressSpace;
import io.janklab.workloads.host.space.Snapshot;
import io.janklab.workloads.host.sys.HostCores;
import io.janklab.workloads.host.sys.HostFiles;
import io.janklab.workloads.host.sys.HostPreemption;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Determines a host's properties, by small programs in the region and by what its kernel reports.
public final class HostProbes {
    private static final int CAP_IPC_LOCK = 14;
    private static final int CAP_SYS_NICE = 23;
    private static final int CAP_SYS_ADMIN = 21;
    private static final String THP = "/sys/kernel/mm/transparent_hugepage/";
    /// Sizes of shared memory alone have no such file.
    private static final List<String> OFF = List.of("never", "");
    /// The default of `fault_around_bytes`, as simulated.
    private static final int FAULT_AROUND_KIB = 64;
    /// The JVM's other threads make page tables, too.
    private static final int TABLES_MUST_STAY = 4;
    private static final String PRIVATE = " private|anonymous|fixed";

    private final RealAddressSpace real;
    private final Architecture architecture;
    private final KernelProfile nearest;
    private final List<HostProperty> found = new ArrayList<>();
    /// Of the latest program.
    @SuppressWarnings("NullAway.Init")
    private String answer;
    @SuppressWarnings("NullAway.Init")
    private Snapshot left;

    /// @param nearest the profile whose values are taken where the host cannot be asked
    public HostProbes(RealAddressSpace real, Architecture architecture, KernelProfile nearest) {
        this.real = real;
        this.architecture = architecture;
        this.nearest = nearest;
    }

    /// Every property, each asked once. Leaves the region empty.
    public HostProperties ask() {
        found.clear();
        pages();
        calls();
        advice();
        fork();
        userfaultfd();
        machine();
        rights();
        found.addAll(RefusedCalls.find(real, new SimulatedAddressSpace(architecture, nearest, new HostProperties(found))));
        return new HostProperties(found);
    }

    /// Runs a program, for its last answer and what it leaves.
    private void run(String... lines) {
        SyscallProgram program = SyscallProgram.parse("probe", List.of(lines));
        real.clear();
        for (int step = 0; step < program.size(); step++) {
            answer = real.call(program.calls().get(step), step);
        }
        left = real.snapshot();
    }

    private boolean isRefused() {
        return RefusedCalls.isRefusal(answer);
    }

    private void pages() {
        run("mmap @0 2p r" + PRIVATE, "read @0 2p");
        found.add(HostProperty.of(Switch.ZERO_PAGE, left.describePages().contains("z") ? "on" : "off"));
        executeOnly();
        // Two neighbouring tables' worth, so that what keeps the first directory does not keep a table of the second.
        boolean reclaims = false;
        for (int i = 0; i < TABLES_MUST_STAY && !reclaims; i++) {
            run("mmap @512 512p r|w" + PRIVATE, "write @512 1p", "madvise @512 512p dontneed");
            reclaims = left.pageTables() == 0;
        }
        found.add(HostProperty.of(Switch.PT_RECLAIM, reclaims ? "on" : "off"));
        faultAround();
    }

    private void faultAround() {
        int kib = real.faultAround();
        String host = kib + " KiB";
        String simulated = FAULT_AROUND_KIB + " KiB";
        found.add(kib == FAULT_AROUND_KIB
                ? HostProperty.told("fault-around", host, simulated)
                : HostProperty.leftOut("fault-around", host, simulated,
                        "mmap_file: this host maps " + host + " around a fault on a file, not " + simulated + "."));
    }

    /// With a protection key the kernel itself is kept out; where only the CPU refuses loads (arm64's EPAN), it fills pages in all the
    /// same.
    private void executeOnly() {
        run("mmap @0 1p x" + PRIVATE, "read @0 1p");
        if (!answer.equals("EFAULT")) {
            found.add(HostProperty.of(Switch.EXECUTE_ONLY, "readable"));
            return;
        }
        run("mmap @0 1p x" + PRIVATE + "|locked");
        if (left.describePages().isEmpty()) {
            found.add(HostProperty.of(Switch.EXECUTE_ONLY, "pkey"));
            return;
        }
        String reason = ": memory for execution alone cannot be read on this host, though its kernel may fill it in (EPAN), "
                + "which is not simulated.";
        found.add(HostProperty.leftOut(Switch.EXECUTE_ONLY.key(), "epan", "readable", "mmap x" + reason));
        found.add(HostProperty.leftOut("execute-only by mprotect", "epan", "readable", "mprotect x" + reason));
    }

    private void calls() {
        run("mseal @0 0p 0");
        found.add(answer.equals("0") || answer.equals("ENOSYS")
                ? HostProperty.of(Switch.MSEAL, answer.equals("0") ? "on" : "off")
                : HostProperty.leftOut(Switch.MSEAL.key(), "refused", nearest.value(Switch.MSEAL),
                        "mseal: this host refuses mseal (" + answer + ")."));
        run("mmap @0 1p r" + PRIVATE, "set_anon_name @0 1p heap");
        found.add(HostProperty.of(Switch.ANON_VMA_NAME, answer.equals("0") ? "on" : "off"));
        run("mmap @0 2p r|w" + PRIVATE, "process_madvise @0 1p @1 1p dontneed");
        if (answer.equals("ENOSYS")) {
            found.add(HostProperty.leftOut(Switch.PROCESS_MADVISE.key(), "unknown", nearest.value(Switch.PROCESS_MADVISE),
                    "process_madvise: this host's kernel does not know process_madvise."));
        } else {
            String many = nearest.is(Switch.PROCESS_MADVISE, SwitchValue.HINTS) ? "ranges" : nearest.value(Switch.PROCESS_MADVISE);
            found.add(HostProperty.of(Switch.PROCESS_MADVISE, answer.equals("EINVAL") ? "hints" : many));
        }
    }

    private void advice() {
        run("mmap @0 1p r|w" + PRIVATE, "madvise @0 1p guard-install");
        boolean knowsGuards = !isRefused();
        try (MadviseLockProbe probe = new MadviseLockProbe()) {
            found.add(knowsGuards
                    ? lockOf(probe, Switch.MADVISE_GUARD_LOCK, Mman.MADV_GUARD_INSTALL)
                    : HostProperty.of(Switch.MADVISE_GUARD_LOCK, "none"));
            found.add(lockOf(probe, Switch.MADVISE_DONTNEED_LOCK, Mman.MADV_DONTNEED));
            found.add(lockOf(probe, Switch.MADVISE_FREE_LOCK, Mman.MADV_FREE));
        }
        if (knowsGuards) {
            guardsOnFiles();
        }
        run("mmap @0 1p r|w" + PRIVATE, "madvise @0 1p mergeable");
        found.add(HostProperty.of(Switch.KSM, isRefused() ? "off" : "on"));
        if (!isRefused() && HostFiles.text("/sys/kernel/mm/ksm/run").equals("1")) {
            found.add(HostProperty.leftOut("ksmd", "running", "not running",
                    "madvise mergeable: ksmd runs on this host, and may merge pages at any time."));
        }
        run("mmap @0 1p r|w" + PRIVATE, "madvise @0 0p hwpoison");
        found.add(HostProperty.of(Switch.MEMORY_FAILURE, isRefused() ? "off" : "on"));
    }

    /// Two VMAs with an anon_vma each cannot be merged again.
    private void guardsOnFiles() {
        run("mmap_file @0 2p r|w private|fixed 0p", "mlock @1 1p", "madvise @0 1p guard-install");
        boolean refused = isRefused();
        run("mmap_file @0 2p r|w private|fixed 0p", "mlock @1 1p", "madvise @0 1p guard-install", "munlock @0 2p");
        SwitchValue accepted = left.areas().size() == 1 ? SwitchValue.AS_THEY_ARE : SwitchValue.ANON_VMA;
        found.add(HostProperty.of(Switch.GUARD_FILES, (refused ? SwitchValue.REFUSED : accepted).label()));
    }

    /// On one core, or where it could not be observed, the profile's value.
    private HostProperty lockOf(MadviseLockProbe probe, Switch lock, int advice) {
        String seen = HostCores.count() < 2 ? null : probe.lockOf(advice, 1);
        if (seen != null) {
            return HostProperty.of(lock, seen);
        }
        String word = nearest.value(lock);
        return new HostProperty(lock.key(), "as in " + nearest.name(), word.equals("none") ? "mmap" : word, null);
    }

    private void fork() {
        if (real.hasFork()) {
            found.add(HostProperty.told("fork", HostProperties.YES, "compared"));
            return;
        }
        for (String call : List.of("fork", "fork_keep", "fork_end")) {
            found.add(HostProperty.leftOut(call, HostProperties.NO, "not used",
                    call + ": this process cannot fork, on a machine other than x86-64 or where no memory may be made executable."));
        }
    }

    private void userfaultfd() {
        boolean exists = real.hasUserfaultfd();
        if (!exists) {
            String reason = ": this host has no userfaultfd for this process.";
            found.add(HostProperty.leftOut("userfaultfd", HostProperties.NO, "not used", "uffd_register" + reason));
            for (String call : List.of("uffd_unregister", "uffd_copy", "uffd_zeropage", "uffd_move", "uffd_writeprotect", "uffd_poison",
                    "uffd_continue")) {
                found.add(HostProperty.leftOut(call, HostProperties.NO, "not used", call + reason));
            }
            return;
        }
        found.add(HostProperty.told("userfaultfd", HostProperties.YES, "in SIGBUS mode"));
        boolean forAll = HostFiles.text("/proc/sys/vm/unprivileged_userfaultfd").equals("1");
        found.add(HostProperty.told("userfaultfd for all", forAll ? HostProperties.YES : HostProperties.NO, "not asked"));
        run("mmap @0 1p r|w" + PRIVATE, "write @0 1p", "mmap @8 1p r|w" + PRIVATE, "uffd_register @8 1p missing", "uffd_move @8 @0 1p 0");
        knownOrLeftOut("uffd_move", "UFFDIO_MOVE");
        run("mmap @0 1p r|w" + PRIVATE, "uffd_register @0 1p missing", "uffd_poison @0 1p 0");
        knownOrLeftOut("uffd_poison", "UFFDIO_POISON");
        run("mmap @0 1p r|w" + PRIVATE, "write @0 1p", "uffd_register @0 1p wp", "uffd_writeprotect @0 1p 1");
        boolean protects = !isRefused();
        knownOrLeftOut("uffd_writeprotect", "UFFDIO_WRITEPROTECT");
        if (!protects) {
            found.add(HostProperty.leftOut("uffd_register wp", HostProperties.NO, "not used",
                    "uffd_register wp: this host's userfaultfd cannot write-protect."));
        }
    }

    private void knownOrLeftOut(String call, String name) {
        found.add(isRefused()
                ? HostProperty.leftOut(name, HostProperties.NO, "not used", call + ": this host's kernel does not know " + name + ".")
                : HostProperty.told(name, HostProperties.YES, "known"));
    }

    private void machine() {
        String thp = HostFiles.chosen(THP + "enabled");
        found.add(HostProperty.told("thp.enabled", thp.isEmpty() ? "none" : thp, "off for the process, on both sides"));
        found.add(HostProperty.told("mthp", multiSize(), "2 MiB or none"));
        boolean swaps = HostFiles.text("/proc/swaps").lines().count() > 1;
        found.add(swaps
                ? HostProperty.leftOut("swap", HostProperties.YES, "none", "madvise pageout: this host has swap, and would fill it.")
                : HostProperty.told("swap", "none", "none"));
        String overcommit = sysctl("overcommit_memory");
        found.add(overcommit.equals("2")
                ? HostProperty.leftOut("vm.overcommit_memory", overcommit, "0",
                        "mmap noreserve: this host never overcommits (vm.overcommit_memory=2), and so ignores MAP_NORESERVE.")
                : HostProperty.told("vm.overcommit_memory", overcommit, "0"));
        int hugePages = spareHugePages();
        found.add(hugePages == 0
                ? HostProperty.leftOut(HostProperties.HUGE_PAGES, "0", "0",
                        "mmap hugetlb: this host has no huge pages to spare (vm.nr_hugepages).")
                : HostProperty.told(HostProperties.HUGE_PAGES, Integer.toString(hugePages), Integer.toString(hugePages)));
        found.add(HostProperty.told("vm.max_map_count", sysctl("max_map_count"), "65530"));
        found.add(HostProperty.of(Switch.PREEMPT, HostPreemption.current()));
    }

    /// Pages for hugetlb that nobody uses or has reserved, of 2 MiB, [HostProperties#MOST_HUGE_PAGES] at most.
    private static int spareHugePages() {
        String memory = HostFiles.text("/proc/meminfo");
        long spare = memory(memory, "HugePages_Free") - memory(memory, "HugePages_Rsvd");
        boolean suits = memory(memory, "Hugepagesize") == 2048;
        return suits ? Math.clamp(spare, 0, HostProperties.MOST_HUGE_PAGES) : 0;
    }

    private static long memory(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1).replace("kB", "").trim()))
                .findFirst()
                .orElse(0);
    }

    private static String sysctl(String name) {
        String value = HostFiles.text("/proc/sys/vm/" + name);
        return value.isEmpty() ? "unknown" : value;
    }

    /// Sizes of huge pages smaller or larger than a PMD's that are on.
    private static String multiSize() {
        try (Stream<Path> sizes = Files.list(Path.of(THP))) {
            String on = sizes.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("hugepages-") && !OFF.contains(HostFiles.chosen(THP + name + "/enabled")))
                    .map(name -> name.substring("hugepages-".length()))
                    .sorted()
                    .collect(Collectors.joining(" "));
            return on.isEmpty() ? "none" : on;
        } catch (IOException none) {
            return "none";
        }
    }

    private void rights() {
        found.add(may(HostProperties.MAY_LOCK, CAP_IPC_LOCK));
        found.add(may(HostProperties.MAY_ADVISE_OTHERS, CAP_SYS_NICE));
        found.add(may("CAP_SYS_ADMIN", CAP_SYS_ADMIN));
        String limit = HostFiles.text("/proc/self/limits").lines()
                .filter(line -> line.startsWith("Max locked memory"))
                .map(line -> line.substring("Max locked memory".length()).trim().split("\\s+")[0])
                .findFirst()
                .orElse("unlimited");
        found.add(HostProperty.told(HostProperties.LOCK_LIMIT, limit, limit));
    }

    private static HostProperty may(String name, int capability) {
        String has = HostFiles.hasCapability(capability) ? HostProperties.YES : HostProperties.NO;
        return HostProperty.told(name, has, has);
    }
}
