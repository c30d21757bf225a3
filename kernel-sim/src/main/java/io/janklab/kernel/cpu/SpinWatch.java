package io.janklab.kernel.cpu;

import java.util.Arrays;

/// The tasks that spin only as long as another one runs (`owner_on_cpu`): each is kicked when the other leaves its core.
public final class SpinWatch {
    /// A task that spins until another one leaves its core.
    public interface Spinner {
        /// What it waits for has changed.
        void kick();
    }

    private Spinner[] spinners = new Spinner[2];
    private int count;

    SpinWatch() {}

    public void add(Spinner spinner) {
        if (count == spinners.length) {
            spinners = Arrays.copyOf(spinners, count * 2);
        }
        spinners[count++] = spinner;
    }

    /// Does nothing if `spinner` does not watch.
    public void remove(Spinner spinner) {
        for (int i = 0; i < count; i++) {
            if (spinners[i] == spinner) {
                spinners[i] = spinners[--count];
                spinners[count] = null;
                return;
            }
        }
    }

    void ownerLeftCpu() {
        for (int i = 0; i < count; i++) {
            spinners[i].kick();
        }
    }
}
