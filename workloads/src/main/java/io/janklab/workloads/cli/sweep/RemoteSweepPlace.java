package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FileTrouble;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.SweepDefinition;
import io.janklab.workloads.sweep.parquet.RunsFile;
import io.janklab.workloads.sweep.remote.RemoteFolder;
import io.janklab.workloads.sweep.remote.RemoteJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where a sweep's files are, if that is elsewhere: they are made in a scratch folder of this host's, the journal is uploaded as runs end,
/// the others when they are complete.
final class RemoteSweepPlace extends SweepPlace {
    private static final List<String> LEFTOVERS = List.of(SweepFiles.FAILURES, RunsFile.NAME);

    private final RemoteFolder folder;
    private final Path scratch;
    private final RemoteJournal remote;

    RemoteSweepPlace(Output output, String journalName, RemoteFolder folder) {
        this(output, journalName, folder, scratch());
    }

    private RemoteSweepPlace(Output output, String journalName, RemoteFolder folder, Path scratch) {
        super(output.into(scratch, folder.toString()), journalName);
        this.folder = folder;
        this.scratch = scratch;
        remote = new RemoteJournal(folder, journal());
    }

    private static Path scratch() {
        try {
            return Files.createTempDirectory("janklab-sweep");
        } catch (IOException e) {
            throw new BadInput("no scratch folder can be made on this host (" + e.getMessage() + ").");
        }
    }

    @Override
    boolean isBegun() {
        return remote.isThere();
    }

    @Override
    Journal begin(SweepDefinition definition) {
        if (!output().force()) {
            checkFree();
        }
        Journal journal = super.begin(definition);
        remote.follow(journal, true);
        return journal;
    }

    private void checkFree() {
        if (remote.isThere()) {
            throw new BadInput("a sweep's journal is in " + folder
                    + " already: --resume continues it; another --out, or --force, begins a new one.");
        }
    }

    @Override
    Journal resume() {
        if (!remote.isThere()) {
            throw new BadInput("there is no sweep to resume: no journal is in " + folder + ".");
        }
        for (String finding : remote.fetch()) {
            output().warn(finding + ": it is repeated.");
        }
        Journal journal = super.resume();
        remote.follow(journal, false);
        return journal;
    }

    @Override
    void deliver() {
        try {
            List<String> made = namesIn(scratch).stream().filter(name -> !name.equals(journal().getFileName().toString())).toList();
            for (String name : made) {
                folder.put(out -> Files.copy(scratch.resolve(name), out), name);
            }
            for (String name : LEFTOVERS) {
                if (!made.isEmpty() && !made.contains(name)) {
                    folder.delete(name);
                }
            }
        } catch (IOException e) {
            throw new BadInput("--out " + folder + " cannot be written (" + FileTrouble.inWords(e) + ").");
        }
        remote.unite();
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void close() {
        remote.close();
        folder.close();
        try {
            for (String name : namesIn(scratch)) {
                Files.delete(scratch.resolve(name));
            }
            Files.delete(scratch);
        } catch (IOException e) {
            // It lies in the folder of temporary files.
        }
    }
}
