package io.janklab.workloads.host.sys;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.program.Region;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The kernel under this JVM: its release, and the profile that comes nearest to it.
public final class HostKernel {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    private static final int CAP_SYS_ADMIN = 21;

    private final String release;

    private HostKernel(String release) {
        this.release = release;
    }

    public static HostKernel current() {
        return new HostKernel(System.getProperty("os.version"));
    }

    /// Why programs cannot be compared on this host, in a plain sentence; null if they can.
    public @Nullable String obstacle() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "This host runs " + System.getProperty("os.name") + ", not Linux: there is no kernel to compare with.";
        }
        if (findArchitecture() == null) {
            return "This host is a " + System.getProperty("os.arch") + " machine; only x86-64 and arm64 are known here.";
        }
        if (findProfile(release, architecture()) == null) {
            return "This host's Linux " + release + " is older than every simulated kernel.";
        }
        if (pageBytes() != Region.PAGE) {
            return "This host's pages are of " + pageBytes() + " bytes; only pages of " + Region.PAGE + " bytes are simulated.";
        }
        return HostFiles.hasCapability(CAP_SYS_ADMIN)
                ? null
                : "Only root may see page frame numbers, by which the zero page is recognised.";
    }

    /// `getpagesize(3)`.
    private static long pageBytes() {
        try {
            return (int) Linker.nativeLinker()
                    .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("getpagesize"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT))
                    .invokeExact();
        } catch (Throwable t) {
            throw new IllegalStateException("a downcall throws nothing", t);
        }
    }

    public String release() {
        return release;
    }

    /// Of a host without [#obstacle].
    public Architecture architecture() {
        return Objects.requireNonNull(findArchitecture());
    }

    /// Null if it is none that is simulated.
    private static @Nullable Architecture findArchitecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> Architecture.X86_64;
            case "aarch64" -> Architecture.ARM64;
            default -> null;
        };
    }

    /// The profile of the host's series, or of the newest version that is not newer than the host, if that has no [#obstacle].
    public KernelProfile profile() {
        return Objects.requireNonNull(findProfile(release, architecture()));
    }

    /// The same for any release; null if every version is newer.
    public static @Nullable KernelProfile findProfile(String release, Architecture architecture) {
        Matcher parts = VERSION.matcher(release);
        KernelProfile own = parts.matches() ? KernelProfile.bySeries(parts.group(1) + "." + parts.group(2), architecture) : null;
        KernelVersion nearest = nearest(release);
        return own != null ? own : nearest == null ? null : KernelProfile.of(nearest, architecture);
    }

    /// The newest version that is not newer than that; null if all are.
    public static @Nullable KernelVersion nearest(String release) {
        KernelVersion nearest = null;
        for (KernelVersion version : KernelVersion.values()) {
            if (number(version.label()) <= number(release)) {
                nearest = version;
            }
        }
        return nearest;
    }

    private static int number(String version) {
        Matcher parts = VERSION.matcher(version);
        return parts.matches() ? Integer.parseInt(parts.group(1)) * 1000 + Integer.parseInt(parts.group(2)) : 0;
    }
}
