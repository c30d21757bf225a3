package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Storage;
import io.janklab.kernel.lock.FolioLocks;
import io.janklab.sim.Event;
import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;
import java.util.ArrayDeque;

/// The device that files are read from: each request takes a time drawn at random and ends in an interrupt that unlocks its folios (Linux
/// `folio_end_read`).
///
/// Requests do not wait for each other.
public final class BlockDevice {
    private final Simulation simulation;
    private final FolioLocks folioLocks;
    private Storage storage;
    private final RandomStream latency;
    private final ArrayDeque<Request> idle = new ArrayDeque<>();
    private int inFlight;

    /// One read; reused.
    private final class Request extends Event {
        @SuppressWarnings("NullAway.Init")
        int[] frames;

        Request() {
            super(simulation);
        }

        @Override
        protected void fire() {
            inFlight--;
            for (int frame : frames) {
                folioLocks.endIo(frame);
            }
            idle.push(this);
        }

        @Override
        public String toString() {
            return "io";
        }
    }

    BlockDevice(Simulation simulation, FolioLocks folioLocks, Storage storage) {
        this.simulation = simulation;
        this.folioLocks = folioLocks;
        this.storage = storage;
        this.latency = simulation.random("storage/latency");
    }

    /// From here on reads take as long as on `other`.
    public void use(Storage other) {
        storage = other;
    }

    /// Starts reading into folios that are locked for I/O (`submit_bio`).
    void read(int[] frames) {
        Request request = idle.isEmpty() ? new Request() : idle.pop();
        request.frames = frames;
        long takes = Math.round(latency.logNormal(storage.readMedianNs(), storage.readSigma())) + frames.length * storage.nsPerPage();
        request.schedule(simulation.now() + takes);
        inFlight++;
    }

    /// Requests not yet answered.
    public int inFlight() {
        return inFlight;
    }
}
