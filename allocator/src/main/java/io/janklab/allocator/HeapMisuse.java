package io.janklab.allocator;

/// A program broke the rules of `malloc(3)`. The heap refused the call before changing anything.
public final class HeapMisuse extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Which rule was broken.
    public enum Kind {
        DOUBLE_FREE,
        /// Not an address this heap ever handed out, or one whose pages it has long returned.
        FOREIGN_POINTER,
        /// An address inside a block.
        INTERIOR_POINTER,
        BAD_ALIGNMENT,
        SIZE_OVERFLOW
    }

    private final Kind kind;

    private HeapMisuse(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public static HeapMisuse doubleFree(long address) {
        return new HeapMisuse(Kind.DOUBLE_FREE, String.format("0x%x is free already", address));
    }

    public static HeapMisuse foreignPointer(long address) {
        return new HeapMisuse(Kind.FOREIGN_POINTER, String.format("0x%x is not a block of this heap", address));
    }

    public static HeapMisuse interiorPointer(long address, long block) {
        return new HeapMisuse(Kind.INTERIOR_POINTER, String.format("0x%x points into the block at 0x%x, not at its start", address, block));
    }

    public static HeapMisuse badAlignment(long alignment) {
        return new HeapMisuse(Kind.BAD_ALIGNMENT, "alignment must be a power of two, not " + alignment);
    }

    public static HeapMisuse sizeOverflow(String request) {
        return new HeapMisuse(Kind.SIZE_OVERFLOW, request + " bytes are more than an address space can hold");
    }

    public Kind kind() {
        return kind;
    }
}
