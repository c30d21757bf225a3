package io.janklab.workloads.input;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// A class of the user's own in place of a part of ours: a Java file, compiled in this process, or a class on the class path or in a module
/// that the JVM has resolved.
///
/// @param name its name in tables: the simple name
public record OwnClass<T>(String name, Class<? extends T> type) implements Supplier<T> {
    /// How long (s of host time) a part may take to decide, which takes others nanoseconds.
    public static final int PATIENCE_S = 5;
    private static final String JAVA_FILE = ".java";
    private static final String OURS = "io.janklab.";
    /// Those found so far, of the class path too.
    private static final Set<String> NAMES = ConcurrentHashMap.newKeySet();

    /// Whether the text denotes a class of the user's own: `dir/MyPolicy.java` or `org.example.MyPolicy`.
    public static boolean isOne(String text) {
        return text.endsWith(JAVA_FILE) || text.matches("([\\p{L}_$][\\p{L}\\p{N}_$]*\\.)+[\\p{Lu}][\\p{L}\\p{N}_$]*");
    }

    /// @param text a file or the name of a class
    /// @throws BadInput if there is no such thing, it does not compile, or it cannot replace `part`
    public static <T> OwnClass<T> find(String text, Class<T> part) {
        Class<?> found = text.endsWith(JAVA_FILE) ? compiled(FilePath.of(text)) : named(text, part);
        if (!found.getName().startsWith(OURS)) {
            NAMES.add(found.getName());
        }
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
            Class<?> found = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
            checkCode(found);
            return found;
        } catch (LinkageError e) {
            throw new BadInput(name + " cannot be loaded (" + e + "): if it lies in a module, that must read the classes of janklab, "
                    + "java --add-reads MODULE=ALL-UNNAMED.");
        } catch (ClassNotFoundException e) {
            throw new BadInput("there is no class " + name
                    + " on the class path or in a module that java --add-modules has resolved, which " + part.getSimpleName()
                    + " could be; a file is named " + name + JAVA_FILE + ".");
        }
    }

    /// And the classes nested in it.
    private static void checkCode(Class<?> found) {
        if (found.getName().startsWith(OURS)) {
            return;
        }
        for (Class<?> each : found.getNestMembers()) {
            try (InputStream octets = each.getResourceAsStream(classFile(each))) {
                Optional<OwnCode.Found> wrong = octets == null ? Optional.empty() : OwnCode.search(octets.readAllBytes());
                wrong.ifPresent(there -> {
                    throw BadInput.at(there.source(), there.line(), there.sentence());
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String classFile(Class<?> type) {
        return type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    }

    private void check(String text) {
        if (Modifier.isAbstract(type.getModifiers()) || type.isMemberClass() && !Modifier.isStatic(type.getModifiers())) {
            throw new BadInput(text + ": " + name + " must be a class that can be made, neither abstract nor an inner one.");
        }
        FutureTask<T> making = new FutureTask<>(this::make);
        Thread maker = Thread.ofPlatform().daemon().name("making " + name).start(making);
        try {
            making.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new BadInput(endless(maker.getStackTrace()).orElse(text + ": the constructor of " + name + " does not return") + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInput(text + ": interrupted while " + name + " was made.");
        } catch (ExecutionException e) {
            throw new BadInput(text + ": " + notMade(cause(e)) + ".");
        }
    }

    private String notMade(Throwable thrown) {
        return switch (thrown) {
            case InaccessibleObjectException _ -> name + " lies in a module that does not export " + type.getPackageName()
                    + ": its module-info.java needs exports " + type.getPackageName();
            case NoSuchMethodException _ -> name + " needs a constructor without parameters";
            case InvocationTargetException _ -> "the constructor of " + name + " throws " + cause(thrown) + at(thrown);
            default -> name + " cannot be made (" + cause(thrown) + ")" + at(thrown);
        };
    }

    private static Throwable cause(Throwable thrown) {
        return Objects.requireNonNullElse(thrown.getCause(), thrown);
    }

    /// ` at MyPolicy.java:7`, or nothing.
    private static String at(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            for (StackTraceElement frame : cause.getStackTrace()) {
                if (isOwn(frame)) {
                    return " at " + frame.getFileName() + ":" + frame.getLineNumber();
                }
            }
        }
        return "";
    }

    /// Which method of a user's own file it was that threw, or that called what threw; nothing if it was none.
    public static Optional<String> failure(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            for (StackTraceElement frame : cause.getStackTrace()) {
                if (isOwn(frame)) {
                    return Optional.of(
                            frame.getFileName() + ":" + frame.getLineNumber() + ": " + inWords(frame.getMethodName()) + " throws " + cause);
                }
            }
        }
        return Optional.empty();
    }

    /// Of a thread that has not got on for [#PATIENCE_S]: which line of a user's own it is in, called by what; nothing if in none.
    public static Optional<String> endless(StackTraceElement[] stack) {
        List<StackTraceElement> own = Arrays.stream(stack).filter(OwnClass::isOwn).toList();
        return own.isEmpty() ? Optional.empty() : Optional.of(own.getFirst().getFileName() + ":" + own.getFirst().getLineNumber() + ": "
                + inWords(own.getLast().getMethodName()) + " has not returned for " + PATIENCE_S + " s");
    }

    private static String inWords(String method) {
        return switch (method) {
            case "<init>" -> "the constructor";
            case "<clinit>" -> "the static initializer";
            default -> method;
        };
    }

    /// Whether it is a class of a user's own.
    public static boolean isOwn(Class<?> type) {
        return type.getClassLoader() != null && JavaFileCompiler.LOADER.equals(type.getClassLoader().getName())
                || NAMES.contains(type.getName());
    }

    /// The names of those found so far, in order.
    public static List<String> found() {
        return NAMES.stream().sorted().toList();
    }

    /// Whether it is code of a user's own.
    public static boolean isOwn(StackTraceElement frame) {
        return JavaFileCompiler.LOADER.equals(frame.getClassLoaderName()) || NAMES.contains(frame.getClassName());
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
