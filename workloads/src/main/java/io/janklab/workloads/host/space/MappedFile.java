package io.janklab.workloads.host.space;

import io.janklab.program.Region;
import io.janklab.workloads.host.sys.HostSyscalls;
import io.janklab.workloads.host.sys.SystemCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file that programs map on the host: on a disk, where the folder for temporary files is, without a name.
final class MappedFile {
    private static final long AT_FDCWD = -100;
    private static final long O_RDWR = 2;

    private final HostSyscalls linux;
    private final MemorySegment zeros = Arena.ofAuto().allocate(Region.PAGE);
    private long number;

    MappedFile(HostSyscalls linux) {
        this.linux = linux;
        this.number = create();
        zero();
    }

    private long create() {
        try {
            Path path = Files.createTempFile("janklab", ".mapped");
            try {
                return open(path.toString());
            } finally {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return linux.require(SystemCall.OPENAT, AT_FDCWD, arena.allocateFrom(path).address(), O_RDWR, 0, 0, 0);
        }
    }

    /// Its descriptor, until it is next zeroed.
    long number() {
        return number;
    }

    /// As a program finds it: just opened, every page in memory, none written.
    void zero() {
        // Each opening counts its own faults on missing pages, and after a hundred such nothing is read around one (`mmap_miss`).
        long opened = open("/proc/self/fd/" + number);
        linux.require(SystemCall.CLOSE, number, 0, 0, 0, 0, 0);
        number = opened;
        // Anew: what programs have done to its folios, a mark for read-ahead say, would stay.
        linux.require(SystemCall.FTRUNCATE, number, 0, 0, 0, 0, 0);
        // Page by page, for the simulated page cache has no large folios: where one reaches to the file's end and there is no page table
        // yet, Linux 6.18 maps one page around a fault (`filemap_map_pages`: no `filemap_map_pmd`).
        for (int page = 0; page < Region.FILE_PAGES; page++) {
            linux.require(SystemCall.PWRITE64, number, zeros.address(), Region.PAGE, page * Region.PAGE, 0, 0);
        }
    }
}
