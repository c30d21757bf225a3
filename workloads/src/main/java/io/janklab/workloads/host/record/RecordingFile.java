package io.janklab.workloads.host.record;

import io.janklab.kernel.config.Architecture;
import io.janklab.program.Call;
import io.janklab.workloads.host.program.ProgramKind;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.Area;
import io.janklab.workloads.host.space.Snapshot;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostProperty;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Packed;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A [HostRecording] as text, compressed where the file's name ends in `.gz`.
///
/// ```
/// janklab-recording 1
/// release 6.18.44
/// architecture x86_64
/// kind huge
/// property zero-page = off, simulated as off
/// program
/// mmap @4 2p r|w private|anonymous|fixed
///  > @4
///  v @4-@6 rw-p rss=0 anon=0 huge=0 lazyfree=0 swap=0 locked=0 [me mr mw rd wr]
/// write @4 1p
///  > 1
///  v …
///  p @4 p
///  s 2@4
///  t 4
/// ```
/// A call's answer is followed by what it changed: the VMAs (`v`, all of them; `v -` if none is left), the pages mapped (`p`), what they
/// hold (`s`), the KiB of page tables (`t`).
final class RecordingFile {
    private static final String MAGIC = "janklab-recording 1";

    private RecordingFile() {}

    // Writing

    static byte[] bytes(HostRecording recording, boolean compressed) {
        byte[] text = text(recording).getBytes(StandardCharsets.UTF_8);
        if (!compressed) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return bytes.toByteArray();
    }

    static String text(HostRecording recording) {
        StringBuilder text = new StringBuilder(MAGIC + "\n");
        text.append("release ").append(recording.release()).append('\n');
        text.append("architecture ").append(recording.architecture()).append('\n');
        if (recording.kind() != ProgramKind.ANONYMOUS) {
            text.append("kind ").append(recording.kind()).append('\n');
        }
        for (HostProperty property : recording.properties().all()) {
            text.append("property ").append(property.name()).append(" = ").append(property.host());
            text.append(", simulated as ").append(property.simulated()).append('\n');
        }
        recording.programs().forEach(program -> append(text, program));
        return text.toString();
    }

    private static void append(StringBuilder text, AnsweredProgram program) {
        text.append("program\n");
        Snapshot before = Snapshot.EMPTY;
        for (int i = 0; i < program.steps().size(); i++) {
            CallResult step = program.steps().get(i);
            text.append(program.program().calls().get(i)).append("\n > ").append(step.answer()).append('\n');
            changes(text, before, step.left());
            before = step.left();
        }
    }

    private static void changes(StringBuilder text, Snapshot before, Snapshot after) {
        if (!after.areas().equals(before.areas())) {
            after.areas().forEach(area -> text.append(" v ").append(area).append('\n'));
            text.append(after.areas().isEmpty() ? " v -\n" : "");
        }
        if (!after.pages().equals(before.pages())) {
            text.append((" p " + after.describePages()).stripTrailing()).append('\n');
        }
        if (!after.stamps().equals(before.stamps())) {
            text.append((" s " + after.describeStamps()).stripTrailing()).append('\n');
        }
        if (after.pageTables() != before.pageTables()) {
            text.append(" t ").append(after.pageTables()).append('\n');
        }
    }

    // Reading

    /// @throws BadInput if it cannot be read, or a line is not what it should be
    static HostRecording read(Path file) {
        try {
            return read(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read.");
        }
    }

    /// @param file for messages
    static HostRecording read(String file, byte[] bytes) {
        return new Reader(file, lines(file, bytes)).read();
    }

    private static List<String> lines(String file, byte[] bytes) {
        boolean compressed = Packed.isGzip(bytes);
        InputStream whole = new ByteArrayInputStream(bytes);
        try (BufferedInputStream in = new BufferedInputStream(compressed ? new GZIPInputStream(whole) : whole)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException broken) {
            throw new BadInput(file + " is compressed, but not whole.");
        }
    }

    private static final class Reader {
        private final String file;
        private final List<String> lines;
        private int at;
        private @Nullable String release;
        private @Nullable Architecture architecture;
        private ProgramKind kind = ProgramKind.ANONYMOUS;
        private final List<HostProperty> properties = new ArrayList<>();
        private final List<AnsweredProgram> programs = new ArrayList<>();

        Reader(String file, List<String> lines) {
            this.file = file;
            this.lines = lines;
        }

        private HostRecording read() {
            if (lines.isEmpty() || !lines.getFirst().equals(MAGIC)) {
                throw new BadInput(file + " is not a recording: it should begin with '" + MAGIC + "'.");
            }
            at = 1;
            while (at < lines.size()) {
                line();
            }
            if (release == null || architecture == null) {
                throw new BadInput(file + " does not say which release and architecture it was recorded on.");
            }
            return new HostRecording(release, architecture, kind, new HostProperties(properties), programs);
        }

        private void line() {
            String[] words = lines.get(at).split(" ", 2);
            String rest = words.length > 1 ? words[1] : "";
            at++;
            switch (words[0]) {
                case "release" -> release = rest;
                case "architecture" -> architecture = architecture(rest);
                case "kind" -> kind = kind(rest);
                case "property" -> properties.add(property(rest));
                case "program" -> programs.add(program());
                case "" -> {}
                default -> throw bad("expected 'release', 'architecture', 'kind', 'property' or 'program', not '" + words[0] + "'.");
            }
        }

        private BadInput bad(String sentence) {
            return BadInput.at(file, at, sentence);
        }

        private Architecture architecture(String text) {
            for (Architecture known : Architecture.values()) {
                if (known.toString().equals(text)) {
                    return known;
                }
            }
            throw bad("'" + text + "' is no architecture that is simulated.");
        }

        private ProgramKind kind(String text) {
            for (ProgramKind known : ProgramKind.values()) {
                if (known.toString().equals(text)) {
                    return known;
                }
            }
            throw bad("'" + text + "' is no kind of programs.");
        }

        private HostProperty property(String text) {
            int is = text.indexOf(" = ");
            int as = text.indexOf(", simulated as ");
            if (is < 0 || as < is) {
                throw bad("a property should read 'NAME = FOUND, simulated as HOW'.");
            }
            return HostProperty.told(text.substring(0, is), text.substring(is + 3, as), text.substring(as + ", simulated as ".length()));
        }

        private AnsweredProgram program() {
            List<Call> calls = new ArrayList<>();
            List<CallResult> steps = new ArrayList<>();
            Snapshot before = Snapshot.EMPTY;
            while (at < lines.size() && !lines.get(at).equals("program")) {
                calls.add(SyscallProgram.parse(file, at + 1, lines.get(at)));
                at++;
                CallResult step = step(before);
                steps.add(step);
                before = step.left();
            }
            return new AnsweredProgram(new SyscallProgram(calls), steps);
        }

        private CallResult step(Snapshot before) {
            if (at >= lines.size() || !lines.get(at).startsWith(" > ")) {
                at++;
                throw bad("expected what the call answered, ' > …'.");
            }
            String answer = lines.get(at).substring(3);
            at++;
            List<Area> areas = null;
            Snapshot left = before;
            while (at < lines.size() && lines.get(at).startsWith(" ")) {
                String line = lines.get(at);
                at++;
                try {
                    String rest = line.length() > 3 ? line.substring(3) : "";
                    switch (line.charAt(1)) {
                        case 'v' -> areas = with(areas, rest);
                        case 'p' -> left = left.withPages(Snapshot.parsePages(rest));
                        case 's' -> left = left.withStamps(Snapshot.parseStamps(rest));
                        case 't' -> left = left.withPageTables(Long.parseLong(rest));
                        default -> throw bad("expected ' v', ' p', ' s' or ' t'.");
                    }
                } catch (IllegalArgumentException | IndexOutOfBoundsException unreadable) {
                    throw bad("'" + line.strip() + "' cannot be read.");
                }
            }
            return new CallResult(answer, areas == null ? left : left.withAreas(areas));
        }

        private static List<Area> with(@Nullable List<Area> areas, String text) {
            List<Area> more = areas == null ? new ArrayList<>() : areas;
            if (!text.equals("-")) {
                more.add(Area.parse(text));
            }
            return more;
        }
    }
}
