package io.janklab.workloads.sweep;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.FileTrouble;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Merges the journals of one sweep's shards, or of other makers of its runs: each run once. A run that was made twice must have the same
/// result; if not, neither result can be trusted, and it is left out.
public final class Merge {
    private final List<Path> journals;
    private @Nullable SweepDefinition definition;
    private @Nullable RunIndex index;
    private final Set<Integer> disputed = new LinkedHashSet<>();
    private final List<String> findings = new ArrayList<>();
    private int twice;

    private Merge(List<Path> journals) {
        this.journals = journals;
    }

    /// Reads every journal in these folders.
    ///
    /// @throws BadInput if there is none, one cannot be read, or they are not all of one sweep
    public static Merge of(List<Path> folders) {
        Merge merge = new Merge(folders.stream().flatMap(Merge::journalsIn).distinct().toList());
        for (int i = 0; i < merge.journals.size(); i++) {
            merge.read(i);
        }
        merge.disputed.forEach(merge.index()::forget);
        return merge;
    }

    private static Stream<Path> journalsIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file -> file.getFileName().toString().matches("journal(-.*)?\\.jsonl")).sorted().toList();
            if (found.isEmpty()) {
                throw new BadInput("there is no sweep's journal in " + folder + ".");
            }
            return found.stream();
        } catch (IOException e) {
            throw new BadInput("the folder " + folder + " cannot be read (" + FileTrouble.inWords(e) + ").");
        }
    }

    private void read(int number) {
        Path file = journals.get(number);
        try (InputStream octets = Files.newInputStream(file)) {
            JournalReader.read(file.toString(), octets, new JournalReader.Taker() {
                @Override
                public RunIndex begin(SweepDefinition read) {
                    return checked(read);
                }

                @Override
                public RunIndex.Found take(JournalEntry entry, long offset) {
                    return note(entry, number, offset);
                }
            });
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read (" + FileTrouble.inWords(e) + ").");
        }
    }

    private RunIndex checked(SweepDefinition read) {
        if (definition == null) {
            definition = read;
            index = new RunIndex(read);
        } else if (!definition.equals(read)) {
            throw new BadInput("this is the journal of another sweep than " + journals.getFirst() + " is.");
        }
        return index();
    }

    private RunIndex index() {
        return Objects.requireNonNull(index);
    }

    private RunIndex.Found note(JournalEntry entry, int number, long offset) {
        RunIndex index = index();
        RunIndex.Found found = index.put(entry, number, offset);
        twice += found == RunIndex.Found.NEW ? 0 : 1;
        if (found == RunIndex.Found.DIFFERENT) {
            int run = index.run(entry.key());
            disputed.add(run);
            findings.add(String.format("%s: digest %s in %s, and %s in %s", entry.key(), index.digest(run), journals.get(index.file(run)),
                    entry.digest(),
                    journals.get(number)));
        }
        return found == RunIndex.Found.DIFFERENT ? RunIndex.Found.SAME : found;
    }

    public SweepDefinition definition() {
        return Objects.requireNonNull(definition);
    }

    /// The files that were merged.
    public List<Path> journals() {
        return journals;
    }

    /// How many repeated runs there were, not counting each first one.
    public int twice() {
        return twice;
    }

    /// Runs that had different results, a line for each.
    public List<String> findings() {
        return findings;
    }

    /// Writes a journal of everything, run by run in the order of the sweep.
    public void write(Path target) throws IOException {
        List<FileChannel> open = new ArrayList<>();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
            for (Path journal : journals) {
                open.add(FileChannel.open(journal, StandardOpenOption.READ));
            }
            RunIndex index = index();
            out.write(JournalLine.definition(definition()));
            for (int run = 0; run < index.runs(); run++) {
                if (index.has(run)) {
                    out.write(LineReading.at(open.get(index.file(run)), index.offset(run)));
                    out.write('\n');
                }
            }
        } finally {
            for (FileChannel file : open) {
                file.close();
            }
        }
    }
}
