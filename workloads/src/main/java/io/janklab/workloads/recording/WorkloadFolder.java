package io.janklab.workloads.recording;

import io.janklab.dashboards.file.Unfinished;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.recording.read.ReadReport;
import io.janklab.workloads.recording.workload.Workload;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// An imported workload as a folder, which is a recording to every command that takes one: `workload.yaml`, which may be edited, and
/// `workload.bin`.
public final class WorkloadFolder {
    public static final String SHEET = "workload.yaml";
    public static final String BULK = "workload.bin";

    private static final YAMLMapper YAML = new YAMLMapper();

    /// What was read of one.
    record Contents(ReadReport report, Workload workload) {}

    private WorkloadFolder() {}

    static void write(Workload workload, ReadReport report, Path folder) throws IOException {
        String title = "# " + OneLine.of(workload.title()) + "\n";
        Files.writeString(folder.resolve(SHEET), title + YAML.writeValueAsString(WorkloadSheet.of(workload, report)));
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(folder.resolve(BULK))))) {
            WorkloadBulk.write(workload, out);
        }
    }

    /// @throws BadInput if it is not such a folder, or not whole
    static Contents read(Path folder) {
        Unfinished.settle(folder);
        Path sheetFile = folder.resolve(SHEET);
        Path bulkFile = folder.resolve(BULK);
        if (!Files.isRegularFile(sheetFile) || !Files.isRegularFile(bulkFile)) {
            throw new BadInput("the folder " + folder + " is no imported recording: it has no " + SHEET + " and " + BULK + ".");
        }
        WorkloadSheet sheet = sheet(sheetFile);
        try {
            Workload workload = sheet.workload();
            WorkloadBulk.read(workload, bulkFile);
            return new Contents(sheet.report(), workload);
        } catch (IOException e) {
            String why = e instanceof java.io.EOFException ? "it ends early" : e.getMessage();
            throw new BadInput(bulkFile + " cannot be used: " + why + ".");
        } catch (RuntimeException e) {
            throw new BadInput(sheetFile + " cannot be used: " + e.getMessage() + ".");
        }
    }

    private static WorkloadSheet sheet(Path file) {
        WorkloadSheet sheet = SheetReader.read(file);
        if (sheet.version() != WorkloadSheet.VERSION) {
            throw new BadInput(file + ": expected version " + WorkloadSheet.VERSION + ", not " + sheet.version() + ".");
        }
        return sheet;
    }
}
