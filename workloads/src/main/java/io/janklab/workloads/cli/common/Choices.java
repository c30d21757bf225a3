package io.janklab.workloads.cli.common;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.util.Iterator;
import java.util.List;

/// A shell's completions for the value of an option; picocli makes them for every command, so that they are looked up only when asked for.
public final class Choices {
    private Choices() {}

    public static final class Devices implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Device.CATALOGUE.names().iterator();
        }
    }

    public static final class Scenarios implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Scenario.CATALOGUE.names().iterator();
        }
    }

    public static final class Kernels implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return KernelProfile.labels().iterator();
        }
    }

    /// What `janklab show` shows.
    public static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("scenario", "device", "kernel", "litmus").iterator();
        }
    }

    public static final class Paces implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("1x", "10x", "max").iterator();
        }
    }

    /// The keys of `--set`, up to the value.
    public static final class Keys implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Scenario.keys().stream().filter(key -> !key.equals("description")).map(key -> key + "=").iterator();
        }
    }
}
