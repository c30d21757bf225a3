package io.janklab.workloads.host.space;

import io.janklab.program.Region;
import io.janklab.workloads.host.sys.HostRefusal;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The region according to `/proc/self`: smaps, pagemap, mem.
final class ProcFiles {
    private static final int AT_FDCWD = -100;
    private static final int O_RDONLY = 0;
    /// `/proc/self/smaps` comes in pieces of at most a page.
    private static final int BUFFER = 16 * 1024;

    // Bits of a pagemap entry (Documentation/admin-guide/mm/pagemap.rst).
    private static final long PRESENT = 1L << 63;
    private static final long SWAPPED = 1L << 62;
    private static final long GUARD = 1L << 58;
    private static final long PFN_MASK = (1L << 55) - 1;

    private static final long HUGE_FRAMES = 512;
    private static final long NO_FRAMES = -1;

    private static final byte[] VM_PTE = "VmPTE:".getBytes(StandardCharsets.US_ASCII);

    private final HostSyscalls linux;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER, Long.BYTES);
    private final long smaps;
    private final long pagemap;
    private final long mem;
    private final long status;
    private final long zeroPageFrame;
    /// Which 512 frames the huge zero page is.
    private long hugeZeroFrames = NO_FRAMES;

    /// @param untouchedPage a readable page of untouched private memory: it shows the zero page's frame number
    ProcFiles(HostSyscalls linux, MemorySegment untouchedPage) {
        this.linux = linux;
        smaps = open("/proc/self/smaps");
        pagemap = open("/proc/self/pagemap");
        mem = open("/proc/self/mem");
        status = open("/proc/self/status");
        untouchedPage.get(ValueLayout.JAVA_BYTE, 0);
        long entry = pagemapEntry(untouchedPage.address());
        if ((entry & PRESENT) == 0) {
            throw new HostRefusal("This host's /proc/self/pagemap does not show the pages that are there.");
        }
        zeroPageFrame = entry & PFN_MASK;
    }

    /// Reads a page of untouched memory that may become huge: it shows where the huge zero page is. The mapping must stay, so that the
    /// kernel keeps that page.
    void findHugeZeroPage(long address) {
        MemorySegment.ofAddress(address).reinterpret(Region.PAGE).get(ValueLayout.JAVA_BYTE, 0);
        long frame = pagemapEntry(address) & PFN_MASK;
        hugeZeroFrames = frame == zeroPageFrame || frame % HUGE_FRAMES != 0 ? NO_FRAMES : frame / HUGE_FRAMES;
    }

    private boolean isZeroPage(long frame) {
        return frame == zeroPageFrame || frame / HUGE_FRAMES == hugeZeroFrames;
    }

    private long open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return linux.require(SystemCall.OPENAT, AT_FDCWD, arena.allocateFrom(path).address(), O_RDONLY, 0, 0, 0);
        }
    }

    private int read(long file, long position, int bytes) {
        return (int) linux.require(SystemCall.PREAD64, file, buffer.address(), bytes, position, 0, 0);
    }

    /// 0 if the file ends before it.
    private long pagemapEntry(long address) {
        return read(pagemap, address / Region.PAGE * Long.BYTES, Long.BYTES) == Long.BYTES ? buffer.get(ValueLayout.JAVA_LONG, 0) : 0;
    }

    /// The region's VMAs.
    List<Area> areas() {
        Smaps parser = new Smaps();
        String unfinished = "";
        long position = 0;
        int length = read(smaps, 0, BUFFER);
        while (length > 0) {
            position += length;
            String text = unfinished + StandardCharsets.ISO_8859_1.decode(buffer.asSlice(0, length).asByteBuffer());
            int lineEnd = parser.lines(text);
            if (lineEnd < 0) {
                break;
            }
            unfinished = text.substring(lineEnd);
            length = read(smaps, position, BUFFER);
        }
        return parser.areas();
    }

    /// VmPTE, in KiB.
    long pageTables() {
        int length = read(status, 0, BUFFER);
        int at = 0;
        while (!isVmPte(at) && at < length) {
            at++;
        }
        long kib = 0;
        for (at += VM_PTE.length; buffer.get(ValueLayout.JAVA_BYTE, at) != '\n'; at++) {
            int digit = buffer.get(ValueLayout.JAVA_BYTE, at) - '0';
            kib = digit >= 0 && digit <= 9 ? kib * 10 + digit : kib;
        }
        return kib;
    }

    private boolean isVmPte(int at) {
        for (int i = 0; i < VM_PTE.length; i++) {
            if (buffer.get(ValueLayout.JAVA_BYTE, at + i) != VM_PTE[i]) {
                return false;
            }
        }
        return true;
    }

    /// How many of the pages from `address` on are mapped.
    int present(long address, int pages) {
        read(pagemap, address / Region.PAGE * Long.BYTES, pages * Long.BYTES);
        int present = 0;
        for (int i = 0; i < pages; i++) {
            present += (buffer.getAtIndex(ValueLayout.JAVA_LONG, i) & PRESENT) != 0 ? 1 : 0;
        }
        return present;
    }

    /// A [PageState] letter for every page of the region.
    String pages() {
        char[] states = new char[Region.PAGES];
        read(pagemap, Region.START / Region.PAGE * Long.BYTES, Region.PAGES * Long.BYTES);
        for (int i = 0; i < states.length; i++) {
            states[i] = state(buffer.getAtIndex(ValueLayout.JAVA_LONG, i));
        }
        return new String(states);
    }

    private char state(long entry) {
        if ((entry & PRESENT) != 0) {
            return isZeroPage(entry & PFN_MASK) ? PageState.ZERO : PageState.PRESENT;
        }
        if ((entry & GUARD) != 0) {
            return PageState.GUARD;
        }
        return (entry & SWAPPED) != 0 ? PageState.SWAPPED : PageState.NONE;
    }

    /// The stamps of the pages that `pages` shows as present, whatever their protection.
    List<Long> stamps(String pages) {
        List<Long> stamps = new ArrayList<>();
        for (int i = pages.indexOf(PageState.PRESENT); i >= 0; i = pages.indexOf(PageState.PRESENT, i + 1)) {
            read(mem, Region.page(i), Long.BYTES);
            stamps.add(buffer.get(ValueLayout.JAVA_LONG, 0));
        }
        return stamps;
    }
}
