package io.janklab.workloads.input;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Compiles one Java file in memory, against the class path of this process and the files beside it, and loads what it declares.
final class JavaFileCompiler {
    /// Of what it loads, so that a failure can be told to be the user's own.
    static final String LOADER = "own";
    private static final String OURS = "io.janklab";

    private JavaFileCompiler() {}

    /// @return the class that has the file's name
    /// @throws BadInput with file and line of the first error, or if there is no such class
    static Class<?> compile(Path file) {
        checkIsUtf8(file);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new BadInput(file + " cannot be compiled: this Java has no compiler; run janklab on a JDK.");
        }
        DiagnosticCollector<JavaFileObject> complaints = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(complaints, Locale.ROOT, StandardCharsets.UTF_8);
                InMemory memory = new InMemory(files)) {
            Iterable<? extends JavaFileObject> source = files.getJavaFileObjects(file);
            String pack = declaredPackage((JavacTask) compiler.getTask(null, memory, complaints, null, null, source));
            files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of(root(file, pack)));
            List<String> options = List.of("-proc:none", "-implicit:class", "-cp", System.getProperty("java.class.path"));
            if (!isClean(complaints) || !compiler.getTask(null, memory, complaints, options, null, source).call()) {
                throw refused(file, complaints);
            }
            return load(file, pack, memory.classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Empty for none.
    private static String declaredPackage(JavacTask task) throws IOException {
        for (CompilationUnitTree unit : task.parse()) {
            if (unit.getPackageName() != null) {
                return unit.getPackageName().toString();
            }
        }
        return "";
    }

    /// Below which other classes of that package lie: the file's folder, or the one that has the package's folders in it.
    private static Path root(Path file, String pack) {
        Path folder = folder(file);
        Path below = Path.of(pack.replace('.', '/'));
        if (pack.isEmpty() || !folder.endsWith(below)) {
            return folder;
        }
        Path root = folder;
        for (int i = 0; i < below.getNameCount(); i++) {
            root = Objects.requireNonNull(root.getParent());
        }
        return root;
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
    }

    private static boolean isClean(DiagnosticCollector<JavaFileObject> complaints) {
        return complaints.getDiagnostics().stream().noneMatch(each -> each.getKind() == Diagnostic.Kind.ERROR);
    }

    /// The compiler reads other bytes as if they were something else.
    private static void checkIsUtf8(Path file) {
        try {
            Utf8.wrongLine(Files.readAllBytes(file)).ifPresent(line -> {
                throw BadInput.at(file.toString(), line, "this is not UTF-8.");
            });
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read: " + FileTrouble.inWords(e) + ".");
        }
    }

    private static BadInput refused(Path file, DiagnosticCollector<JavaFileObject> complaints) {
        Diagnostic<? extends JavaFileObject> first = complaints.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR).findFirst().orElseThrow();
        String said = first.getMessage(Locale.ROOT).strip().replaceAll("\\s*\\R\\s*", "; ");
        return first.getLineNumber() == Diagnostic.NOPOS
                ? new BadInput(file + ": " + said + ".")
                : BadInput.at(place(file, first.getSource()), first.getLineNumber(), said + ".");
    }

    /// The file itself as the user named it, or one beside it.
    private static String place(Path file, JavaFileObject source) {
        Path other = Path.of(source.toUri());
        Path folder = folder(file);
        return other.startsWith(folder) ? file.resolveSibling(folder.relativize(other)).toString() : other.toString();
    }

    private static Class<?> load(Path file, String pack, Map<String, ByteArrayOutputStream> classes) {
        String simpleName = file.getFileName().toString().replaceAll("\\.java$", "");
        String wanted = pack.isEmpty() ? simpleName : pack + "." + simpleName;
        if (!classes.containsKey(wanted)) {
            throw new BadInput(file + ": it declares no class " + simpleName + ", as its name says.");
        }
        classes.values().forEach(octets -> OwnCode.search(octets.toByteArray()).ifPresent(found -> {
            throw BadInput.at(file.resolveSibling(found.source()).toString(), found.line(), found.sentence());
        }));
        try {
            return new Loader(classes).loadClass(wanted);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new BadInput(file + ": " + simpleName + " is no class that can be loaded (" + e.getMessage() + ").");
        }
    }

    /// Keeps the compiled classes. Classes of ours are those of this process, wherever their sources may lie.
    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes = new LinkedHashMap<>();

        InMemory(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public Iterable<JavaFileObject> list(JavaFileManager.Location location, String pack, Set<JavaFileObject.Kind> kinds,
                boolean recurse) throws IOException {
            boolean ours = location == StandardLocation.SOURCE_PATH && pack.startsWith(OURS);
            return ours ? List.of() : super.list(location, pack, kinds, recurse);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(JavaFileManager.Location location, String name, JavaFileObject.Kind kind,
                FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            classes.put(name, bytes);
            return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }

    /// Prefers what the file declares to a class of ours that has the same name.
    private static final class Loader extends ClassLoader {
        private final Map<String, ByteArrayOutputStream> classes;

        Loader(Map<String, ByteArrayOutputStream> classes) {
            super(LOADER, JavaFileCompiler.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                return classes.containsKey(name) && findLoadedClass(name) == null ? findClass(name) : super.loadClass(name, resolve);
            }
        }

        /// The class files of the classes it has loaded.
        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            ByteArrayOutputStream octets = classes.get(name.replaceAll("\\.class$", "").replace('/', '.'));
            return octets == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(octets.toByteArray());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            ByteArrayOutputStream bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes.toByteArray(), 0, bytes.size());
        }
    }
}
