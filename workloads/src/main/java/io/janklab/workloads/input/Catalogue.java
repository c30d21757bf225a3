package io.janklab.workloads.input;

import io.janklab.program.Nearest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/// The bundled YAML files of one kind (devices, scenarios), each found by name; a user's own is found by its path.
///
/// @param kind the word for one of them in messages
/// @param folder the resource folder they are in
/// @param names the existing ones, in listing order
public record Catalogue(String kind, String folder, List<String> names) {
    private static final String SUFFIX = ".yaml";

    /// The settings of that name, or in that file.
    ///
    /// @throws BadInput if there is neither
    public Settings find(String nameOrPath) {
        return isBundled(nameOrPath) ? bundled(nameOrPath) : YamlFile.read(FilePath.of(nameOrPath));
    }

    /// The settings in the bytes that [#source] returned for that name.
    ///
    /// @throws BadInput if it is not YAML, or holds more than nested keys and values
    public static Settings read(String nameOrPath, byte[] source) {
        return YamlFile.read(nameOf(nameOrPath) + SUFFIX, new ByteArrayInputStream(source));
    }

    /// The very bytes that [#find] reads.
    ///
    /// @throws BadInput if there are none
    public byte[] source(String nameOrPath) {
        try {
            return isBundled(nameOrPath) ? bundledSource(nameOrPath) : Files.readAllBytes(FilePath.of(nameOrPath));
        } catch (IOException e) {
            throw new BadInput("the " + kind + " " + nameOrPath + " cannot be read (" + FileTrouble.inWords(e) + ").");
        }
    }

    private boolean isBundled(String nameOrPath) {
        if (names.contains(nameOrPath)) {
            return true;
        }
        if (nameOrPath.endsWith(SUFFIX) && Files.isRegularFile(FilePath.of(nameOrPath))) {
            return false;
        }
        String file = Nearest.hint(nameOrPath, names).isEmpty() ? ", or give a " + SUFFIX + " file" : "";
        throw new BadInput("there is no " + kind + " '" + nameOrPath + "'" + Nearest.instead(nameOrPath, names, "janklab list") + file
                + ".");
    }

    /// A file of this folder that comes with the program.
    public Settings bundled(String name) {
        return YamlFile.read(name + SUFFIX, new ByteArrayInputStream(bundledSource(name)));
    }

    /// The bytes of a file of this folder that comes with the program.
    public byte[] bundledSource(String name) {
        try (InputStream in = Catalogue.class.getResourceAsStream(folder + "/" + name + SUFFIX)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The comments of that bundled file on each of its keys: those right above it, or above its group of keys.
    public Map<String, String> comments(String name) {
        return Comments.of(bundled(name), new String(bundledSource(name), StandardCharsets.UTF_8));
    }

    /// The name by which reports call what [#find] found.
    public static String nameOf(String nameOrPath) {
        String file = FilePath.nameOf(nameOrPath);
        return OneLine.of(file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file);
    }
}
