package io.janklab.workloads.app.process;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.PageCache;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.RandomStream;

/// The app's code and resources (apk, oat, vdex) as one file: part of it is in the page cache when the app is launched, and
/// classes are loaded from places all over it.
public final class AppFiles {
    /// Pages that come into the page cache together: Linux's readahead window.
    private static final int WINDOW_PAGES = 32;
    /// Pages of one class or resource.
    private static final int TOUCH_PAGES = 4;

    private final Mappings mappings;
    private final UserMemory memory;
    private final VirtualFile file;
    private long address;

    public AppFiles(Mappings mappings, UserMemory memory, VirtualFile file) {
        this.mappings = mappings;
        this.memory = memory;
        this.file = file;
    }

    /// A file of that size on the device, with that share of it in memory, window by window.
    public static VirtualFile install(PageCache files, String name, long bytes, double cachedShare, RandomStream random) {
        int pages = (int) (bytes / Hardware.PAGE_SIZE);
        VirtualFile file = files.create(name, pages);
        for (int window = 0; window < pages; window += WINDOW_PAGES) {
            if (random.chance(cachedShare)) {
                files.preload(file, window, window + WINDOW_PAGES);
            }
        }
        return file;
    }

    public void map(Task task) {
        address = mappings.mapFile(task, 0, (long) file.pages() * Hardware.PAGE_SIZE, Mman.PROT_READ | Mman.PROT_EXEC, file, 0);
    }

    /// Reads `bytes` bytes' worth of classes, each at a random place.
    public void load(Task task, long bytes, RandomStream random) {
        long places = file.pages() / TOUCH_PAGES;
        for (long done = 0; done < bytes; done += TOUCH_PAGES * Hardware.PAGE_SIZE) {
            memory.read(task, address + random.nextLong(places) * TOUCH_PAGES * Hardware.PAGE_SIZE, TOUCH_PAGES * Hardware.PAGE_SIZE);
        }
    }
}
