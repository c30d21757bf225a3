package io.janklab.workloads.host.space;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.page.Contents;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.syscall.KernelSyscalls;
import io.janklab.kernel.uapi.Capability;
import io.janklab.kernel.uapi.Mman;
import io.janklab.kernel.uapi.Uffd;
import io.janklab.program.Call;
import io.janklab.program.ProcessCalls;
import io.janklab.program.Region;
import io.janklab.sim.Simulation;
import io.janklab.workloads.host.sys.HostProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The region on the simulated kernel: a machine of its own for every program, one core, one process.
public final class SimulatedAddressSpace implements ComparedSpace {
    private static final long MEMORY = 128L << 20;
    /// `Locked` of smaps is this process's share of its pages, in these fractions of a byte.
    private static final int PSS_SHIFT = 12;
    private static final String UNLIMITED = "unlimited";
    private static final long CALL_NS_MAX = 1_000_000_000L;

    private final Architecture architecture;
    private final KernelProfile profile;
    private final HostProperties host;
    private Kernel kernel;
    private Process process;
    private ProcessCalls calls;
    private @Nullable String answer;
    private long emptyPageTables;
    private boolean hugePages;

    /// @param host the host to imitate: its switches over the profile's, and its process's rights
    public SimulatedAddressSpace(Architecture architecture, KernelProfile profile, HostProperties host) {
        this.architecture = architecture;
        this.profile = host.applyTo(profile);
        this.host = host;
        boot();
    }

    @Override
    public void useHugePages(boolean on) {
        hugePages = on;
    }

    @Override
    public long clear() {
        long tables = pageTables();
        boot();
        return tables;
    }

    private void boot() {
        kernel = new Kernel(new Simulation(1), Hardware.symmetric(architecture, 1, MEMORY), profile, CostModel.defaults());
        kernel.memory().keepContents();
        kernel.memory().hugetlb().pool().resize(Integer.parseInt(host.found(HostProperties.HUGE_PAGES, "0")));
        process = kernel.createProcess("program");
        // In SIGBUS mode, as the host's.
        calls = new ProcessCalls(kernel, process, Uffd.UFFD_FEATURE_SIGBUS, file());
        // The host's runs once in ten seconds, long after a program's end as a rule.
        kernel.addressSpaces().stopKhugepaged();
        if (!hugePages) {
            process.mm().disableThp();
        }
        grantRights();
        run("fence", this::touchFence);
        emptyPageTables = process.mm().pageTable().bytes();
    }

    private VirtualFile file() {
        VirtualFile file = kernel.memory().pageCache().create(Area.FILE, Region.FILE_PAGES);
        kernel.memory().pageCache().preload(file, 0, file.pages());
        // As on the host, where it is ext4's as a rule and has just been written.
        file.alignHuge();
        for (int index = 0; index < file.pages(); index++) {
            kernel.memory().folios().set(file.frame(index), FolioTable.DIRTY);
        }
        return file;
    }

    private void grantRights() {
        if (host.found(HostProperties.MAY_LOCK, HostProperties.YES).equals(HostProperties.YES)) {
            process.mm().grant(Capability.IPC_LOCK);
        }
        if (host.found(HostProperties.MAY_ADVISE_OTHERS, HostProperties.YES).equals(HostProperties.YES)) {
            process.mm().grant(Capability.SYS_NICE);
        }
        String limit = host.found(HostProperties.LOCK_LIMIT, UNLIMITED);
        process.mm().setLockLimit(limit.equals(UNLIMITED) ? Long.MAX_VALUE : Long.parseLong(limit));
    }

    /// As on the host: a page that keeps the page directories, whatever the region loses.
    private void touchFence(Task task) {
        long fence = Region.END + Region.GAP;
        process.syscalls().mmap(task, fence, Region.PAGE, Mman.PROT_READ,
                Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_NORESERVE | Mman.MAP_FIXED);
        ((KernelSyscalls) process.syscalls()).memory().load(task, fence);
    }

    /// Runs the call as a task of its own, to its end.
    @Override
    public String call(Call call, int step) {
        answer = null;
        run("call", task -> calls.make(task, call, step, returned -> answer = returned));
        if (answer == null) {
            throw new IllegalStateException("the simulated kernel never returned from: " + call);
        }
        kernel.memory().batches().drainAll();
        return answer;
    }

    @Override
    public boolean movedTablesAway() {
        return calls.movedTablesAway();
    }

    private void run(String name, Consumer<Task> body) {
        process.spawn(name, TaskAttributes.normal(0), body);
        kernel.run(kernel.simulation().now() + CALL_NS_MAX);
    }

    @Override
    public Snapshot snapshot() {
        String pages = pages();
        return new Snapshot(areas(), pages, stamps(pages), pageTables());
    }

    private long pageTables() {
        return (process.mm().pageTable().bytes() - emptyPageTables) / 1024;
    }

    private List<Area> areas() {
        List<Area> areas = new ArrayList<>();
        for (Vma vma : process.mm().vmas().list()) {
            if (Region.contains(vma.start())) {
                areas.add(area(vma));
            }
        }
        return areas;
    }

    private Area area(Vma vma) {
        if (vma.is(VmFlags.VM_HUGETLB)) {
            // Counted apart, in none of these.
            return new Area(vma.start(), vma.end(), permissions(vma), name(vma), 0, 0, 0, 0, 0, 0, VmaFlagCodes.of(vma.flags()));
        }
        FolioTable folios = kernel.memory().folios();
        long resident = 0;
        long share = 0;
        long anonymous = 0;
        long lazyFree = 0;
        for (long address = vma.start(); address < vma.end(); address += Region.PAGE) {
            long pte = pte(address);
            if (Pte.hasFolio(pte)) {
                resident++;
                int folio = folios.head(Pte.frame(pte));
                share += (Region.PAGE << PSS_SHIFT) / folios.mapcount(folio);
                anonymous += folios.has(folio, FolioTable.ANON) ? 1 : 0;
                boolean lazy = folios.isLazyfree(folio) && (pte & Pte.DIRTY) == 0 && !folios.has(folio, FolioTable.DIRTY);
                lazyFree += lazy ? 1 : 0;
            }
        }
        long locked = vma.is(VmFlags.VM_LOCKED) ? share : 0;
        String flags = VmaFlagCodes.of(vma.flags());
        return new Area(vma.start(), vma.end(), permissions(vma), name(vma), kilobytes(resident), kilobytes(anonymous), anonHuge(vma),
                kilobytes(lazyFree), 0, locked >> 10 + PSS_SHIFT, flags);
    }

    private static String permissions(Vma vma) {
        return vma.toString().substring(vma.toString().indexOf(' ') + 1);
    }

    private static String name(Vma vma) {
        if (vma.file() != null) {
            return vma.file().isShmem() ? Area.SHMEM : Area.FILE;
        }
        return vma.anonName() == null ? "" : vma.name();
    }

    private long anonHuge(Vma vma) {
        long pages = 0;
        PageTable table = process.mm().pageTable();
        for (HugePmd huge = table.firstHuge(vma.start(), vma.end()); huge != null; huge = table.firstHuge(huge.end(), vma.end())) {
            boolean anonymous = Pte.hasFolio(huge.entry()) && kernel.memory().folios().has(Pte.frame(huge.entry()), FolioTable.ANON);
            pages += anonymous ? PteTable.ENTRIES : 0;
        }
        return kilobytes(pages);
    }

    private static long kilobytes(long pages) {
        return pages * Region.PAGE / 1024;
    }

    private long pte(long address) {
        PteTable table = process.mm().pageTable().find(address);
        if (table != null) {
            return table.get((int) (address / Region.PAGE) & PteTable.ENTRIES - 1);
        }
        HugePmd huge = process.mm().pageTable().huge(address);
        return huge == null ? Pte.NONE : huge.pte(address);
    }

    private String pages() {
        char[] states = new char[Region.PAGES];
        for (int first = 0; first < states.length; first += PteTable.ENTRIES) {
            PteTable table = process.mm().pageTable().find(Region.page(first));
            HugePmd huge = process.mm().pageTable().huge(Region.page(first));
            for (int i = 0; i < PteTable.ENTRIES; i++) {
                long absent = huge == null ? Pte.NONE : huge.pte(Region.page(first + i));
                states[first + i] = state(table == null ? absent : table.get(i));
            }
        }
        return new String(states);
    }

    private static char state(long pte) {
        if (pte == Pte.NONE) {
            return PageState.NONE;
        }
        if (Pte.isGuard(pte)) {
            return PageState.GUARD;
        }
        // A poison marker is listed as a page in swap.
        if (Pte.isSwap(pte) || Pte.isMarker(pte)) {
            return PageState.SWAPPED;
        }
        return Pte.hasFolio(pte) ? PageState.PRESENT : PageState.ZERO;
    }

    private List<Long> stamps(String pages) {
        List<Long> stamps = new ArrayList<>();
        Contents contents = Objects.requireNonNull(kernel.memory().contents());
        for (int i = pages.indexOf(PageState.PRESENT); i >= 0; i = pages.indexOf(PageState.PRESENT, i + 1)) {
            stamps.add(contents.get(Pte.frame(pte(Region.page(i)))));
        }
        return stamps;
    }
}
