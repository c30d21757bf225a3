package io.janklab.workloads.recording.record;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The functions of an ELF file (`elf.h`: programs and shared libraries, 32 or 64 bits) by name, each with its place in the file, as
/// uprobes take it: from `.symtab` and `.dynsym`, addresses turned into offsets by the loaded segments.
final class ElfSymbols {
    private static final int MAGIC = 0x7f454c46;
    private static final int SHT_SYMTAB = 2;
    private static final int SHT_DYNSYM = 11;
    private static final int PT_LOAD = 1;
    private static final int STT_FUNC = 2;
    private static final int STT_GNU_IFUNC = 10;
    private static final int TYPE = 0xf;

    private final ByteBuffer file;
    private final boolean wide;
    private final Map<String, Long> offsets = new TreeMap<>();

    private ElfSymbols(ByteBuffer file) {
        this.file = file;
        this.wide = file.get(4) == 2;
        file.order(file.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int count = u16(wide ? 60 : 48);
        long size = u16(wide ? 58 : 46);
        long sections = word(wide ? 40 : 32);
        for (int i = 0; i < count; i++) {
            long at = sections + i * size;
            int type = file.getInt(checked(at + 4));
            if (type == SHT_SYMTAB || type == SHT_DYNSYM) {
                symbols(at, sections, size);
            }
        }
    }

    /// Each function's offset in the file by its name, as the linker knows it (C++'s are mangled).
    ///
    /// @throws IOException if it cannot be read, or is no such file
    static Map<String, Long> functions(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException("it is longer than 2 GiB");
            }
            ByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            if (file.limit() < 52 || file.getInt(0) != MAGIC) {
                throw new IOException("it is no ELF program or library");
            }
            return new ElfSymbols(file).offsets;
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new IOException("its tables are damaged", e);
        }
    }

    /// @param at where the table's section header is
    private void symbols(long at, long sections, long headerSize) {
        long from = word(at + (wide ? 24 : 16));
        long bytes = word(at + (wide ? 32 : 20));
        long names = word(sections + headerSize * file.getInt(checked(at + (wide ? 40 : 24))) + (wide ? 24 : 16));
        int entry = wide ? 24 : 16;
        for (long symbol = from; symbol + entry <= from + bytes; symbol += entry) {
            int type = file.get(checked(symbol + (wide ? 4 : 12))) & TYPE;
            long address = word(symbol + (wide ? 8 : 4));
            boolean isDefined = u16(symbol + (wide ? 6 : 14)) != 0;
            if (isDefined && (type == STT_FUNC || type == STT_GNU_IFUNC)) {
                long offset = offset(address);
                if (offset >= 0) {
                    offsets.putIfAbsent(name(names + (file.getInt(checked(symbol)) & 0xffff_ffffL)), offset);
                }
            }
        }
    }

    /// Where in the file the code at that address is; −1 if nowhere.
    private long offset(long address) {
        long segments = word(wide ? 32 : 28);
        int size = u16(wide ? 54 : 42);
        for (int i = 0; i < u16(wide ? 56 : 44); i++) {
            long at = segments + (long) i * size;
            if (file.getInt(checked(at)) == PT_LOAD) {
                long from = word(at + (wide ? 8 : 4));
                long address0 = word(at + (wide ? 16 : 8));
                long bytes = word(at + (wide ? 32 : 16));
                if (address >= address0 && address < address0 + bytes) {
                    return address - address0 + from;
                }
            }
        }
        return -1;
    }

    private String name(long at) {
        int from = checked(at);
        int to = from;
        while (file.get(to) != 0) {
            to++;
        }
        byte[] name = new byte[to - from];
        file.get(from, name);
        return new String(name, StandardCharsets.UTF_8);
    }

    private int u16(long at) {
        return file.getShort(checked(at)) & 0xffff;
    }

    /// An address, offset or size.
    private long word(long at) {
        return wide ? file.getLong(checked(at)) : file.getInt(checked(at)) & 0xffff_ffffL;
    }

    private static int checked(long at) {
        if (at < 0 || at > Integer.MAX_VALUE) {
            throw new IndexOutOfBoundsException("at " + at);
        }
        return (int) at;
    }
}
