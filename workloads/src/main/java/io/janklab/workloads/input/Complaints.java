package io.janklab.workloads.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Complaints about several inputs, gathered so that a user learns of all at once.
public final class Complaints {
    private final List<BadInput> found = new ArrayList<>();

    /// The result of `reader`; empty, and a complaint more, if its input is bad.
    public <T> Optional<T> about(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (BadInput e) {
            found.add(e);
            return Optional.empty();
        }
    }

    /// The same of what returns nothing.
    public void check(Runnable check) {
        about(() -> {
            check.run();
            return true;
        });
    }

    /// @throws BadInput with all complaints, in order, if there are any
    public void end() {
        if (!found.isEmpty()) {
            throw BadInput.all(found);
        }
    }
}
