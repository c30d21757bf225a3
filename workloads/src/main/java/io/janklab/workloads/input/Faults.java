package io.janklab.workloads.input;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// All that is wrong with the settings of a file, whichever reader found it: one complaint about each key.
public final class Faults {
    private final List<Complaint> complaints = new ArrayList<>();
    private final Set<String> keys = new LinkedHashSet<>();

    /// @param line of the file; 0 of what is on the command line or missing, which comes after it
    private record Complaint(int line, BadInput fault) {
        int place() {
            return line == 0 ? Integer.MAX_VALUE : line;
        }
    }

    public Faults() {}

    /// A copy that may grow by itself.
    Faults(Faults other) {
        complaints.addAll(other.complaints);
        keys.addAll(other.keys);
    }

    /// @param line of the file; 0 of what is not in it
    public void add(String key, int line, BadInput fault) {
        if (keys.add(key)) {
            complaints.add(new Complaint(line, fault));
        }
    }

    void addAll(Faults others) {
        complaints.addAll(others.complaints);
        keys.addAll(others.keys);
    }

    public boolean isEmpty() {
        return complaints.isEmpty();
    }

    /// Whether there is a complaint about the key, or about one that it lies below.
    boolean concern(String key) {
        return keys.contains(key) || keys.stream().anyMatch(each -> key.startsWith(each + "."));
    }

    /// All of them, in the order of the file's lines.
    public BadInput together() {
        return BadInput.all(complaints.stream().sorted(Comparator.comparingInt(Complaint::place)).map(Complaint::fault).toList());
    }
}
