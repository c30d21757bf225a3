package io.janklab.program;

import io.janklab.kernel.uapi.Mman;
import io.janklab.kernel.uapi.Uffd;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The kind of an argument of a call, and its notation in a program.
public enum Argument {
    /// `@12` is page 12 of the region, `@12+100` lies 100 bytes into it; or a bare number.
    ADDRESS {
        @Override
        public String format(long value) {
            return Region.describe(value);
        }

        @Override
        public long parse(String text) {
            return text.startsWith("@") ? Region.START + pagesAndBytes(text.substring(1), "") : Numbers.parse(text);
        }

        @Override
        public long[] simpler(long value) {
            long halfway = Region.START + (value - Region.START) / 2;
            return new long[] {Region.START, halfway & -Region.PAGE, value & -Region.PAGE, value - Region.PAGE};
        }
    },

    /// `3p` is three pages, `3p+1` a byte more; or a bare number.
    LENGTH {
        @Override
        public String format(long value) {
            if (value < 0 || value >= 1L << 40) {
                return "0x" + Long.toHexString(value);
            }
            return value / Region.PAGE + "p" + (value % Region.PAGE == 0 ? "" : "+" + value % Region.PAGE);
        }

        @Override
        public long parse(String text) {
            return text.contains("p") ? pagesAndBytes(text, "p") : Numbers.parse(text);
        }

        @Override
        public long[] simpler(long value) {
            return new long[] {Region.PAGE, value / 2 & -Region.PAGE, value & -Region.PAGE, value - Region.PAGE};
        }
    },

    PROTECTION(new FlagWords().with("r", Mman.PROT_READ).with("w", Mman.PROT_WRITE).with("x", Mman.PROT_EXEC)),

    MAP_FLAGS(new FlagWords()
            .with("shared", Mman.MAP_SHARED)
            .with("private", Mman.MAP_PRIVATE)
            .with("anonymous", Mman.MAP_ANONYMOUS)
            .with("fixed", Mman.MAP_FIXED)
            .with("noreplace", Mman.MAP_FIXED_NOREPLACE)
            .with("droppable", Mman.MAP_DROPPABLE)
            .with("noreserve", Mman.MAP_NORESERVE)
            .with("populate", Mman.MAP_POPULATE)
            .with("locked", Mman.MAP_LOCKED)
            .with("growsdown", Mman.MAP_GROWSDOWN)
            .with("hugetlb", Mman.MAP_HUGETLB)),

    REMAP_FLAGS(new FlagWords()
            .with("maymove", Mman.MREMAP_MAYMOVE)
            .with("fixed", Mman.MREMAP_FIXED)
            .with("dontunmap", Mman.MREMAP_DONTUNMAP)),

    MLOCK_FLAGS(new FlagWords().with("onfault", Mman.MLOCK_ONFAULT)),

    MCL_FLAGS(new FlagWords().with("current", Mman.MCL_CURRENT).with("future", Mman.MCL_FUTURE).with("onfault", Mman.MCL_ONFAULT)),

    UFFD_MODES(new FlagWords().with("missing", Uffd.UFFDIO_REGISTER_MODE_MISSING).with("wp", Uffd.UFFDIO_REGISTER_MODE_WP)
            .with("minor", Uffd.UFFDIO_REGISTER_MODE_MINOR)),

    NUMBER {
        @Override
        public String format(long value) {
            return Long.toString(value);
        }

        @Override
        public long parse(String text) {
            return Numbers.parse(text);
        }

        @Override
        public long[] simpler(long value) {
            return new long[] {0};
        }
    },

    NAME {
        @Override
        public String format(long value) {
            return AnonNames.format(value);
        }

        @Override
        public long parse(String text) {
            return AnonNames.parse(text);
        }

        @Override
        public long[] simpler(long value) {
            return new long[] {AnonNames.NONE};
        }
    },

    ADVICE {
        @Override
        public String format(long value) {
            return AdviceWords.format(value);
        }

        @Override
        public long parse(String text) {
            return AdviceWords.parse(text);
        }

        @Override
        Set<String> all() {
            return AdviceWords.all();
        }
    };

    /// The words of an argument made of flags; null for the others, which format and parse for themselves.
    private final @Nullable FlagWords words;

    Argument() {
        this(null);
    }

    Argument(@Nullable FlagWords words) {
        this.words = words;
    }

    public String format(long value) {
        return Objects.requireNonNull(words).format(value);
    }

    /// @throws NumberFormatException if it cannot be read
    public long parse(String text) {
        return Objects.requireNonNull(words).parse(text);
    }

    /// The words it may be made of; none if there are none.
    Set<String> all() {
        return words == null ? Set.of() : words.all();
    }

    boolean reads(String text) {
        try {
            parse(text);
            return true;
        } catch (NumberFormatException unreadable) {
            return false;
        }
    }

    /// Values to try in its place when a program is simplified, the simplest first.
    public long[] simpler(long value) {
        return new long[0];
    }

    /// `PAGES<unit>` or `PAGES<unit>+BYTES`.
    private static long pagesAndBytes(String text, String unit) {
        int plus = text.indexOf('+');
        String pages = plus < 0 ? text : text.substring(0, plus);
        if (!pages.endsWith(unit)) {
            throw new NumberFormatException(text);
        }
        long bytes = plus < 0 ? 0 : Long.parseLong(text.substring(plus + 1));
        return Long.parseLong(pages.substring(0, pages.length() - unit.length())) * Region.PAGE + bytes;
    }
}
