package io.janklab.workloads.input;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Why a file could not be read or written, in words for its user.
public final class FileTrouble {
    private FileTrouble() {}

    /// `there is no such file`, `permission denied`, or what the system says of it.
    public static String inWords(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such file";
            case AccessDeniedException denied -> "permission denied";
            case NotDirectoryException file -> "it is not a folder";
            case FileAlreadyExistsException there -> "something of that name is there already";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage() == null ? "input or output failed" : e.getMessage();
        };
    }
}
