package io.janklab.workloads.host.record;

import io.janklab.program.Confinement;
import io.janklab.workloads.host.conform.Divergence;
import io.janklab.workloads.host.conform.Watchdog;
import io.janklab.workloads.host.probe.AskedHost;
import io.janklab.workloads.host.program.KnownDifferences;
import io.janklab.workloads.host.program.ProgramKind;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.program.SyscallProgramGenerator;
import io.janklab.workloads.host.space.SimulatedAddressSpace;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// `conform --record` and `--against`: a kernel's answers put into a file, and the simulated kernel compared with such a file, on whatever
/// machine.
public final class RecordRun {
    /// Programs with which every recording begins, so that it has every call and every advice; those that seal memory come last.
    private static final List<String> SCRIPTED = List.of("every-call.txt", "every-advice.txt", "page-tables.txt", "execute-only.txt",
            "sealed-memory.txt");

    private RecordRun() {}

    /// Records `programs` random programs of `calls` calls; of private anonymous memory, the scripted ones, too.
    ///
    /// @param kind what the random ones are made of
    /// @param compressed whether the bytes are to be a gzip file
    /// @param progress called after each program with the number recorded
    /// @throws io.janklab.workloads.host.sys.HostRefusal if this host refuses something that this needs
    public static byte[] record(HostKernel kernel, ProgramKind kind, long seed, long programs, int calls, boolean compressed,
            LongConsumer progress) {
        AskedHost host = AskedHost.open(kernel);
        host.region().useHugePages(kind.isHuge());
        ProgramRecorder recorder = new ProgramRecorder(host.region());
        KnownDifferences leftOut = KnownDifferences.documented().and(host.properties().leftOut());
        SyscallProgramGenerator generator = new SyscallProgramGenerator(seed, kind, leftOut);
        List<AnsweredProgram> recorded = new ArrayList<>();
        boolean withScripted = kind == ProgramKind.ANONYMOUS;
        for (SyscallProgram scripted : withScripted ? scripted(true, host.properties()) : List.<SyscallProgram>of()) {
            keep(recorded, recorder.record(scripted));
        }
        for (long run = 1; run <= programs; run++) {
            keep(recorded, recorder.record(generator.next(calls)));
            progress.accept(run);
        }
        for (SyscallProgram scripted : withScripted ? scripted(false, host.properties()) : List.<SyscallProgram>of()) {
            keep(recorded, recorder.recordOnce(scripted));
        }
        HostRecording recording = new HostRecording(kernel.release(), kernel.architecture(), kind, host.properties(), recorded);
        return RecordingFile.bytes(recording, compressed);
    }

    private static void keep(List<AnsweredProgram> recorded, @Nullable AnsweredProgram program) {
        if (program != null) {
            recorded.add(program);
        }
    }

    /// Those that can be run again, or those that cannot; without the calls that this host lacks.
    private static List<SyscallProgram> scripted(boolean again, HostProperties host) {
        KnownDifferences leftOut = KnownDifferences.none().and(host.leftOut());
        return SCRIPTED.stream()
                .map(RecordRun::read)
                .map(program -> new SyscallProgram(program.calls().stream().filter(call -> leftOut.reason(call) == null).toList()))
                .filter(program -> program.calls().stream().allMatch(Confinement::canBeUndone) == again)
                .toList();
    }

    private static SyscallProgram read(String name) {
        try (InputStream in = RecordRun.class.getResourceAsStream(name)) {
            return SyscallProgram.parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The result of a comparison with a recording.
    ///
    /// @param release the kernel that was recorded
    /// @param profile the simulated kernel
    /// @param agreed how many programs behaved alike
    /// @param of how many there are
    /// @param divergences programs that did not, as scripts; at most as many as were asked for
    public record Outcome(String release, String profile, String architecture, HostProperties properties, long agreed, long of,
            List<String> divergences) {
        /// As JSON has it.
        public Map<String, Object> asMap() {
            return Map.of("recorded", release, "kernel", profile, "architecture", architecture, "properties", properties.asMap(), "agreed",
                    agreed, "programs", of, "divergences", divergences);
        }
    }

    /// Compares the simulated kernel with a recording, until `most` programs have diverged.
    ///
    /// @throws io.janklab.workloads.input.BadInput if the file is no whole recording, or of a kernel that is not simulated
    public static Outcome against(Path file, int most) {
        return against(RecordingFile.read(file), file.toString(), most);
    }

    static Outcome against(HostRecording recording, String file, int most) {
        SimulatedAddressSpace simulated = new SimulatedAddressSpace(recording.architecture(), recording.nearest(file),
                recording.properties());
        simulated.useHugePages(recording.kind().isHuge());
        Watchdog watchdog = new Watchdog();
        List<String> divergences = new ArrayList<>();
        long agreed = 0;
        for (AnsweredProgram program : recording.programs()) {
            String script = watchdog.watch(() -> script(recording.compare(program, simulated, watchdog)));
            agreed += script == null ? 1 : 0;
            if (script != null) {
                divergences.add(script);
            }
            if (divergences.size() == most) {
                break;
            }
        }
        String profile = recording.properties().applyTo(recording.nearest(file)).name();
        return new Outcome(recording.release(), profile, recording.architecture().toString(), recording.properties(), agreed,
                recording.programs().size(), divergences);
    }

    private static @Nullable String script(@Nullable Divergence divergence) {
        return divergence == null ? null : divergence.upToThere().script();
    }
}
