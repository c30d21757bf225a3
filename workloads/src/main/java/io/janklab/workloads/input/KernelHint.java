package io.janklab.workloads.input;

import io.janklab.kernel.config.AndroidKernel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.program.Nearest;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which kernel the user may have meant: of a version the nearest by number, of one that is too old Android's or the oldest, of any other
/// name the nearest by spelling.
public final class KernelHint {
    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,3})\\.(\\d{1,3})(\\.\\d+)?");
    private static final int MINORS = 1000;

    private KernelHint() {}

    /// ` (did you mean 'x'?)`, or nothing if no known kernel comes near.
    public static String of(String name) {
        Matcher version = VERSION.matcher(name);
        if (!version.matches()) {
            return Nearest.hint(name, KernelProfile.labels());
        }
        int wanted = number(version);
        String oldest = KernelVersion.values()[0].label();
        if (wanted < number(oldest)) {
            return android(version.group(1) + "." + version.group(2), oldest);
        }
        String nearest = Stream.of(KernelVersion.values()).map(KernelVersion::label)
                .min(Comparator.comparingInt(label -> Math.abs(number(label) - wanted))).orElseThrow();
        return " (did you mean '" + nearest + "'?)";
    }

    /// Of versions older than any mainline's here there are Android's only.
    private static String android(String version, String oldest) {
        return Stream.of(AndroidKernel.values()).map(AndroidKernel::label).filter(label -> label.endsWith("-" + version)).findFirst()
                .map(label -> " (did you mean '" + label + "' or '" + oldest + "'?)")
                .orElse(" (the oldest are " + AndroidKernel.values()[0].label() + " and " + oldest + ")");
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
