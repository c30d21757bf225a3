package io.janklab.workloads.sweep;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.program.Nearest;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which kernel the user may have meant: of a version the nearest by number, of any other name the nearest by spelling.
final class KernelHint {
    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,3})\\.(\\d{1,3})(\\.\\d+)?");
    private static final int MINORS = 1000;

    private KernelHint() {}

    static String of(String name) {
        Matcher version = VERSION.matcher(name);
        if (!version.matches()) {
            return Nearest.hint(name, KernelProfile.labels());
        }
        int wanted = number(version);
        String nearest = Stream.of(KernelVersion.values()).map(KernelVersion::label)
                .min(Comparator.comparingInt(label -> Math.abs(number(label) - wanted))).orElseThrow();
        return " (did you mean '" + nearest + "'?)";
    }

    private static int number(String label) {
        Matcher version = VERSION.matcher(label);
        version.matches();
        return number(version);
    }

    private static int number(Matcher version) {
        return Integer.parseInt(version.group(1)) * MINORS + Integer.parseInt(version.group(2));
    }
}
