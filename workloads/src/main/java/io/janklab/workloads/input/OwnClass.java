package io.janklab.workloads.input;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// A class of the user's own in place of a part of ours: a Java file, compiled in this process, or a class on the class path or in a module
/// that the JVM has resolved.
///
/// @param name its name in tables: the simple name
public record OwnClass<T>(String name, Class<? extends T> type) implements Supplier<T> {
    private static final String JAVA_FILE = ".java";

    /// Whether the text denotes a class of the user's own: `dir/MyPolicy.java` or `org.example.MyPolicy`.
    public static boolean isOne(String text) {
        return text.endsWith(JAVA_FILE) || text.matches("([\\p{L}_$][\\p{L}\\p{N}_$]*\\.)+[\\p{Lu}][\\p{L}\\p{N}_$]*");
    }

    /// @param text a file or the name of a class
    /// @throws BadInput if there is no such thing, it does not compile, or it cannot replace `part`
    public static <T> OwnClass<T> find(String text, Class<T> part) {
        Class<?> found = text.endsWith(JAVA_FILE) ? compiled(FilePath.of(text)) : named(text, part);
        if (!part.isAssignableFrom(found)) {
            throw new BadInput(text + ": " + found.getSimpleName() + " is no " + part.getSimpleName() + ": it must implement "
                    + part.getName() + ".");
        }
        OwnClass<T> own = new OwnClass<>(found.getSimpleName(), found.asSubclass(part));
        own.check(text);
        return own;
    }

    private static Class<?> compiled(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadInput("there is no file " + file + ".");
        }
        return JavaFileCompiler.compile(file);
    }

    private static Class<?> named(String name, Class<?> part) {
        try {
            return Class.forName(name, true, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new BadInput("there is no class " + name + " on the class path, which " + part.getSimpleName()
                    + " could be; a file is named " + name + JAVA_FILE + ".");
        }
    }

    private void check(String text) {
        if (Modifier.isAbstract(type.getModifiers()) || type.isMemberClass() && !Modifier.isStatic(type.getModifiers())) {
            throw new BadInput(text + ": " + name + " must be a class that can be made, neither abstract nor an inner one.");
        }
        try {
            make();
        } catch (NoSuchMethodException e) {
            throw new BadInput(text + ": " + name + " needs a constructor without parameters.");
        } catch (InvocationTargetException e) {
            throw new BadInput(text + ": the constructor of " + name + " throws " + e.getCause() + ".");
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new BadInput(text + ": " + name + " cannot be made (" + (e.getCause() == null ? e : e.getCause()) + ").");
        }
    }

    /// Which method of a user's own file it was that threw, or that called what threw; nothing if it was none.
    public static Optional<String> failure(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            for (StackTraceElement frame : cause.getStackTrace()) {
                if (isOwn(frame)) {
                    return Optional.of(
                            frame.getFileName() + ":" + frame.getLineNumber() + ": " + frame.getMethodName() + " throws " + cause);
                }
            }
        }
        return Optional.empty();
    }

    /// Whether it is code of a user's own file.
    public static boolean isOwn(StackTraceElement frame) {
        return JavaFileCompiler.LOADER.equals(frame.getClassLoaderName());
    }

    private T make() throws ReflectiveOperationException {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /// A fresh instance.
    @Override
    public T get() {
        try {
            return make();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name + " could be made before", e);
        }
    }
}
