package io.janklab.kernel.mm.proc;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import org.jspecify.annotations.Nullable;

/// One line of `/proc/PID/maps` (Linux `show_map_vma`).
final class MapsRecord implements VmaRecord {
    /// Names begin in this column.
    private static final int NAME_COLUMN = 73;
    private static final String NO_FILE = "00000000 00:00 0 ";

    @Override
    public void show(Task task, Vma vma, StringBuilder out) {
        task.charge(vma.mm().memory().costs(), Cost.MAPS_LINE);
        task.settle();
        int lineStart = out.length();
        hex(out, vma.start()).append('-');
        hex(out, vma.end()).append(' ').append(rights(vma)).append(' ');
        if (vma.file() == null) {
            out.append(NO_FILE);
        } else {
            hex(out, vma.pgoff() << Addresses.PAGE_SHIFT).append(" fe:00 ").append(vma.file().inode()).append(' ');
        }
        String name = name(vma);
        if (name != null) {
            out.repeat(' ', Math.max(0, NAME_COLUMN - (out.length() - lineStart))).append(name);
        }
        out.append('\n');
    }

    private static StringBuilder hex(StringBuilder out, long value) {
        String digits = Long.toHexString(value);
        return out.repeat('0', Math.max(0, 8 - digits.length())).append(digits);
    }

    private static String rights(Vma vma) {
        return (vma.is(VmFlags.VM_READ) ? "r" : "-")
                + (vma.is(VmFlags.VM_WRITE) ? "w" : "-")
                + (vma.is(VmFlags.VM_EXEC) ? "x" : "-")
                + (vma.is(VmFlags.VM_MAYSHARE) ? "s" : "p");
    }

    /// `get_vma_name`: null if there is none.
    private static @Nullable String name(Vma vma) {
        if (vma.file() != null) {
            return SeqPath.mangled(vma.file().name(), "\n");
        }
        if (vma.start() < vma.mm().brk() && vma.end() > Mm.START_BRK) {
            return "[heap]";
        }
        return vma.anonName() == null ? null : vma.name();
    }
}
